import type { JournalEntry } from '../../../domain/claim/journal.ts';
import { table } from '../table.ts';
import type { Named } from '../staff-names.ts';
import { localTime, zoneLine } from '../input/times.ts';
import { journalContext, sentenceOf } from './journal-sentences.ts';

export function journalPage(entries: JournalEntry[], named: Named): string {
  if (entries.length === 0) return 'The journal of this claim has no entry yet.';
  const known = journalContext(entries);
  const rows = entries.map((entry) => [
    String(entry.seq),
    localTime(entry.at),
    named(entry.by),
    named(sentenceOf(entry, known)),
  ]);
  return [table(['', 'at', 'by', 'what'], rows), '', zoneLine()].join('\n');
}
