import { claimNumber } from '../../../domain/ids.ts';
import { differencesInWords } from '../input/differences.ts';
import type { ImportLog } from './log.ts';
import type { Mapped, Reject, RowNotice } from './notices.ts';
import { forEachPaced, isUnavailable, untilAnswered, type Pace, type Unavailable } from './pace.ts';

/** The API's answer to one notice; `field` as the API names it. */
export type FilingAnswer =
  | { kind: 'filed' | 'already-filed'; claim: string; differs?: string[] | undefined }
  | { kind: 'denied'; field: string; reason: string };

export interface Filing extends Pace {
  file(notice: RowNotice): Promise<FilingAnswer | Unavailable>;
  log: ImportLog;
  /** Also for a row that was filed before with other content. */
  reject(reject: Reject): void;
  /** After each row that has its result. */
  progress(counts: Counts): void;
  /** The columns that fill a field of the notice. */
  columnOf(field: string): string;
}

export interface Counts {
  rows: number;
  filed: number;
  alreadyFiled: number;
  /** Of these, the rows whose content differs from their claim. */
  differing: number;
  rejected: number;
}

/**
 * Files every notice, several at once, and waits while the claims' workers are behind. A row that cannot be
 * filed is reported and stops no other. While Lipei does not answer, it waits without limit. When `stop` is
 * aborted it finishes the requests that it has begun, and ends. It may be started again, and nothing is filed
 * twice.
 */
export async function fileAll(notices: AsyncIterable<Mapped>, filing: Filing): Promise<Counts> {
  const counts: Counts = { rows: 0, filed: 0, alreadyFiled: 0, differing: 0, rejected: 0 };
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
    // The second line says that an answer was lost; a third would add nothing.
    if (asked <= 2) filing.log.note('filing', row);
    return filing.file(notice);
  }, filing);
  if (answer === undefined) return; // stopped meanwhile: the next run finds out whether it was filed
  if (isUnavailable(answer))
    return reject(filing, counts, {
      line,
      column: '',
      reason: `Lipei failed on this row several times: ${answer.why}`,
    });
  if (answer.kind === 'denied') {
    filing.log.note('not-filed', row);
    return reject(filing, counts, { line, column: filing.columnOf(answer.field), reason: answer.reason });
  }
  filing.log.note(answer.kind, { line, claim: answer.claim });
  // The claim has another number, because another notice has this one.
  if (answer.claim !== row.claim) filing.log.note('not-filed', row);
  counts.rows += 1;
  counts[answer.kind === 'filed' ? 'filed' : 'alreadyFiled'] += 1;
  if (answer.differs) {
    counts.differing += 1;
    filing.reject({
      line,
      column: [...new Set(answer.differs.map(filing.columnOf))].join(', '),
      reason: `Is filed already as ${answer.claim}. ${differencesInWords(answer.claim, answer.differs)}`,
    });
  }
  filing.progress(counts);
}

function reject(filing: Filing, counts: Counts, { line, column, reason }: Reject): void {
  counts.rows += 1;
  counts.rejected += 1;
  filing.reject({ line, column, reason });
  filing.progress(counts);
}
