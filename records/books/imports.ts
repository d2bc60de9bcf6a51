import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { present } from '../../domain/present.ts';
import type { BookImport } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';
import { keepLine, type SignedLine } from '../journal/signed-lines.ts';
import { bookNames, type BookName } from '../../config/books/fields.ts';
import type { Book, RowMistake } from './book.ts';

/**
 * `open`: rows may be added. `checking`: a dry run is under way or waits for its turn, and then it is open
 * again. `taking` and `taken`; `undone` by a later import. `dropped`: nothing of it was taken.
 */
export const importStates = ['open', 'checking', 'taking', 'taken', 'undone', 'dropped'] as const;
export type ImportState = (typeof importStates)[number];

const names = z.array(z.string());

/** What is known of an import that was checked, taken or undone. */
const counts = z.object({
  rows: z.int().exactOptional(),
  rejected: z.int().exactOptional(),
  added: z.int().exactOptional(),
  changed: z.int().exactOptional(),
  same: z.int().exactOptional(),
  /** The first that would be added and so on, as people name them. */
  first: z.object({ added: names, changed: names, same: names }).exactOptional(),
  /** What was taken, and needs somebody: a sentence each. */
  warnings: names.exactOptional(),
  /** Rows that are done so far. */
  done: z.int().exactOptional(),
  /** Of an undoing: what is as it was before, and what a later import has changed again. */
  restored: z.int().exactOptional(),
  left: z.array(z.string()).exactOptional(),
  /** Why it was not taken, although it should have been. */
  fault: z.string().exactOptional(),
});
export type ImportCounts = z.infer<typeof counts>;

export interface ImportOnRecord {
  id: string;
  book: BookName;
  source: string;
  by: string;
  at: string;
  state: ImportState;
  counts: ImportCounts;
  endedAt?: string;
  undoes?: string;
}

/** A row of a request: its line in the file, and what is in it. */
export interface SentRow {
  line: number;
  value: unknown;
}

export async function openImport(
  books: Database,
  of: { book: BookName; source: string; by: string },
): Promise<ImportOnRecord> {
  return onRecord(await books.bookImport.create({ data: { id: randomUUID(), ...of } }));
}

export async function importOf(
  books: Pick<Database, 'bookImport'>,
  id: string,
): Promise<ImportOnRecord | undefined> {
  const row = await books.bookImport.findUnique({ where: { id } });
  return row ? onRecord(row) : undefined;
}

/** The newest first. */
export async function listImports(
  books: Pick<Database, 'bookImport'>,
  of: { books: BookName[]; limit: number },
): Promise<ImportOnRecord[]> {
  const rows = await books.bookImport.findMany({
    where: { book: { in: of.books } },
    orderBy: [{ at: 'desc' }, { id: 'asc' }],
    take: of.limit,
  });
  return rows.map(onRecord);
}

/**
 * Adds rows to an open import. A line that it has already stays as it came first, so that a request may be
 * repeated. Those that the book cannot read are kept as rejected. Undefined when the import is not open.
 */
export async function stageRows(
  books: Pick<Database, 'prepared'>,
  id: string,
  book: Book,
  sent: SentRow[],
): Promise<{ added: number; before: number; rejected: number } | undefined> {
  const rows = sent.map(({ line, value }) => ({ line, ...staged(book, value) }));
  const [answer] = await books.prepared<{ open: boolean; added: number }>('stage-rows', stage, [
    id,
    JSON.stringify(rows),
  ]);
  if (!answer?.open) return undefined;
  const { added } = answer;
  return { added, before: sent.length - added, rejected: rows.filter(({ reject }) => reject).length };
}

function staged(book: Book, value: unknown): { key: string; row: object; reject?: RowMistake[] } {
  if (hasSignsThatNoTableTakes(value))
    return {
      key: '',
      row: unread,
      reject: [{ field: '', reason: 'has a NUL character, or half of another one: the file is damaged' }],
    };
  const read = book.read(value);
  return read.kind === 'read'
    ? { key: read.key, row: read.row }
    : { key: read.key ?? '', row: unread, reject: read.mistakes };
}

/** In place of a row that the book could not read. */
const unread = {};

/** A NUL, or one half of a pair of surrogates: PostgreSQL takes neither in a text. */
const hasSignsThatNoTableTakes = (value: unknown): boolean =>
  /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/.test(JSON.stringify(value) ?? '');

/** The shared lock of the import waits for its take, and the take for it. */
const stage = `
  WITH import AS (SELECT id FROM book_import WHERE id = $1 AND state = 'open' FOR SHARE),
  sent AS (
    INSERT INTO staged_row (import, line, key, row, reject)
    SELECT import.id, sent.line, sent.key, sent.row, sent.reject
    FROM import, jsonb_to_recordset($2::jsonb) AS sent(line INTEGER, key TEXT, row JSONB, reject JSONB)
    ON CONFLICT DO NOTHING
    RETURNING 1)
  SELECT EXISTS (SELECT FROM import) AS open, (SELECT count(*)::int FROM sent) AS added`;

/** The rows of an import: how many, how many of them rejected, and a SHA-256 over all of them, in order. */
export async function stagedSoFar(
  books: Pick<Database, 'prepared'>,
  id: string,
): Promise<{ rows: number; rejected: number; sha256: string }> {
  const all = { rows: 0, rejected: 0, sha256: '' };
  for (let after = 0; ;) {
    const [part] = await books.prepared<Part>('hash-staged-rows', hashed, [
      id,
      after,
      hashedAtOnce,
      all.sha256,
    ]);
    if (!part || part.rows === 0) return all;
    all.rows += part.rows;
    all.rejected += part.rejected;
    all.sha256 = part.sha256;
    after = part.last;
  }
}

const hashedAtOnce = 50_000;

interface Part {
  rows: number;
  rejected: number;
  last: number;
  sha256: string;
}

/** Each part is hashed over the one before it. */
const hashed = `
  SELECT count(*)::int AS rows, count(reject)::int AS rejected, COALESCE(max(line), 0) AS last,
    encode(sha256(convert_to($4, 'UTF8') || string_agg(own, ''::bytea ORDER BY line)), 'hex') AS sha256
  FROM (
    SELECT line, reject, sha256(convert_to(jsonb_build_array(line, key, row, reject)::text, 'UTF8')) AS own
    FROM staged_row WHERE import = $1 AND line > $2 ORDER BY line LIMIT $3) AS part`;

/** A rejected row: all its mistakes, as the book names the fields. */
export interface RejectedRow {
  line: number;
  mistakes: RowMistake[];
}

const mistake = z.object({ field: z.string(), reason: z.string() });
const mistakes = z.union([z.array(mistake), mistake.transform((one) => [one])]);

/** The rejected rows behind a line, in the order of their lines. */
export async function rejectedRows(
  books: Pick<Database, 'prepared'>,
  id: string,
  { after, limit }: { after: number; limit: number },
): Promise<RejectedRow[]> {
  const rows = await books.prepared<{ line: number; reject: unknown }>('rejected-rows', rejected, [
    id,
    after,
    limit,
  ]);
  return rows.map(({ line, reject }) => ({ line, mistakes: mistakes.parse(reject) }));
}

const rejected = `
  SELECT line, reject FROM staged_row WHERE import = $1 AND line > $2 AND reject IS NOT NULL
  ORDER BY line LIMIT $3`;

/**
 * Sets an open import aside for its turn, together with the line that somebody signed about its rows. False
 * when it is not open, or has other rows by now.
 */
export const beginTaking = (
  books: Database,
  id: string,
  { dryRun, rows, line }: { dryRun: boolean; rows: number; line: SignedLine | undefined },
): Promise<boolean> =>
  books.$transaction(async (all) => {
    // Locks the row, so that no more rows are staged meanwhile.
    const open =
      await all.$executeRaw`UPDATE book_import SET state = state WHERE id = ${id} AND state = 'open'`;
    if (open === 0 || (await all.stagedRow.count({ where: { import: id } })) !== rows) return false;
    const data = { state: dryRun ? 'checking' : 'taking', counts: {} };
    await all.bookImport.update({ where: { id }, data });
    if (line) await keepLine(all, line);
    return true;
  }, ofMany);

/** In milliseconds: a million rows are counted meanwhile. */
const ofMany = { timeout: 60_000, maxWait: 10_000 };

/** Opens the import that undoes another one. Undefined when that one is not taken, or is being undone. */
export const beginUndoing = (
  books: Database,
  { undone, by, line }: { undone: ImportOnRecord; by: string; line: SignedLine },
): Promise<ImportOnRecord | undefined> =>
  books.$transaction(async (all) => {
    // Locks the row: of two at once, the second sees what the first has done.
    const taken = await all.$executeRaw`
      UPDATE book_import SET state = state WHERE id = ${undone.id} AND state = 'taken'`;
    const other = await all.bookImport.findFirst({ where: { undoes: undone.id, state: { not: 'dropped' } } });
    if (taken === 0 || other) return undefined;
    await keepLine(all, line);
    const { id, book, source } = undone;
    return onRecord(
      await all.bookImport.create({
        data: { id: randomUUID(), book, source: `undo of ${source}`, by, state: 'taking', undoes: id },
      }),
    );
  });

/** What is taken next in a book: what was sent first. */
export async function nextImport(
  books: Pick<Database, 'bookImport'>,
  book: BookName,
): Promise<ImportOnRecord | undefined> {
  const row = await books.bookImport.findFirst({
    where: { book, state: { in: ['checking', 'taking'] } },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
  return row ? onRecord(row) : undefined;
}

export async function keepCounts(
  books: Pick<Database, 'bookImport'>,
  id: string,
  kept: ImportCounts,
  ended?: { state: ImportState },
): Promise<void> {
  await books.bookImport.update({
    where: { id },
    data: {
      counts: JSON.parse(JSON.stringify(kept)),
      ...(ended && { state: ended.state, endedAt: ended.state === 'open' ? null : new Date() }),
    },
  });
}

/** What a dry run has rejected may be right by now. */
export async function forgetEarlierRejects(books: Pick<Database, '$executeRaw'>, id: string): Promise<void> {
  await books.$executeRaw`
    UPDATE staged_row SET reject = NULL
    WHERE import = ${id} AND reject IS NOT NULL AND row <> ${JSON.stringify(unread)}::jsonb`;
}

/** Drops an import that nobody has taken, with its rows. False: it is not open. */
export async function dropImport(books: Database, id: string): Promise<boolean> {
  const { count } = await books.bookImport.updateMany({
    where: { id, state: 'open' },
    data: { state: 'dropped', endedAt: new Date() },
  });
  if (count === 1) await deleteStaged(books, id, 'all');
  return count === 1;
}

const deletedAtOnce = 20_000;

/** Deletes staged rows, or those that were taken alone, some at once: a million rows take a while. */
export async function deleteStaged(
  books: Pick<Database, 'prepared'>,
  id: string,
  which: 'all' | 'taken',
): Promise<void> {
  for (let after = 0; ;) {
    const [part] = await books.prepared<{ upTo: number | null }>('end-of-staged-rows', endOfPart, [
      id,
      after,
      deletedAtOnce,
    ]);
    if (typeof part?.upTo !== 'number') return;
    await books.prepared('delete-staged-rows', deletePart, [id, after, part.upTo, which === 'all']);
    after = part.upTo;
  }
}

const endOfPart = `
  SELECT max(line) AS "upTo" FROM (
    SELECT line FROM staged_row WHERE import = $1 AND line > $2 ORDER BY line LIMIT $3) AS part`;

const deletePart = `
  DELETE FROM staged_row WHERE import = $1 AND line > $2 AND line <= $3 AND ($4 OR reject IS NULL)`;

/** Drops what was opened and never taken, and deletes rejected rows, after their time. */
export async function tidyImports(
  books: Database,
  { openHours, rejectsDays, now }: { openHours: number; rejectsDays: number; now: Date },
): Promise<void> {
  const before = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
  const old = await books.bookImport.findMany({ where: { state: 'open', at: { lt: before(openHours) } } });
  for (const { id } of old) await dropImport(books, id);
  const ended = await books.prepared<{ import: string }>('old-rejects', endedWithRows, [
    before(rejectsDays * 24),
  ]);
  for (const each of ended) await deleteStaged(books, each.import, 'all');
}

const endedWithRows = `
  SELECT id AS import FROM book_import
  WHERE ended_at < $1 AND EXISTS (SELECT FROM staged_row WHERE staged_row.import = book_import.id)`;

const onRecord = (row: BookImport): ImportOnRecord => ({
  id: row.id,
  book: z.enum(bookNames).parse(row.book),
  source: row.source,
  by: row.by,
  at: row.at.toISOString(),
  state: z.enum(importStates).parse(row.state),
  counts: counts.parse(row.counts),
  ...present({ endedAt: row.endedAt?.toISOString(), undoes: row.undoes ?? undefined }),
});
