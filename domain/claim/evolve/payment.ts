import { assertNever } from '../../assert-never.ts';
import type { ItemId } from '../../ids.ts';
import { isDuplicate } from '../../money/bank-reasons.ts';
import type { Claim, Finding, Hold, HoldWhy, Item, Payment } from '../claim.ts';
import type { Instant } from '../../time/time.ts';
import { present } from '../../present.ts';
import { onItem, onParty, type Of } from './change.ts';

export const paymentKinds = [
  'payee-set',
  'risk-scored',
  'approved',
  'approval-voided',
  'counted-together',
  'payment-approved',
  'payment-instructed',
  'payment-confirmed',
  'payment-returned',
  'payment-held',
  'payment-cleared',
] as const;

/** The claim after an entry about what an item is paid, and to which payee. */
export function afterPayment(claim: Claim, entry: Of<(typeof paymentKinds)[number]>): Claim {
  switch (entry.kind) {
    case 'payee-set':
      return payeeSet(claim, entry);
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
        approvals: item.approvals.filter(({ of, by }) => of !== entry.of || by !== (entry.giver ?? by)),
        payments: withoutApproved(item.payments).map(dropped),
      }));
    case 'counted-together':
      return onItem(claim, entry.item, ({ payments }) => ({
        approvals: [],
        payments: withoutApproved(payments).map(dropped),
      }));
    case 'payment-approved':
      return approved(claim, entry);
    case 'payment-instructed':
      return onPayment(claim, entry, (payment) => ({ ...base(payment), kind: 'instructed' }));
    case 'payment-confirmed':
      return confirmed(claim, entry);
    case 'payment-returned':
      return returned(claim, entry);
    case 'payment-held':
      return held(claim, entry);
    case 'payment-cleared':
      return cleared(claim, entry);
    default:
      return assertNever(entry);
  }
}

/** The account stays among the party's marks: who is related to it is kept away from then on. */
const payeeSet = (claim: Claim, { item, party, account, holder, changed }: Of<'payee-set'>): Claim =>
  onParty(
    onItem(claim, item, () => ({ payee: { party, account, changed, ...present({ holder }) } })),
    party,
    ({ marks }) => ({ marks: [...new Set([...marks, account])] }),
  );

function approved(
  claim: Claim,
  { item: id, payment, of, amountMinor, excessMinor, at, to }: Of<'payment-approved'>,
): Claim {
  return onItem(claim, id, (item) => ({
    payments: [
      ...withoutApproved(item.payments),
      { kind: 'approved', id: payment, of, amountMinor, excessMinor, at, to },
    ],
  }));
}

const confirmed = (claim: Claim, entry: Of<'payment-confirmed'>): Claim =>
  onPayment(claim, entry, (payment) => ({
    ...base(payment),
    kind: 'confirmed',
    reference: entry.reference,
  }));

/**
 * The account did not work: it is asked for again, and the new payment is approved again. A duplicate is no
 * fault of the account. The item's outcome ends: it was not paid after all.
 */
function returned(claim: Claim, { item: id, payment, reason, at }: Of<'payment-returned'>): Claim {
  const why = isDuplicate(reason) ? 'duplicate' : 'returned';
  const kept: Partial<Item> = why === 'duplicate' ? {} : { payee: undefined };
  return onItem(
    onPayment(claim, { item: id, payment }, (before) => ({ ...base(before), kind: 'returned', reason })),
    id,
    ({ holds, payments }) => ({
      ...kept,
      outcome: undefined,
      holds: [...withoutHold(disputedHolds(payments, holds, at), payment), { payment, why, since: at }],
    }),
  );
}

/** What was taken for a second payment may be the only one now. */
const disputedHolds = (payments: Payment[], holds: Hold[], since: Instant): Hold[] => [
  ...holds,
  ...payments.flatMap((each): Hold[] =>
    each.kind === 'disputed' && !holds.some(({ payment }) => payment === each.id)
      ? [{ payment: each.id, why: 'confirmed-after-return', reference: each.reference, since }]
      : [],
  ),
];

/** A confirmation after a return: perhaps there are two payments. */
function held(claim: Claim, { item: id, payment, why, reference, at }: Of<'payment-held'>): Claim {
  const disputed = onPayment(claim, { item: id, payment }, (before) =>
    before.kind === 'confirmed'
      ? before
      : {
          ...base(before),
          kind: 'disputed',
          reason: before.kind === 'returned' || before.kind === 'disputed' ? before.reason : 'never-sent',
          reference,
        },
  );
  return onItem(disputed, id, ({ holds }) => ({
    outcome: undefined,
    holds: [...withoutHold(holds, payment), { payment, why, reference, since: at }],
  }));
}

/** `paid-once` is followed by the confirmation. */
function cleared(claim: Claim, { item: id, payment, finding }: Of<'payment-cleared'>): Claim {
  const settled = onPayment(claim, { item: id, payment }, (before) => afterFinding(before, finding));
  return onItem(settled, id, ({ holds, payments }) => ({
    holds: withoutHold(holds, payment),
    ...(finding === 'paid-once' ? { payments: withoutApproved(payments) } : {}),
    ...(finding === 'account-wrong' && isHeldAs(holds, payment, 'duplicate') ? { payee: undefined } : {}),
  }));
}

const withoutHold = (holds: Hold[], of: string): Hold[] => holds.filter(({ payment }) => payment !== of);

const isHeldAs = (holds: Hold[], of: string, why: HoldWhy): boolean =>
  holds.some((hold) => hold.payment === of && hold.why === why);

function afterFinding(before: Payment, finding: Finding): Payment {
  switch (finding) {
    case 'paid-once':
    case 'duplicate':
      return before.kind === 'confirmed' ? before : { ...base(before), kind: 'instructed' };
    case 'not-paid':
    case 'account-wrong':
      return before.kind === 'disputed'
        ? { ...base(before), kind: 'returned', reason: before.reason }
        : before;
    case 'paid-twice':
      return before;
    default:
      return assertNever(finding);
  }
}

/** The gate did not let it pass, so the bank never had it. Its id is not used again. */
const dropped = (payment: Payment): Payment =>
  payment.kind === 'instructed' ? { ...base(payment), kind: 'dropped' } : payment;

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

type Base = Pick<Payment, 'id' | 'of' | 'amountMinor' | 'excessMinor' | 'at' | 'to'>;

const base = ({ id, of, amountMinor, excessMinor, at, to }: Payment): Base => ({
  id,
  of,
  amountMinor,
  excessMinor,
  at,
  to,
});
