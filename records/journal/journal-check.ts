import type { JournalEntry } from '../../domain/claim/journal.ts';
import { chainOf } from '../../security/journal-chain.ts';
import type { Database } from '../database.ts';
import { rowIn, type DatedRow } from './heads.ts';

/** `at`: the number of the first entry that is missing, was changed, or does not follow. */
export interface Broken {
  kind: 'broken';
  claim: string;
  at: number;
}

/**
 * A claim's entries, the oldest one first, if their chain of hashes is intact and their columns agree with
 * them. Names the first entry that does not. Missing entries at the end are not visible.
 */
export async function intactJournal(
  database: Database,
  claim: string,
): Promise<{ kind: 'intact'; claim: string; entries: JournalEntry[] } | Broken> {
  const rows = await database.prepared<DatedRow>('whole-journal', wholeJournal, [claim]);
  const chain = chainOf(rows.map(rowIn));
  return chain.kind === 'intact'
    ? { kind: 'intact', claim, entries: chain.entries }
    : { kind: 'broken', claim, at: chain.at };
}

const wholeJournal = `
  SELECT seq, at, by, kind, entry, previous_hash AS "previousHash", hash
  FROM journal_entry WHERE claim = $1 ORDER BY seq`;
