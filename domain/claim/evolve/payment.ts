import { assertNever } from '../../assert-never.ts';
import type { ItemId } from '../../ids.ts';
import type { Claim, Payment } from '../claim.ts';
import { onItem, type Of } from './change.ts';

export const paymentKinds = [
  'payee-set',
  'risk-scored',
  'approved',
  'approval-voided',
  'payment-approved',
  'payment-instructed',
  'payment-confirmed',
  'payment-returned',
] as const;

/** The claim after an entry about what an item is paid, and to which payee. */
export function afterPayment(claim: Claim, entry: Of<(typeof paymentKinds)[number]>): Claim {
  switch (entry.kind) {
    case 'payee-set':
      return onItem(claim, entry.item, () => ({
        payee: { party: entry.party, account: entry.account, changed: entry.changed },
      }));
    case 'risk-scored':
      return onItem(claim, entry.item, () => ({
        score: { of: entry.of, points: entry.points, factors: entry.factors },
      }));
    case 'approved':
      return onItem(claim, entry.item, (item) => ({
        approvals: [...item.approvals, { of: entry.of, by: entry.by, at: entry.at }],
      }));
    case 'approval-voided':
      return onItem(claim, entry.item, (item) => ({
        approvals: item.approvals.filter(({ of }) => of !== entry.of),
        payments: withoutApproved(item.payments),
      }));
    case 'payment-approved':
      return approved(claim, entry);
    case 'payment-instructed':
      return onPayment(claim, entry, (payment) => ({ ...base(payment), kind: 'instructed' }));
    case 'payment-confirmed':
      return confirmed(claim, entry);
    case 'payment-returned':
      return returned(claim, entry);
    default:
      return assertNever(entry);
  }
}

function approved(
  claim: Claim,
  { item: id, payment, of, amountMinor, at, to }: Of<'payment-approved'>,
): Claim {
  return onItem(claim, id, (item) => ({
    payments: [...withoutApproved(item.payments), { kind: 'approved', id: payment, of, amountMinor, at, to }],
  }));
}

const confirmed = (claim: Claim, entry: Of<'payment-confirmed'>): Claim =>
  onPayment(claim, entry, (payment) => ({
    ...base(payment),
    kind: 'confirmed',
    reference: entry.reference,
  }));

/** The account did not work: it is asked for again, and the new payment is approved again. */
const returned = (claim: Claim, entry: Of<'payment-returned'>): Claim =>
  onItem(
    onPayment(claim, entry, (payment) => ({ ...base(payment), kind: 'returned', reason: entry.reason })),
    entry.item,
    () => ({ payee: undefined }),
  );

/** An approved payment that the bank does not have yet gives way to the next one. */
const withoutApproved = (payments: Payment[]): Payment[] =>
  payments.filter(({ kind }) => kind !== 'approved');

const onPayment = (
  claim: Claim,
  { item, payment: id }: { item: ItemId; payment: string },
  change: (payment: Payment) => Payment,
): Claim =>
  onItem(claim, item, ({ payments }) => ({
    payments: payments.map((payment) => (payment.id === id ? change(payment) : payment)),
  }));

type Base = Pick<Payment, 'id' | 'of' | 'amountMinor' | 'at' | 'to'>;

const base = ({ id, of, amountMinor, at, to }: Payment): Base => ({ id, of, amountMinor, at, to });
