import type { KeyObject } from 'node:crypto';
import type { RuleBook } from '../config/rules/load.ts';
import type { BankPort } from '../providers/ports.ts';
import type { Database } from '../records/database.ts';
import type { Keyring } from '../security/keyring.ts';
import { inquired, makeInstruct, type Instruct } from './instruct.ts';

export interface BankActivities {
  instructPayment: Instruct;
  inquirePayment(payment: {
    payment: string;
  }): Promise<
    | { kind: 'pending' }
    | { kind: 'confirmed'; reference: string }
    | { kind: 'returned'; reason: string }
    | { kind: 'not-known' }
  >;
}

/** Both may run again. Without an answer of the bank they throw, and are retried. */
export const bankActivities = (
  database: Database,
  keyring: Keyring,
  bank: BankPort,
  book: RuleBook,
  roots: readonly KeyObject[],
): BankActivities => ({
  instructPayment: makeInstruct(database, keyring, bank, book, roots),
  inquirePayment: ({ payment }) => inquired(database, bank, payment),
});
