import type { Claim, Item, Payment } from '../claim/claim.ts';
import type { ReportCommand } from '../claim/reports.ts';
import { add, type Draft } from '../claim/draft.ts';
import { isDenied } from '../claim/open-item.ts';
import { denied, type Denied } from '../denial.ts';

/**
 * The bank has paid. A repeated report changes nothing. The report may arrive before the answer to our
 * payment order: a paid order was instructed.
 */
export function bankConfirmed(
  draft: Draft,
  { payment: id, reference }: Extract<ReportCommand, { kind: 'bank-confirmed' }>,
): Denied | undefined {
  const found = paymentAtBank(draft.claim, id);
  if (isDenied(found)) return found;
  if (found.payment.kind === 'returned')
    return denied('not-now', `The bank has returned ${id} already, so it cannot have paid it.`);
  if (found.payment.kind === 'approved')
    add(draft, { kind: 'payment-instructed', item: found.item.id, payment: id });
  if (found.payment.kind === 'instructed' || found.payment.kind === 'approved')
    add(draft, { kind: 'payment-confirmed', item: found.item.id, payment: id, reference });
  return undefined;
}

/**
 * The bank has returned a payment. After a confirmation the customer has read that it was paid, so this is a
 * problem for people.
 */
export function bankReturned(
  draft: Draft,
  { payment: id, reason }: Extract<ReportCommand, { kind: 'bank-returned' }>,
): Denied | undefined {
  const found = paymentAtBank(draft.claim, id);
  if (isDenied(found)) return found;
  if (found.payment.kind === 'approved')
    add(draft, { kind: 'payment-instructed', item: found.item.id, payment: id });
  if (found.payment.kind === 'instructed' || found.payment.kind === 'approved')
    add(draft, { kind: 'payment-returned', item: found.item.id, payment: id, reason });
  const problem = `returned:${id}`;
  if (found.payment.kind === 'confirmed' && !draft.claim.problems.some((open) => open.id === problem))
    add(draft, {
      kind: 'problem-raised',
      problem,
      what: `the bank returned ${id} after it had confirmed it`,
    });
  return undefined;
}

function paymentAtBank(claim: Claim, id: string): { item: Item; payment: Payment } | Denied {
  const found = claim.items
    .flatMap((item) => item.payments.map((payment) => ({ item, payment })))
    .find(({ payment }) => payment.id === id);
  return (
    found ??
    denied('unknown-code', `The bank was not instructed to make a payment "${id}" of claim ${claim.number}.`)
  );
}
