import { ApplicationFailure } from '@temporalio/common';
import type { PartyId } from '../domain/people/people.ts';
import type { Keyring } from '../security/keyring.ts';
import type { Database } from '../records/database.ts';
import type { BankPort } from '../providers/ports.ts';
import { accountOf, contactOf } from '../records/parties/parties.ts';

export interface PaymentOrder {
  claim: string;
  item: string;
  payment: string;
  amountMinor: number;
  currency: string;
  party: PartyId;
  /** The fingerprint of the account that was approved. */
  account: string;
}

export interface BankActivities {
  instructPayment(order: PaymentOrder): Promise<{ kind: 'accepted' } | { kind: 'rejected'; reason: string }>;
  inquirePayment(payment: {
    payment: string;
  }): Promise<
    | { kind: 'pending' }
    | { kind: 'confirmed'; reference: string }
    | { kind: 'returned'; reason: string }
    | { kind: 'not-known' }
  >;
}

/**
 * The bank takes a payment once under its id, so both may run again. Without an answer they throw, and are
 * retried.
 */
export function bankActivities(database: Database, keyring: Keyring, bank: BankPort): BankActivities {
  return {
    async instructPayment({ claim, payment, amountMinor, currency, party, account: approved }) {
      const payee = await contactOf(database, keyring, claim, party);
      const [name, account] = [payee.name, accountOf(payee, claim, party, approved)];
      if (!account) return { kind: 'rejected', reason: 'no-account' };
      const answer = await bank.instruct({
        id: payment,
        amount: { minor: amountMinor, currency },
        payee: { name, account },
        remittance: payment,
      });
      if (answer.kind === 'accepted' || answer.kind === 'rejected') return answer;
      throw busy(`The bank did not take ${payment}: ${answer.kind} ${answer.code}`);
    },

    async inquirePayment({ payment }) {
      const status = await bank.inquire(payment);
      if (status.kind === 'busy') throw busy(`The bank did not answer about ${payment}: ${status.code}`);
      return status;
    },
  };
}

const busy = (message: string): ApplicationFailure =>
  ApplicationFailure.create({ type: 'ProviderBusy', message });
