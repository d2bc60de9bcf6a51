import { setTimeout as sleep } from 'node:timers/promises';
import { importLimits } from '../../../config/import-limits.ts';

/** How fast an import may run, and when it must end. */
export interface Pace {
  /** Tasks of claims that wait for a worker; undefined when the number is unknown. */
  waitingTasks(): Promise<number | undefined>;
  waits(because: string): void;
  /** Aborted to end the import: requests that have begun are finished. */
  stop: AbortSignal;
  /** Simultaneous requests, where they are others than those of claims. */
  atOnce?: number;
}

/** For requests that give the claims' workers nothing to do. */
export const withoutBacklog = { waitingTasks: (): Promise<undefined> => Promise.resolve(undefined) };

/** There is no answer, or not now. `broken`: the answer says that Lipei failed. */
export interface Unavailable {
  kind: 'unavailable';
  why: string;
  broken?: true;
}

/**
 * Calls `act` for each, several at once, and takes the next only while the claims' workers keep up. Ends
 * early when `stop` is aborted. Throws the first fault of `act`. Calls that have begun are finished first.
 */
export async function forEachPaced<T>(
  all: AsyncIterable<T>,
  pace: Pace,
  act: (one: T) => Promise<void>,
): Promise<void> {
  const failing = new AbortController();
  const stop = AbortSignal.any([pace.stop, failing.signal]);
  const [each, room] = [all[Symbol.asyncIterator](), backPressure({ ...pace, stop })];
  const oneByOne = async (): Promise<void> => {
    while (!stop.aborted) {
      await room();
      const { value, done } = await each.next();
      if (done || stop.aborted) return;
      await act(value);
    }
  };
  const several = Array.from({ length: pace.atOnce ?? importLimits.atOnce }, () =>
    oneByOne().catch((fault: unknown) => {
      failing.abort();
      throw fault;
    }),
  );
  const failed = (await Promise.allSettled(several)).find(({ status }) => status === 'rejected');
  await each.return?.();
  if (failed?.status === 'rejected') throw failed.reason;
}

const longestPauseMs = 10_000;

/**
 * Asks again until there is an answer, and reports the reason for waiting. Undefined when `stop` is aborted
 * meanwhile. An answer that says "broken" is final after a few attempts: then the request is at fault, not
 * the connection.
 */
export async function untilAnswered<A extends { kind: string }>(
  ask: () => Promise<A | Unavailable>,
  pace: Pace,
): Promise<A | Unavailable | undefined> {
  let failures = 0;
  for (let pauseMs = 500; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const answer = await ask();
    if (!isUnavailable(answer)) return answer;
    failures += answer.broken ? 1 : 0;
    if (failures >= importLimits.failures) return answer;
    pace.waits(answer.why);
    if (pace.stop.aborted) return undefined;
    await pause(pauseMs, pace.stop);
  }
}

export const isUnavailable = (answer: { kind: string }): answer is Unavailable =>
  answer.kind === 'unavailable';

const lookEveryMs = 1_000;

/** Looks at the workers' backlog once a second, and waits while it is too long. */
function backPressure({ waitingTasks, waits, stop }: Pace): () => Promise<void> {
  let lookedAt = 0;
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    while (!stop.aborted) {
      const waiting = (await waitingTasks()) ?? 0;
      lookedAt = Date.now();
      if (waiting <= importLimits.waitingTasks) return;
      waits(`${waiting} tasks wait for the workers`);
      await pause(lookEveryMs, stop);
    }
  };
  return async () => {
    if (!looking && Date.now() - lookedAt < lookEveryMs) return;
    looking ??= look().finally(() => {
      looking = undefined;
    });
    await looking;
  };
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);
