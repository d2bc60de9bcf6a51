import { Context } from '@temporalio/activity';
import type { WatchRules } from '../config/watch.ts';
import type { ClaimNumber } from '../domain/ids.ts';
import type { ClaimRuns, RunningRun } from '../providers/ports.ts';
import { storedClaim } from '../records/claims/stored-claim.ts';
import {
  keepUnwell,
  keepUnwellOne,
  knownAmong,
  openClaims,
  type OpenClaim,
  type Unwell,
} from '../records/claims/watch.ts';
import type { Database } from '../records/database.ts';
import type { RestoreClaim } from './put-back/put-back.ts';

export interface WatchActivities {
  /**
   * Looks at every claim; with `all` has each that runs compare itself. Gives the milliseconds until the next
   * look.
   */
  watchClaims(of: { all: boolean }): Promise<number>;
}

export interface WatchParts {
  database: Database;
  runs: ClaimRuns;
  restore: RestoreClaim;
}

export const watchActivities = (parts: WatchParts, rules: WatchRules): WatchActivities => ({
  watchClaims: (of) => watchClaims(parts, rules, of, () => Context.current().cancellationSignal.aborted),
});

/** Well under the time that the activity has: the next look continues with the others. */
const longestMs = 2 * 60_000;
const continueMs = 1_000;
const pageSize = 1_000;

/**
 * Finds claims that are not well, shows them to operations, and makes them well: an open claim without a run
 * is taken up, after what the records lack was put back; a claim whose run does not agree with the records is
 * asked to compare itself. One claim's fault holds up no other.
 */
export async function watchClaims(
  parts: WatchParts,
  rules: WatchRules,
  { all }: { all: boolean },
  isStopping = (): boolean => false,
): Promise<number> {
  const { database, runs } = parts;
  const began = Date.now();
  const running = new Map<ClaimNumber, RunningRun>();
  for await (const run of runs.running()) running.set(run.claim, run);
  const asked = all ? [...running.keys()] : [];
  const found = await unwellAmong(parts, running);
  const lost = found.filter(({ kind }) => kind === 'not-running');
  await keepUnwell(database, found);
  const toCompare = new Set([
    ...found.filter(({ kind }) => kind !== 'not-running').map(({ claim }) => claim),
    ...asked,
  ]);
  const isOver = (): boolean => isStopping() || Date.now() > began + longestMs;
  await each([...toCompare], rules.atOnce, isOver, (claim) => runs.compare(claim).catch(() => undefined));
  let taken = 0;
  const isEnough = (): boolean => isOver() || taken >= rules.takenUpALook;
  await each(lost, rules.atOnce, isEnough, async ({ claim }) => {
    if (await isTakenUp(parts, claim)) taken += 1;
  });
  if (isEnough()) return continueMs;
  return taken > 0 ? rules.lookAgainMs : rules.lookEveryMs;
}

/** Takes all of `running` out that is open in the records. */
async function unwellAmong(
  { database, runs }: WatchParts,
  running: Map<ClaimNumber, RunningRun>,
): Promise<Unwell[]> {
  const found: Unwell[] = [];
  for (let after: ClaimNumber | undefined = ''; after !== undefined;) {
    const page: OpenClaim[] = await openClaims(database, after, pageSize);
    for (const open of page) {
      const run = running.get(open.claim);
      running.delete(open.claim);
      const kind = run ? standingOf(open, run) : await notRunning(runs, open.claim);
      if (kind) found.push({ claim: open.claim, kind });
    }
    after = page.length === pageSize ? page.at(-1)?.claim : undefined;
  }
  const others = [...running.values()];
  for (let from = 0; from < others.length; from += pageSize) {
    const page = others.slice(from, from + pageSize);
    const known = await knownAmong(
      database,
      page.map(({ claim }) => claim),
    );
    for (const { claim, head, startedAt } of page) {
      const isClosed = known.get(claim) === 'closed';
      // One that shows no head is being opened; one that has closed just now is about to end.
      if (
        isClosed ? startedAt.getTime() < Date.now() - endsWithinMs : !known.has(claim) && head !== undefined
      )
        found.push({ claim, kind: isClosed ? 'no-owner' : 'unknown' });
    }
  }
  return found;
}

const endsWithinMs = 60_000;

function standingOf({ seq, owner }: OpenClaim, { run, head }: RunningRun): Unwell['kind'] | undefined {
  if (Number(head?.split(':')[0] ?? 0) > seq) return 'ahead';
  return owner === run ? undefined : 'no-owner';
}

/** The engine lists a claim that was started just now a moment later, but it knows it. */
async function notRunning(runs: ClaimRuns, claim: ClaimNumber): Promise<'not-running' | undefined> {
  return (await runs.newest(claim))?.isRunning ? undefined : 'not-running';
}

/** False where it stays as it is, and operations see why. */
async function isTakenUp({ database, runs, restore }: WatchParts, claim: ClaimNumber): Promise<boolean> {
  const stays = (kind: 'journal' | 'fault', detail: string): Promise<false> =>
    keepUnwellOne(database, { claim, kind, detail }).then(() => false);
  try {
    const restored = await restore(claim);
    if (restored.kind === 'broken') return await stays('journal', `broken at entry ${restored.at}`);
    if (restored.kind === 'missing')
      return await stays('journal', `lacks entries ${restored.from} to ${restored.to}`);
    // It may have closed since the backup that the records came from.
    if (!(await storedClaim(database, claim))?.outcome) await runs.takeUp(claim);
    return true;
  } catch (fault) {
    return stays('fault', inOneLine(fault));
  }
}

const inOneLine = (fault: unknown): string =>
  (fault instanceof Error ? fault.message : String(fault)).split('\n')[0]?.slice(0, 300) ?? '';

/** A few at a time, in order. */
async function each<T>(
  all: readonly T[],
  atOnce: number,
  isOver: () => boolean,
  act: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = all.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const one of waiting) {
        if (isOver()) return;
        await act(one);
      }
    }),
  );
}
