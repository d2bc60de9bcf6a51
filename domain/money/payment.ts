import { heldBy, paymentAtBank, type Claim, type Hold, type Item, type Payment } from '../claim/claim.ts';
import type { HumanCommand, OpenCommand } from '../claim/commands.ts';
import type { Event } from '../claim/journal.ts';
import type { ReportCommand } from '../claim/reports.ts';
import { add, type Draft } from '../claim/draft.ts';
import { isDenied, openItem } from '../claim/open-item.ts';
import { denied, type Denied } from '../denial.ts';
import { mayNot, mayNotDecideOn } from '../people/permissions.ts';
import { after } from '../time/calendar.ts';
import { isBefore } from '../time/time.ts';

/**
 * The bank has paid. A repeated report changes nothing. The report may arrive before the answer to our
 * payment order: a paid order was instructed. After a return it contradicts what the bank said: perhaps there
 * are two payments, and finance must clear them.
 */
export function bankConfirmed(
  draft: Draft,
  { payment: id, reference }: Extract<ReportCommand, { kind: 'bank-confirmed' }>,
): Denied | undefined {
  const found = paymentOf(draft.claim, id);
  if (isDenied(found)) return found;
  const { item, payment } = found;
  const about = { item: item.id, payment: id, reference };
  switch (payment.kind) {
    case 'approved':
    case 'instructed':
      if (payment.kind === 'approved') add(draft, { kind: 'payment-instructed', item: item.id, payment: id });
      return void add(draft, { kind: 'payment-confirmed', ...about });
    case 'confirmed':
    case 'disputed':
      return payment.reference === reference ||
        item.holds.some((hold) => hold.payment === id && hold.reference === reference)
        ? undefined
        : void reopenedBy(draft, { kind: 'payment-held', ...about, why: 'two-references' });
    default:
      return void reopenedBy(draft, { kind: 'payment-held', ...about, why: 'confirmed-after-return' });
  }
}

/**
 * The bank has returned a payment, before or after it confirmed it. The road asks for the account again, and
 * finance clears the return before anything else is paid.
 */
export function bankReturned(
  draft: Draft,
  { payment: id, reason }: Extract<ReportCommand, { kind: 'bank-returned' }>,
): Denied | undefined {
  const found = paymentOf(draft.claim, id);
  if (isDenied(found)) return found;
  const { item, payment } = found;
  if (payment.kind === 'approved') add(draft, { kind: 'payment-instructed', item: item.id, payment: id });
  if (payment.kind === 'approved' || payment.kind === 'instructed' || payment.kind === 'confirmed')
    reopenedBy(draft, { kind: 'payment-returned', item: item.id, payment: id, reason });
  return undefined;
}

/** A closed claim is reopened first: the item has something to be cleared and perhaps to be paid. */
function reopenedBy(draft: Draft, event: Event): void {
  if (draft.claim.outcome) add(draft, { kind: 'claim-reopened' });
  add(draft, event);
}

/** Finance found out what became of the payment that holds the item, and the road continues from there. */
export function clearPayment(
  draft: Draft,
  { person, item: id, finding }: Extract<HumanCommand, { kind: 'clear-payment' }>,
): Denied | undefined {
  const denial = mayNot(person, 'clear-payment', draft.claim);
  if (denial) return denial;
  const item = openItem(draft.claim, id);
  if (isDenied(item)) return item;
  const held = heldBy(item);
  const payment = item.payments.find((each) => each.id === held?.payment);
  if (!held || !payment) return denied('not-now', `No payment of ${id} is held.`);
  const barred =
    mayNotDecideOn(person, 'clear-payment', draft.claim, item, draft.rules.pack) ??
    doesNotFit(item, held, payment, finding);
  if (barred) return barred;
  add(draft, { kind: 'payment-cleared', item: id, payment: payment.id, finding });
  if (finding === 'paid-once' && payment.kind !== 'confirmed')
    add(draft, {
      kind: 'payment-confirmed',
      item: id,
      payment: payment.id,
      reference: held.reference ?? payment.id,
    });
  return undefined;
}

type Finding = Extract<HumanCommand, { kind: 'clear-payment' }>['finding'];

/** What the bank has said limits what finance can have found. */
function doesNotFit(
  item: Item,
  { why: heldAs }: Hold,
  payment: Payment,
  finding: Finding,
): Denied | undefined {
  const other = paymentAtBank(item);
  const isAnotherAtBank = other !== undefined && other.id !== payment.id;
  const refused = (why: string): Denied =>
    denied('not-now', `"${finding}" does not fit ${payment.id}: ${why}.`);
  if (payment.kind === 'confirmed')
    return finding === 'paid-once' || finding === 'paid-twice'
      ? undefined
      : refused('the bank has paid it, so it was paid once or twice');
  switch (finding) {
    case 'paid-once':
      if (isAnotherAtBank) return refused(`the bank has ${other.id} as well`);
      return heldAs === 'returned'
        ? refused('the bank has returned it and never confirmed it; have the bank asked again')
        : undefined;
    case 'paid-twice':
      return isAnotherAtBank ? undefined : refused('no other payment of the item is with the bank');
    case 'duplicate':
      return heldAs === 'duplicate' && !isAnotherAtBank
        ? undefined
        : refused('the bank did not say that it has it already');
    default:
      return undefined;
  }
}

/**
 * Somebody wants to know what became of a payment. The bank is asked at most so often (`askBankAgainAfter`,
 * data), because anybody may ask.
 */
export function askBank(draft: Draft, { payment: named }: Pick<AskBank, 'payment'>): Denied | undefined {
  const { claim, rules, now } = draft;
  const { askBankAgainAfter } = rules.pack;
  if (claim.bankAskedAt && isBefore(now, after(claim.bankAskedAt, askBankAgainAfter, rules.calendar)))
    return denied(
      'not-now',
      `The bank was asked at ${claim.bankAskedAt}; ask again after ${askBankAgainAfter}.`,
    );
  const known = claim.items.flatMap((item) => item.payments.filter((each) => isInDoubt(item, each)));
  const payments = known.map(({ id }) => id).filter((id) => id === (named ?? id));
  if (payments.length === 0)
    return denied(
      'not-now',
      named ? `The bank owes no word about a payment "${named}".` : 'The bank owes no word about a payment.',
    );
  add(draft, { kind: 'bank-asked', payments });
  return undefined;
}

type AskBank = Extract<OpenCommand, { kind: 'ask-bank' }>;

const isInDoubt = ({ holds }: Item, { id, kind }: Payment): boolean =>
  kind === 'instructed' ||
  kind === 'returned' ||
  kind === 'disputed' ||
  holds.some(({ payment }) => payment === id);

function paymentOf(claim: Claim, id: string): { item: Item; payment: Payment } | Denied {
  const found = claim.items
    .flatMap((item) => item.payments.map((payment) => ({ item, payment })))
    .find(({ payment }) => payment.id === id);
  return (
    found ??
    denied('unknown-code', `The bank was not instructed to make a payment "${id}" of claim ${claim.number}.`)
  );
}
