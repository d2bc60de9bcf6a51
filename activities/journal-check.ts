import { createHash } from 'node:crypto';
import type { Database } from './database.ts';

export type JournalCheck = { kind: 'intact'; claim: string; entries: number } | { kind: 'broken'; claim: string; at: number };

/** Recomputes a claim's chain of hashes. Names the first entry that is missing, was changed, or does not follow; what was cut off the end does not show. */
export async function checkJournal(database: Database, claim: string): Promise<JournalCheck> {
  const rows = await database.journalEntry.findMany({ where: { claim }, orderBy: { seq: 'asc' } });
  let previous = '';
  for (const [index, { seq, entry, previousHash, hash }] of rows.entries()) {
    const expected = createHash('sha256').update(`${previous}\n${entry}`).digest('hex');
    if (seq !== index + 1 || previousHash !== previous || hash !== expected) return { kind: 'broken', claim, at: index + 1 };
    previous = hash;
  }
  return { kind: 'intact', claim, entries: rows.length };
}
