import type { JournalEntry } from '../../../domain/claim/journal.ts';
import { table } from '../table.ts';
import { localTime } from '../input/times.ts';
import { about, sentenceOf } from './journal-sentences.ts';

export function journalPage(entries: JournalEntry[]): string {
  if (entries.length === 0) return 'The records have no entry of this claim yet.';
  const known = about(entries);
  return table(
    ['', 'at', 'by', 'what'],
    entries.map((entry) => [String(entry.seq), localTime(entry.at), entry.by, sentenceOf(entry, known)]),
  );
}
