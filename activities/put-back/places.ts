import type { KeyObject } from 'node:crypto';
import { calendarFor } from '../../config/calendars.ts';
import type { RuleBook } from '../../config/rules/load.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import { orderIn } from '../../domain/money/gate.ts';
import { trusted } from '../../domain/money/trusted-journal.ts';
import type { BankPort } from '../../providers/ports.ts';
import type { Database } from '../../records/database.ts';
import { isPlaced, keepPlace } from '../../records/money/payments.ts';
import { checkProof } from '../../security/signing.ts';
import { inquired } from '../instruct.ts';

interface Parts {
  database: Database;
  bank: BankPort;
  rules: RuleBook;
  roots: readonly KeyObject[];
}

/**
 * Gives payments that the bank knows their places again, so that they count for the sum insured and the
 * bank's word about them is believed. A payment that the bank does not know gets none: the gate looks at it
 * anew. Nor does one whose journal up to the instruction cannot be trusted: the gate holds it.
 */
export async function placesPutBack(
  { database, bank, rules: book, roots }: Parts,
  entries: readonly JournalEntry[],
  instructed: ReadonlySet<string>,
): Promise<void> {
  const [first] = entries;
  if (first?.kind !== 'claim-opened') return;
  const pack = book.recorded(first.rules);
  for (const entry of entries) {
    if (entry.kind !== 'payment-instructed' || !instructed.has(entry.payment)) continue;
    if (await isPlaced(database, entry.payment)) continue;
    const word = await inquired(database, bank, entry.payment);
    if (word.kind === 'not-known') continue;
    const found = trusted(entries.slice(0, entry.seq), {
      signedBy: (proof) => checkProof(roots, proof),
      policy: 'not compared',
      rules: { pack, calendar: calendarFor(pack, first.lossAt, entry.at) },
    });
    const order = found.kind === 'trusted' ? orderIn(found.claim, entry.payment) : undefined;
    if (order) await keepPlace(database, order, entry.at, word.kind === 'pending' ? 'accepted' : word.kind);
  }
}
