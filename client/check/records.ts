import { createHash, type KeyObject } from 'node:crypto';
import type { RecordsCheckSettings } from '../../config/records-check.ts';
import { dayIn } from '../../config/today.ts';
import type { SignedBy } from '../../domain/claim/signed-entries.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import { historyOf, overreachIn, type AuthorityHistory } from '../../domain/people/past-authority.ts';
import { beforeAll, type ChainEnd } from '../../security/journal-chain.ts';
import { checkProof } from '../../security/signing.ts';
import type { Api } from '../own-api/api.ts';
import { ApiFailure } from '../own-api/failure.ts';
import type { ClaimRun, Finding, KnownClaim, StoredRow } from '../own-api/schemas/record-checks.ts';
import type { HistoryFault } from '../own-api/schemas/records.ts';
import type { Anchors, Head } from './anchor-files.ts';
import { finding } from './findings.ts';
import { checkedAfter, checkedWhole, type CheckedJournal } from './journal.ts';

export type RecordsApi = Pick<
  Api,
  | 'authority'
  | 'comparedPolicies'
  | 'knownClaims'
  | 'knownClaim'
  | 'entriesAfter'
  | 'hashesOf'
  | 'linesOf'
  | 'runs'
  | 'runsOf'
>;

export interface Checking {
  api: RecordsApi;
  /** The public root keys here, which say what was signed. */
  roots: readonly KeyObject[];
  anchors: Pick<Anchors, 'heads' | 'accepted' | 'findings'>;
  settings: RecordsCheckSettings;
  now: Date;
  /**
   * `new`: what was stored since the last signed file. `nightly`: also a share of the older journals from
   * their first entry, so that all are read again in `everyDays`, and what Temporal knows. `all`: everything.
   */
  scope: 'new' | 'nightly' | 'all';
  /** Called after each page of claims. */
  progress?(read: { claims: number; entries: number }): void;
}

export interface Checked {
  claims: number;
  /** Entries that were read. */
  entries: number;
  seconds: number;
  findings: Finding[];
  /** The ends of journals that are good, and that the last signed file does not have. */
  heads: Head[];
  /** Claims of the signed files whose journals were deleted rightly since. */
  gone: ClaimNumber[];
}

/** Of one answer. */
const entriesAtOnce = 1000;
const linesAtOnce = 100;

/**
 * Checks the records of all claims against the proofs in them, the last signed heads, and Temporal. Reads
 * page by page; keeps in memory the last signed head of each claim, and no journal.
 */
export async function checkRecords(checking: Checking): Promise<Checked> {
  const beganMs = performance.now();
  const check = new Check(checking);
  const running = checking.scope === 'new' ? undefined : await check.temporal();
  await check.authority();
  await check.policies();
  await check.journals(running);
  await check.deleted();
  return { ...check.result(), seconds: (performance.now() - beganMs) / 1000 };
}

/** Checks one claim, whole: its journal, its last signed head, and what Temporal knows of it. */
export async function checkClaim(checking: Checking, claim: ClaimNumber): Promise<Checked> {
  const beganMs = performance.now();
  const check = new Check({ ...checking, scope: 'all' });
  const runs = await checking.api.runsOf(claim);
  await check.ofRuns(runs);
  await check.authority(claim);
  await check.page(
    await checking.api.knownClaim(claim),
    new Set(runs.filter(({ isRunning }) => isRunning).map((run) => run.claim)),
  );
  await check.confirm();
  await check.deleted(claim);
  return { ...check.result(), seconds: (performance.now() - beganMs) / 1000 };
}

/** A journal that is to be read after an entry; `later` is what was read of it already. */
interface ToRead {
  claim: ClaimNumber;
  after: ChainEnd;
  head: ChainEnd;
  later?: readonly StoredRow[];
}

const pastHistory = {
  gap: 'has a history with a gap: lines of it were deleted, or a change was not recorded',
  differs: 'is not what its last recorded change made it',
};

class Check {
  readonly #checking: Checking;
  readonly #signedBy: SignedBy;
  readonly #found = new Map<string, Finding>();
  readonly #heads: Head[] = [];
  readonly #gone: ClaimNumber[] = [];
  /** Claims that the signed files have, and the records too. */
  readonly #there = new Set<ClaimNumber>();
  /** Claims without a journal, with the tables or programs that know them. */
  readonly #without = new Map<ClaimNumber, string[]>();
  readonly #notRunning: ClaimNumber[] = [];
  #history: AuthorityHistory = historyOf({ changes: [], units: [] }, dayIn);
  #claims = 0;
  #entries = 0;

  constructor(checking: Checking) {
    this.#checking = checking;
    this.#signedBy = (proof) => checkProof(checking.roots, proof);
    for (const each of checking.anchors.findings) this.#find(each);
  }

  result(): Omit<Checked, 'seconds'> {
    return {
      claims: this.#claims,
      entries: this.#entries,
      findings: [...this.#found.values()],
      heads: this.#heads,
      gone: this.#gone,
    };
  }

  /** Of one claim the first finding of a kind counts: others follow from it. */
  #find(found: Finding): void {
    const key = found.claim === undefined ? found.what : `${found.kind} ${found.claim}`;
    if (!this.#found.has(key)) this.#found.set(key, found);
  }

  /**
   * Reads what everybody was allowed and when. People who were changed past their history are findings of a
   * check of all claims.
   */
  async authority(only?: ClaimNumber): Promise<void> {
    const { changes, units, faults } = await this.#checking.api.authority();
    this.#history = historyOf({ changes, units }, dayIn);
    if (only !== undefined) return;
    this.#pastHistory(faults);
  }

  /** Policies that were changed past their history: claims were paid by them. */
  async policies(): Promise<void> {
    if (this.#checking.scope === 'new') return;
    for await (const { faults } of this.#checking.api.comparedPolicies()) this.#pastHistory(faults);
  }

  #pastHistory(faults: readonly HistoryFault[]): void {
    for (const { kind, of, what } of faults)
      this.#find(finding('authority', {}, `The ${kind} ${of} ${pastHistory[what]}`));
  }

  /** The heads that Temporal has must be in the journals. Gives the claims that run, where it answers. */
  async temporal(): Promise<Set<ClaimNumber> | undefined> {
    const running = new Set<ClaimNumber>();
    try {
      for await (const runs of this.#checking.api.runs()) {
        for (const { claim, isRunning } of runs) if (isRunning) running.add(claim);
        await this.ofRuns(runs);
      }
      return running;
    } catch (fault) {
      if (!(fault instanceof ApiFailure) || fault.problem.status !== 503) throw fault;
      this.#find(finding('unchecked', {}, 'Temporal does not answer, so nothing was compared with it'));
      return undefined;
    }
  }

  async ofRuns(runs: readonly ClaimRun[]): Promise<void> {
    const { accepted } = this.#checking.anchors;
    const known = runs.flatMap(({ claim, isRunning, head = '' }) => {
      if (!isRunning && accepted.has(claim)) return [];
      const [, seq, hash] = /^(\d{1,9}):([0-9a-f]{32})$/.exec(head) ?? [];
      return seq === undefined || hash === undefined ? [] : [{ claim, seq: Number(seq), hash }];
    });
    if (known.length === 0) return;
    // Asked after Temporal has answered: what it knows was stored before.
    const stored = await this.#checking.api.hashesOf(known.map(({ claim, seq }) => ({ claim, seq })));
    for (const [index, { claim, seq, hash }] of known.entries()) {
      const there = stored[index] ?? null;
      if (there === null) await this.#lost(claim, seq);
      else if (!there.startsWith(hash))
        this.#find(
          finding(
            'changed',
            { claim, entry: seq },
            `Temporal has another hash of entry ${seq}: it, or one before it, was changed, ` +
              'and all hashes were computed anew',
          ),
        );
    }
  }

  async #lost(claim: ClaimNumber, seq: number): Promise<void> {
    const [first] = await this.#checking.api.hashesOf([{ claim, seq: 1 }]);
    if (first === null) this.#knows(claim, 'Temporal');
    else
      this.#find(
        finding(
          'cut',
          { claim, entry: seq },
          `Temporal knows entry ${seq} as stored, and the journal ends before it`,
        ),
      );
  }

  #knows(claim: ClaimNumber, ...by: string[]): void {
    const known = this.#without.get(claim) ?? [];
    this.#without.set(claim, [...known, ...by.filter((each) => !known.includes(each))]);
  }

  async journals(running: Set<ClaimNumber> | undefined): Promise<void> {
    for await (const page of this.#checking.api.knownClaims()) {
      await this.page(page, running);
      this.#checking.progress?.({ claims: this.#claims, entries: this.#entries });
    }
    await this.confirm();
  }

  async page(page: readonly KnownClaim[], running: Set<ClaimNumber> | undefined): Promise<void> {
    await this.#inBatches(page.flatMap((known) => this.#toRead(known, running)));
  }

  async #inBatches(toRead: readonly ToRead[]): Promise<void> {
    let batch: ToRead[] = [];
    let size = 0;
    for (const each of toRead) {
      const entries = each.head.seq - each.after.seq;
      if (batch.length > 0 && size + entries > entriesAtOnce) {
        await this.#read(batch);
        [batch, size] = [[], 0];
      }
      batch.push(each);
      size += entries;
    }
    await this.#read(batch);
  }

  /** Looks at a claim as the records know it; gives what must be read of it. */
  #toRead(known: KnownClaim, running: Set<ClaimNumber> | undefined): ToRead[] {
    const { claim, head, shown, knownBy, since } = known;
    const { anchors, settings, now, scope } = this.#checking;
    const isSettled = (at: string | null): boolean =>
      at === null || Date.parse(at) < now.getTime() - settings.graceMinutes * 60_000;
    if (!head) {
      if (isSettled(since)) this.#knows(claim, ...knownBy);
      return [];
    }
    this.#claims += 1;
    this.#there.add(claim);
    if (shown?.seq !== head.seq)
      this.#find(
        finding(
          'read model',
          { claim },
          shown
            ? `The read model stands at entry ${shown.seq}, and the journal ends with ${head.seq}`
            : 'The read model does not have the claim',
        ),
      );
    if (shown?.isOpen && running && !running.has(claim) && isSettled(head.at)) this.#notRunning.push(claim);
    const anchored = anchors.heads.get(claim);
    const isWhole = scope === 'all' || (scope === 'nightly' && isOfToday(claim, settings, now));
    const isSame = anchored?.seq === head.seq && anchored.hash === head.hash;
    if (isSame && !isWhole) return [];
    const isLater = anchored !== undefined && head.seq > anchored.seq;
    return [{ claim, after: isLater && !isWhole ? anchored : beforeAll, head }];
  }

  async #read(batch: readonly ToRead[]): Promise<void> {
    if (batch.length === 0) return;
    const rows = await this.#rowsOf(batch);
    const again: ToRead[] = [];
    for (const each of batch) {
      const fresh = rows.get(each.claim) ?? [];
      const own = [...fresh, ...(each.later ?? [])];
      this.#entries += fresh.length;
      const checked = this.#checked(each, own);
      if (checked.kind === 'read whole') again.push({ ...each, after: beforeAll, later: own });
      else if (checked.kind === 'wrong') this.#find(checked.finding);
      else this.#good(each.claim, checked);
    }
    if (again.length > 0) await this.#inBatches(again);
  }

  #checked({ claim, after, head }: ToRead, rows: readonly StoredRow[]): CheckedJournal {
    const { heads, accepted } = this.#checking.anchors;
    const known = { anchored: heads.get(claim), accepted: accepted.get(claim) };
    try {
      const checked =
        after.seq > 0
          ? checkedAfter(claim, after, rows, this.#signedBy)
          : checkedWhole(claim, rows, known, this.#signedBy);
      if (checked.kind === 'good' && checked.end.seq < head.seq)
        return {
          kind: 'wrong',
          finding: finding(
            'cut',
            { claim, entry: checked.end.seq + 1 },
            `Entry ${head.seq} was there a moment ago, and is not any more`,
          ),
        };
      return checked;
    } catch (fault) {
      const why = fault instanceof Error ? fault.message : String(fault);
      return { kind: 'wrong', finding: finding('unchecked', { claim }, `It cannot be checked: ${why}`) };
    }
  }

  /** It is good as a journal; who signed it may have had less authority than they signed with. */
  #good(claim: ClaimNumber, { end, entries }: { end: ChainEnd; entries: readonly JournalEntry[] }): void {
    const over = overreachIn(entries, this.#history);
    if (over) this.#find(finding('authority', { claim, entry: over.seq }, over.why));
    if (this.#checking.anchors.heads.get(claim)?.hash !== end.hash) this.#heads.push({ claim, ...end });
  }

  /** An answer has a limited number of entries of each claim. */
  async #rowsOf(batch: readonly ToRead[]): Promise<Map<ClaimNumber, StoredRow[]>> {
    const rows = new Map<ClaimNumber, StoredRow[]>();
    let asked = batch.map(({ claim, after, head, later }) => ({
      claim,
      after: after.seq,
      upTo: later?.[0] ? later[0].seq - 1 : head.seq,
    }));
    while (asked.length > 0) {
      for (const row of await this.#checking.api.entriesAfter(asked)) {
        const own = rows.get(row.claim) ?? [];
        own.push(row);
        rows.set(row.claim, own);
      }
      asked = asked.flatMap(({ claim, after, upTo }) => {
        const last = rows.get(claim)?.at(-1)?.seq ?? 0;
        return last > after && last < upTo ? [{ claim, after: last, upTo }] : [];
      });
    }
    return rows;
  }

  /** A claim that closed, or was taken up, since Temporal's list was read is not amiss. */
  async confirm(): Promise<void> {
    const { api } = this.#checking;
    for (const claim of this.#notRunning) {
      const [[known], runs] = [await api.knownClaim(claim), await api.runsOf(claim)];
      if (known?.shown?.isOpen && !runs.some(({ isRunning }) => isRunning))
        this.#find(
          finding('not running', { claim }, 'The records have the claim open, and Temporal does not run it'),
        );
    }
  }

  /**
   * Journals that are gone: a signed act of deletion is no finding, anything else is. `only`: of one claim.
   */
  async deleted(only?: ClaimNumber): Promise<void> {
    for (const claim of this.#checking.anchors.heads.keys())
      if (!this.#there.has(claim) && (only === undefined || claim === only))
        this.#knows(claim, 'the signed files');
    const gone = [...this.#without.keys()];
    for (let from = 0; from < gone.length; from += linesAtOnce) {
      const some = gone.slice(from, from + linesAtOnce);
      const lines = await this.#checking.api.linesOf(some);
      const retired = new Set(lines.filter((line) => this.#isRetiring(line)).map(({ claim }) => claim));
      for (const claim of some) {
        if (!retired.has(claim))
          this.#find(
            finding(
              'deleted',
              { claim },
              'It has no journal, and nobody deleted it by a signed act; ' +
                `known by: ${this.#without.get(claim)?.join(', ')}`,
            ),
          );
        else if (this.#checking.anchors.heads.has(claim)) this.#gone.push(claim);
      }
    }
  }

  #isRetiring({ claim, act, proof }: { claim: ClaimNumber; act: string; proof: unknown }): boolean {
    if (act !== retiring) return false;
    const checked = checkProof(this.#checking.roots, proof);
    return (
      checked.kind === 'genuine' &&
      checked.statement.act === retiring &&
      checked.statement.claim === claim &&
      endsAsAnchored(checked.statement.fields, this.#checking.anchors.heads.get(claim))
    );
  }
}

/** The signed act names the head of the journal that it deleted: nothing may have been cut before. */
function endsAsAnchored(fields: object, anchored: ChainEnd | undefined): boolean {
  const text = 'head' in fields && typeof fields.head === 'string' ? fields.head : '';
  const [, seq = '', hash] = /^(\d{1,9}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (hash === undefined) return false;
  if (!anchored) return true;
  return Number(seq) > anchored.seq || (Number(seq) === anchored.seq && hash === anchored.hash);
}

/** The signed act by which a claim is deleted after its time. */
const retiring = 'retire-claim';

/** Each journal has its night. */
export function isOfToday(
  claim: ClaimNumber,
  { everyDays }: Pick<RecordsCheckSettings, 'everyDays'>,
  now: Date,
): boolean {
  const share = createHash('sha256').update(claim).digest().readUInt32BE(0) % everyDays;
  return share === Math.floor(now.getTime() / 86_400_000) % everyDays;
}
