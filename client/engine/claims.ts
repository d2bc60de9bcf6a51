import type { NoticeOfLoss } from '../../domain/claim/notice.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import type { ActName } from '../../domain/claim/acts.ts';
import type { ReportName } from '../../domain/claim/reports.ts';
import type { ActAnswer } from '../../workflows/contract.ts';
import { act, actAnew, report, reportAnew, type SignedMessage } from './act.ts';
import { openEngine, type Engine, type EngineOptions, type Gone } from './engine.ts';
import { isInvalid, unavailable, type Unavailable } from './faults.ts';
import { file, type Filing, type FilingOptions } from './file.ts';
import { isReachable, loadOf, runsBegunBy, stateOf, type Load, type StateAnswer } from './look.ts';
import { blockedClaims, type BlockedPage } from './blocked-claims.ts';
import { lookAtAll, resume } from './resume.ts';
import { runHeads } from './run-heads.ts';
import { takingTurns } from './turns.ts';

/** Every use of the engine. Outcomes are values; a thrown error is a fault of ours. */
export interface Claims {
  /** The same source and reference is the same claim, no matter how often and from where it is filed. */
  file(notice: NoticeOfLoss, options?: FilingOptions): Promise<Filing>;
  /** A person's act. An act that was not accepted is sent again, and counts once. */
  act(claim: ClaimNumber, name: ActName, message: SignedMessage): Promise<ActAnswer | Gone | Unavailable>;
  /** The same for a claim that has ended or was lost: it is taken up from the records. */
  actAnew(claim: ClaimNumber, name: ActName, message: SignedMessage): Promise<ActAnswer | Unavailable>;
  /** A report. It counts once, because a repeat has the same id. */
  report(
    claim: ClaimNumber,
    name: ReportName,
    message: SignedMessage,
  ): Promise<{ kind: 'sent' } | Gone | Unavailable>;
  /** The same for a claim that has ended: it is taken up from the records. */
  reportAnew(
    claim: ClaimNumber,
    name: ReportName,
    message: SignedMessage,
  ): Promise<{ kind: 'sent' } | Unavailable>;
  /**
   * Takes up a claim that nothing runs; one that runs is asked to compare itself with the records. `unknown`:
   * the engine has never known it, and the records have no journal of it (`isOnRecord`).
   */
  resume(
    claim: ClaimNumber,
    isOnRecord: boolean,
  ): Promise<{ kind: 'taken-up' | 'running' | 'unknown' } | Unavailable>;
  /** Has every claim looked at, and compared with the records. */
  lookAtAll(): Promise<{ kind: 'asked' } | Unavailable>;
  /** The state as the workflow has it. Waits a few seconds for a claim that was filed just now. */
  state(claim: ClaimNumber): Promise<StateAnswer>;
  /**
   * Blocked claims that run, and the problem of each. The engine lists them, so this also works while the
   * records are down. One page: the first, or the one after the page whose `next` is given.
   */
  blocked(
    after?: string,
  ): Promise<({ kind: 'known' } & BlockedPage) | { kind: 'no-such-page' } | Unavailable>;
  /** Runs of all claims, or of one, that Temporal knows, one page; with the heads that they stored last. */
  runs(of: Parameters<typeof runHeads>[1]): ReturnType<typeof runHeads>;
  /**
   * How many runs of claims began by `moment`: open ones, and those whose histories are kept. Null if the
   * engine does not answer.
   */
  runsBegunBy(moment: Date): Promise<number | null>;
  isReachable(): Promise<boolean>;
  /** How many workers poll for tasks of claims, and how many tasks wait for a worker. */
  load(): Promise<Load>;
  close(): Promise<void>;
}

/** Connects when first used, so that the API starts while the engine is down. */
export function connectClaims(options: EngineOptions): Claims {
  const engine = openEngine(options);
  const inTurn = takingTurns();
  return {
    file: (notice, given) => file(engine, notice, given),
    act: (claim, name, payload) => inTurn(claim, () => act(engine, claim, name, payload)),
    actAnew: (claim, name, payload) => inTurn(claim, () => actAnew(engine, claim, name, payload)),
    report: (claim, name, payload) => report(engine, claim, name, payload),
    reportAnew: (claim, name, payload) => reportAnew(engine, claim, name, payload),
    resume: (claim, isOnRecord) => resume(engine, claim, isOnRecord),
    lookAtAll: () => lookAtAll(engine),
    state: (claim) => stateOf(engine, claim),
    blocked: (after) => standingStill(engine, after),
    runs: (of) => runHeads(engine, of),
    runsBegunBy: (moment) => runsBegunBy(engine, moment),
    isReachable: () => isReachable(engine),
    load: () => loadOf(engine),
    close: () => engine.close(),
  };
}

async function standingStill(
  { client, namespace, within, actWithinMs }: Engine,
  after?: string,
): ReturnType<Claims['blocked']> {
  try {
    const page = await within(Date.now() + actWithinMs, () => blockedClaims(client, namespace, after));
    return { kind: 'known', ...page };
  } catch (fault) {
    // The engine has restarted on another store, say; it does not read its own token any more.
    return after !== undefined && isInvalid(fault) ? { kind: 'no-such-page' } : unavailable(fault);
  }
}
