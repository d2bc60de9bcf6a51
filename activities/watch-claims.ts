import { Context } from '@temporalio/activity';
import type { WatchRules } from '../config/watch.ts';
import type { ClaimNumber } from '../domain/ids.ts';
import type { ClaimRuns, SeenRun } from '../providers/ports.ts';
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
   * Looks at every claim; with `all` has each that runs compare itself with the records. Gives the
   * milliseconds until the next look.
   */
  watchClaims(of: { all: boolean }): Promise<number>;
}

export interface WatchParts {
  database: Database;
  runs: ClaimRuns;
  restore: RestoreClaim;
}

export const watchActivities = (parts: WatchParts, rules: WatchRules): WatchActivities => ({
  watchClaims: (of) => watchClaims(parts, rules, of, stillAlive),
});

/** A worker that stops leaves the look to another one. */
function stillAlive(): void {
  const { cancellationSignal, heartbeat } = Context.current();
  if (cancellationSignal.aborted) throw new Error('This worker stops');
  heartbeat();
}

const pageSize = 1_000;

/**
 * Finds claims that are not well, shows them to operations, and makes them well: an open claim without a run
 * is taken up, after what the records lack was put back; a claim whose run does not agree with the records is
 * asked to compare itself. With `all` every claim that runs is asked to, and of what has ended the records
 * get what they lack. One claim's fault holds up no other. `alive` is called all the while.
 */
export async function watchClaims(
  parts: WatchParts,
  rules: WatchRules,
  { all }: { all: boolean },
  alive: () => void,
): Promise<number> {
  const { database, runs } = parts;
  const running = new Map<ClaimNumber, SeenRun>();
  for await (const run of runs.running()) running.set(run.claim, run);
  const asked = all ? [...running.keys()] : [];
  const found = await unwellAmong(parts, running);
  await keepUnwell(database, found);
  const toCompare = new Set([
    ...found.filter(({ kind }) => kind !== 'not-running').map(({ claim }) => claim),
    ...asked,
  ]);
  await each([...toCompare], rules.atOnce, alive, (claim) => runs.compare(claim).catch(() => undefined));
  const lost = found.filter(({ kind }) => kind === 'not-running').map(({ claim }) => claim);
  if (all) for await (const claim of endedUnknown(parts, alive)) lost.push(claim);
  let taken = 0;
  await each([...new Set(lost)], rules.atOnce, alive, async (claim) => {
    if (taken < rules.takenUpALook && (await isTakenUp(parts, claim))) taken += 1;
  });
  if (taken >= rules.takenUpALook) return continueMs;
  // Soon again, so that operations see that it is well.
  return found.length + taken > 0 ? rules.lookAgainMs : rules.lookEveryMs;
}

/** There are more. */
const continueMs = 1_000;

/** Claims that have ended and of which the records, after a restore, know less than Temporal. */
async function* endedUnknown({ database, runs }: WatchParts, alive: () => void): AsyncGenerator<ClaimNumber> {
  for await (const page of inPages(runs.ended())) {
    alive();
    const known = await knownAmong(
      database,
      page.map(({ claim }) => claim),
    );
    yield* page
      .filter(({ claim, head }) => seqOf(head) > (known.get(claim)?.seq ?? -1))
      .map(({ claim }) => claim);
  }
}

async function* inPages<T>(all: AsyncIterable<T>): AsyncGenerator<T[]> {
  let page: T[] = [];
  for await (const one of all) {
    page.push(one);
    if (page.length < pageSize) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** The number of the last entry; 0 where a run shows no head. */
const seqOf = (head: string | undefined): number => Number(head?.split(':')[0] ?? 0);

/** Takes all of `running` out that is open in the records. */
async function unwellAmong(
  { database, runs }: WatchParts,
  running: Map<ClaimNumber, SeenRun>,
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
      const isClosed = known.get(claim)?.isClosed;
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

function standingOf({ seq, owner }: OpenClaim, { run, head }: SeenRun): Unwell['kind'] | undefined {
  if (seqOf(head) > seq) return 'ahead';
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
  alive: () => void,
  act: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = all.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const one of waiting) {
        alive();
        await act(one);
      }
    }),
  );
}
