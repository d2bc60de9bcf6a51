import { createHash } from 'node:crypto';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import type { Database } from '../database.ts';

export type JournalCheck =
  { kind: 'intact'; claim: string; entries: number } | { kind: 'broken'; claim: string; at: number };

/**
 * Recomputes a claim's chain of hashes. Names the first entry that is missing, was changed, does not follow,
 * or differs from its columns. Missing entries at the end are not visible.
 */
export async function checkJournal(database: Database, claim: string): Promise<JournalCheck> {
  const rows = await database.journalEntry.findMany({ where: { claim }, orderBy: { seq: 'asc' } });
  let previous = '';
  for (const [index, row] of rows.entries()) {
    const expected = createHash('sha256').update(`${previous}\n${row.entry}`).digest('hex');
    if (row.seq !== index + 1 || row.previousHash !== previous || row.hash !== expected || !agrees(row))
      return { kind: 'broken', claim, at: index + 1 };
    previous = row.hash;
  }
  return { kind: 'intact', claim, entries: rows.length };
}

/** The columns are for searching; the hash covers only the entry. */
function agrees({
  entry,
  seq,
  at,
  by,
  kind,
}: {
  entry: string;
  seq: number;
  at: Date;
  by: string;
  kind: string;
}): boolean {
  const parsed: JournalEntry = JSON.parse(entry);
  return parsed.seq === seq && parsed.at === at.toISOString() && parsed.by === by && parsed.kind === kind;
}
