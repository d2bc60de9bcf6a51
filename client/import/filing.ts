import { importLimits } from '../../config/import-limits.ts';
import { claimNumber } from '../../domain/ids.ts';
import type { ImportLog } from './log.ts';
import type { Mapped, Reject, RowNotice } from './notices.ts';

/** What came of asking Lipei to file one notice. */
export type FilingAnswer =
  | { kind: 'filed' | 'already-filed'; claim: string }
  /** Wrong for good: `field` as the API names it. */
  | { kind: 'refused'; field: string; reason: string }
  /** Nobody answers, or not now: asked again. */
  | { kind: 'unavailable'; why: string };

export interface Filing {
  file(notice: RowNotice): Promise<FilingAnswer>;
  /** Tasks of claims that wait for a worker; undefined when nobody can say. */
  waitingTasks(): Promise<number | undefined>;
  log: ImportLog;
  reject(reject: Reject): void;
  /** After each row that is settled, and whenever it has to wait. */
  progress(counts: Counts, waitingBecause?: string): void;
  /** Aborted by whoever wants it to end: what is on its way is finished. */
  stop: AbortSignal;
}

export interface Counts {
  rows: number;
  filed: number;
  alreadyFiled: number;
  rejected: number;
}

/**
 * Files every notice, several at once, and holds back while the claims' workers have more to do than they get done. A row that
 * cannot be filed is reported and stops no other; while Lipei does not answer it waits, however long. Ends early, with what is on its
 * way finished, when it is told to stop; then it may begin anew, and nothing is filed twice.
 */
export async function fileAll(notices: AsyncIterable<Mapped>, filing: Filing): Promise<Counts> {
  const counts: Counts = { rows: 0, filed: 0, alreadyFiled: 0, rejected: 0 };
  const onTheWay = new Set<Promise<void>>();
  const room = backPressure(filing, counts);
  for await (const each of notices) {
    if (filing.stop.aborted) break;
    if (each.kind === 'reject') settle(filing, counts, each);
    else {
      await room();
      const one = fileOne(filing, counts, each).finally(() => onTheWay.delete(one));
      onTheWay.add(one);
      if (onTheWay.size >= importLimits.atOnce) await Promise.race(onTheWay);
    }
  }
  await Promise.all(onTheWay);
  return counts;
}

type Notice = Extract<Mapped, { kind: 'notice' }>;

async function fileOne(filing: Filing, counts: Counts, { line, notice }: Notice): Promise<void> {
  const row = { line, claim: claimNumber(notice.source, notice.reference) };
  filing.log.note('filing', row);
  const answer = await untilAnswered(filing, counts, notice);
  if (answer === undefined) return; // stopped meanwhile: whether it was filed, the next run finds out
  if (answer.kind === 'refused') {
    filing.log.note('not-filed', row);
    settle(filing, counts, { line, column: answer.field, reason: answer.reason });
    return;
  }
  filing.log.note(answer.kind, row);
  counts.rows += 1;
  counts[answer.kind === 'filed' ? 'filed' : 'alreadyFiled'] += 1;
  filing.progress(counts);
}

function settle(filing: Filing, counts: Counts, { line, column, reason }: Reject): void {
  counts.rows += 1;
  counts.rejected += 1;
  filing.reject({ line, column, reason });
  filing.progress(counts);
}

const longestPauseMs = 10_000;

async function untilAnswered(filing: Filing, counts: Counts, notice: RowNotice): Promise<Exclude<FilingAnswer, { kind: 'unavailable' }> | undefined> {
  for (let pauseMs = 500; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const answer = await filing.file(notice);
    if (answer.kind !== 'unavailable') return answer;
    filing.progress(counts, answer.why);
    if (filing.stop.aborted) return undefined;
    await pause(pauseMs, filing.stop);
  }
}

const lookEveryMs = 1_000;

/** Looks at the workers' backlog once a second, and waits while it is too long. */
function backPressure(filing: Filing, counts: Counts): () => Promise<void> {
  let lookedAt = 0;
  return async () => {
    while (!filing.stop.aborted && Date.now() - lookedAt >= lookEveryMs) {
      const waiting = (await filing.waitingTasks()) ?? 0;
      lookedAt = Date.now();
      if (waiting <= importLimits.waitingTasks) return;
      filing.progress(counts, `${waiting} tasks wait for the workers`);
      await pause(lookEveryMs, filing.stop);
    }
  };
}

const pause = (ms: number, stop: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stop.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
