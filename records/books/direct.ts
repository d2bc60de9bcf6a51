import { setTimeout as pause } from 'node:timers/promises';
import { bookLimits } from '../../config/import-limits.ts';
import { instantOf } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';
import type { BookName } from '../../config/books/fields.ts';
import type { Book } from './book.ts';
import {
  beginTaking,
  dropImport,
  importOf,
  openImport,
  rejectedRows,
  stagedSoFar,
  stageRows,
  type ImportCounts,
  type RejectedRow,
  type SentRow,
} from './imports.ts';
import { takeRows, whileLocked } from './run.ts';

/** What became of an import, and the first rows that were rejected. */
export interface Imported {
  id: string;
  counts: ImportCounts;
  rejects: RejectedRow[];
}

const shownRejects = 1_000;

/**
 * Imports rows on a machine that has the address of the books and the keys, without the API: the first people
 * of a new company, who could not have a token before, and the samples. Rows that the book does not take are
 * in the answer.
 */
export async function importDirectly(
  books: Database,
  book: Book,
  {
    name,
    source,
    rows,
    dryRun,
  }: { name: BookName; source: string; rows: Iterable<SentRow> | AsyncIterable<SentRow>; dryRun: boolean },
): Promise<Imported> {
  const { id, by } = await openImport(books, { book: name, source, by: 'owner' });
  for await (const part of inParts(rows)) await stageRows(books, id, book, part);
  const staged = await stagedSoFar(books, id);
  for (let isDone = false; !isDone;) {
    const answer = await whileLocked(books, name, async () => {
      await beginTaking(books, id, { dryRun, rows: staged.rows, line: undefined });
      await takeRows(books, book, { id, by, now: instantOf(Date.now()) }, dryRun);
    });
    isDone = answer !== 'busy';
    if (!isDone) await pause(200);
  }
  const rejects = await rejectedRows(books, id, { after: 0, limit: shownRejects });
  if (dryRun) await dropImport(books, id);
  return { id, rejects, counts: (await importOf(books, id))?.counts ?? {} };
}

async function* inParts(rows: Iterable<SentRow> | AsyncIterable<SentRow>): AsyncGenerator<SentRow[]> {
  let part: SentRow[] = [];
  for await (const row of rows) {
    part.push(row);
    if (part.length < bookLimits.rowsAtOnce) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}
