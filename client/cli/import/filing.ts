import { claimNumber } from '../../../domain/ids.ts';
import type { ImportLog } from './log.ts';
import type { Mapped, Reject, RowNotice } from './notices.ts';
import { forEachPaced, isUnavailable, untilAnswered, type Pace, type Unavailable } from './pace.ts';

/** What came of asking Lipei to file one notice; `field` as the API names it. */
export type FilingAnswer =
  { kind: 'filed' | 'already-filed'; claim: string } | { kind: 'denied'; field: string; reason: string };

export interface Filing extends Pace {
  file(notice: RowNotice): Promise<FilingAnswer | Unavailable>;
  log: ImportLog;
  reject(reject: Reject): void;
  /** After each row that is settled. */
  progress(counts: Counts): void;
  /** The columns that a field of the notice is made of. */
  columnOf(field: string): string;
}

export interface Counts {
  rows: number;
  filed: number;
  alreadyFiled: number;
  rejected: number;
}

/**
 * Files every notice, several at once, and holds back while the claims' workers have more to do than they get
 * done. A row that
 * cannot be filed is reported and stops no other; while Lipei does not answer it waits, however long. Ends
 * early, with what is on its
 * way finished, when it is told to stop; then it may begin anew, and nothing is filed twice.
 */
export async function fileAll(notices: AsyncIterable<Mapped>, filing: Filing): Promise<Counts> {
  const counts: Counts = { rows: 0, filed: 0, alreadyFiled: 0, rejected: 0 };
  await forEachPaced(notices, filing, async (each) => {
    if (each.kind === 'reject') reject(filing, counts, each);
    else await fileOne(filing, counts, each);
  });
  return counts;
}

type Notice = Extract<Mapped, { kind: 'notice' }>;

async function fileOne(filing: Filing, counts: Counts, { line, notice }: Notice): Promise<void> {
  const row = { line, claim: claimNumber(notice.source, notice.reference) };
  let asked = 0;
  const answer = await untilAnswered(() => {
    asked += 1;
    if (asked <= 2) filing.log.note('filing', row); // the second time says that an answer was not heard; more say no more
    return filing.file(notice);
  }, filing);
  if (answer === undefined) return; // stopped meanwhile: whether it was filed, the next run finds out
  if (isUnavailable(answer))
    return reject(filing, counts, {
      line,
      column: '',
      reason: `Lipei failed on it again and again: ${answer.why}`,
    });
  if (answer.kind === 'denied') {
    filing.log.note('not-filed', row);
    return reject(filing, counts, { line, column: filing.columnOf(answer.field), reason: answer.reason });
  }
  filing.log.note(answer.kind, { line, claim: answer.claim });
  // It goes by another number, for another notice has this one.
  if (answer.claim !== row.claim) filing.log.note('not-filed', row);
  counts.rows += 1;
  counts[answer.kind === 'filed' ? 'filed' : 'alreadyFiled'] += 1;
  filing.progress(counts);
}

function reject(filing: Filing, counts: Counts, { line, column, reason }: Reject): void {
  counts.rows += 1;
  counts.rejected += 1;
  filing.reject({ line, column, reason });
  filing.progress(counts);
}
