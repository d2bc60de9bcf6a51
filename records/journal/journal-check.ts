import { createHash } from 'node:crypto';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import type { Database } from '../database.ts';

export type JournalCheck = { kind: 'intact'; claim: string; entries: number } | Broken;

/** `at`: the number of the first entry that is missing, was changed, or does not follow. */
export interface Broken {
  kind: 'broken';
  claim: string;
  at: number;
}

/**
 * Recomputes a claim's chain of hashes. Names the first entry that is missing, was changed, does not follow,
 * or differs from its columns. Missing entries at the end are not visible.
 */
export async function checkJournal(database: Database, claim: string): Promise<JournalCheck> {
  const journal = await intactJournal(database, claim);
  return journal.kind === 'broken' ? journal : { ...journal, entries: journal.entries.length };
}

/** A claim's entries, if their chain of hashes is intact; the oldest one first. */
export async function intactJournal(
  database: Database,
  claim: string,
): Promise<{ kind: 'intact'; claim: string; entries: JournalEntry[] } | Broken> {
  const rows = await database.prepared<Row>('whole-journal', wholeJournal, [claim]);
  const entries: JournalEntry[] = [];
  let previous = '';
  for (const [index, row] of rows.entries()) {
    const expected = createHash('sha256').update(`${previous}\n${row.entry}`).digest('hex');
    const entry: JournalEntry = JSON.parse(row.entry);
    if (
      row.seq !== index + 1 ||
      row.previousHash !== previous ||
      row.hash !== expected ||
      !agrees(row, entry)
    )
      return { kind: 'broken', claim, at: index + 1 };
    previous = row.hash;
    entries.push(entry);
  }
  return { kind: 'intact', claim, entries };
}

const wholeJournal = `
  SELECT seq, at, by, kind, entry, previous_hash AS "previousHash", hash
  FROM journal_entry WHERE claim = $1 ORDER BY seq`;

interface Row extends Columns {
  entry: string;
  previousHash: string;
  hash: string;
}

interface Columns {
  seq: number;
  at: Date;
  by: string;
  kind: string;
}

/** The columns are for searching; the hash covers only the entry. */
const agrees = ({ seq, at, by, kind }: Columns, entry: JournalEntry): boolean =>
  entry.seq === seq && entry.at === at.toISOString() && entry.by === by && entry.kind === kind;
