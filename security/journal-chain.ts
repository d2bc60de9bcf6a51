import { createHash } from 'node:crypto';
import type { JournalEntry } from '../domain/claim/journal.ts';

/** A row of the journal as it is stored. `at` in ISO 8601, `entry` the text that the hash covers. */
export interface StoredRow {
  seq: number;
  at: string;
  by: string;
  kind: string;
  entry: string;
  previousHash: string;
  hash: string;
}

/** The last entry that is known to be good, with its hash; before the first one 0 and an empty text. */
export interface ChainEnd {
  seq: number;
  hash: string;
}

export const beforeAll: ChainEnd = { seq: 0, hash: '' };

/** `at`: the number of the first entry that is missing, was changed, or does not continue the one before. */
export type Chain =
  | { kind: 'intact'; entries: JournalEntry[]; end: ChainEnd }
  | { kind: 'broken'; at: number; why: 'missing' | 'changed' | 'does-not-continue' };

/** Recomputes a chain of hashes after a known entry. Missing entries at the end are not visible. */
export function chainOf(rows: readonly StoredRow[], after: ChainEnd = beforeAll): Chain {
  const entries: JournalEntry[] = [];
  let end = after;
  for (const row of rows) {
    const at = end.seq + 1;
    if (row.seq !== at) return { kind: 'broken', at, why: 'missing' };
    if (row.previousHash !== end.hash) return { kind: 'broken', at, why: 'does-not-continue' };
    const entry = entryIn(row.entry);
    if (!entry || row.hash !== hashAfter(end.hash, row.entry) || !agrees(row, entry))
      return { kind: 'broken', at, why: 'changed' };
    end = { seq: at, hash: row.hash };
    entries.push(entry);
  }
  return { kind: 'intact', entries, end };
}

/** The hash of an entry, which covers the one before; as the database makes it (`journal_entry_append`). */
export const hashAfter = (previous: string, entry: string): string =>
  createHash('sha256').update(`${previous}\n${entry}`).digest('hex');

function entryIn(text: string): JournalEntry | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The columns are for searching; the hash covers only the entry. */
const agrees = ({ seq, at, by, kind }: StoredRow, entry: JournalEntry): boolean =>
  entry.seq === seq && entry.at === at && entry.by === by && entry.kind === kind;
