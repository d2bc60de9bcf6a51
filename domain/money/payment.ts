import { approvalsNeeded, releasedByRules, validApprovals } from './authority.ts';
import { partyOf, wasInstructed, type Claim, type Item, type Payment } from '../claim/claim.ts';
import type { FactCommand, HumanCommand } from '../claim/commands.ts';
import { add, type Draft } from '../claim/draft.ts';
import { paymentId, type ItemId } from '../ids.ts';
import { cumulativeMinor, payableHash, payableMinor } from './payable.ts';
import type { PartyId } from '../people/people.ts';
import { mayNot, mayNotDecideOn } from '../people/permissions.ts';
import { denied, type Denied } from '../denial.ts';
import { present } from '../present.ts';
import { stepsBetween } from '../road/steps.ts';
import { riskOf } from './risk.ts';
import { isDenied, itemAt, openItem } from '../claim/open-item.ts';

type Act<K extends HumanCommand['kind']> = Extract<HumanCommand, { kind: K }>;

/**
 * The account that came with the notice, unless the bank has returned a payment to it; else the party is
 * waited for.
 */
export function takePayee(draft: Draft, id: ItemId): Denied | undefined {
  const item = itemAt(draft.claim, id, draft.rules, 'payee');
  if (isDenied(item)) return undefined;
  const returned = item.payments.some(({ kind }) => kind === 'returned');
  const account = partyOf(draft.claim, item.party)?.account;
  if (account && !returned)
    add(draft, { kind: 'payee-set', item: id, party: item.party, account, changed: false });
  return undefined;
}

/** Another account or another payee: whatever was approved falls, and is approved again (S19). */
export function setPayee(
  draft: Draft,
  { person, item: id, party, account }: Act<'set-payee'>,
): Denied | undefined {
  const refusal = mayNot(person, 'set-payee', draft.claim);
  if (refusal) return refusal;
  if (!partyOf(draft.claim, party))
    return denied(
      'unknown-party',
      `Claim ${draft.claim.number} has no party "${party}"; it has ${draft.claim.parties.map((each) => each.id).join(', ')}.`,
    );
  const item = openItem(draft.claim, id);
  if (isDenied(item)) return item;
  if (wasInstructed(item))
    return denied(
      'not-now',
      `The payment for ${id} is with the bank; its payee can change only if the bank returns it.`,
    );
  add(draft, {
    kind: 'payee-set',
    item: id,
    party,
    account,
    changed: isAnother(draft.claim, item, party, account),
  });
  return undefined;
}

/**
 * Not whom and what the notice of loss named, or not the first that was named since: somebody must look
 * (S19).
 */
function isAnother(claim: Claim, item: Item, party: PartyId, account: string): boolean {
  const noticed = partyOf(claim, item.party)?.account;
  return (
    item.payee !== undefined ||
    item.payments.length > 0 ||
    party !== item.party ||
    (noticed !== undefined && account !== noticed)
  );
}

/** Every payment is scored, low ones included, before it is reviewed (S20). */
export function scorePayment(draft: Draft, id: ItemId): Denied | undefined {
  const item = itemAt(draft.claim, id, draft.rules, 'score');
  const of = isDenied(item) ? undefined : payableHash(draft.claim, item);
  if (isDenied(item) || !of) return undefined;
  add(draft, { kind: 'risk-scored', item: id, of, ...riskOf(draft.claim, item, draft.rules.pack) });
  return undefined;
}

/** What the rules may release they release; the rest waits for people, and so does every refusal. */
export function reviewByRules(draft: Draft, id: ItemId): Denied | undefined {
  const item = itemAt(draft.claim, id, draft.rules, 'review');
  if (isDenied(item) || item.refusal) return undefined;
  const of = payableHash(draft.claim, item);
  if (of && releasedByRules(draft.claim, item, draft.rules.pack)) {
    add(draft, { kind: 'approved', item: id, of, totalMinor: cumulativeMinor(draft.claim, item), needs: 0 });
    release(draft, id);
  }
  return undefined;
}

/**
 * One person's approval, bound to the hash of what they saw. Enough of them, by different people each with
 * authority for the
 * claim's total, release the payment. Approving a proposed refusal confirms it: never by the one who proposed
 * it (S22).
 */
export function approve(draft: Draft, { person, item: id, of }: Act<'approve'>): Denied | undefined {
  const { claim, rules } = draft;
  const refusal = mayNot(person, 'approve', claim);
  if (refusal) return refusal;
  const item = itemAt(claim, id, rules, 'review');
  if (isDenied(item)) return item;
  if (item.refusal)
    return denied(
      'not-now',
      `${id} is proposed for refusal: confirm it with "refuse", or return it for rework.`,
    );
  const barred = mayNotDecideOn(person, 'approve', claim, item);
  if (barred) return barred;
  if (payableHash(claim, item) !== of)
    return denied(
      'content-changed',
      `Amount, payee or evidence of ${id} changed since ${person.code} looked at it; look again.`,
    );
  const needs = approvalsNeeded(claim, item, rules.pack);
  add(draft, { kind: 'approved', item: id, of, totalMinor: cumulativeMinor(claim, item), needs });
  release(draft, id);
  return undefined;
}

/** The first who refuses proposes, with clause and reasons; a second person who refuses confirms it (S22). */
export function refuse(
  draft: Draft,
  { person, item: id, clause, reasons }: Act<'refuse'>,
): Denied | undefined {
  const refusal = mayNot(person, 'refuse', draft.claim);
  if (refusal) return refusal;
  const item = itemAt(draft.claim, id, draft.rules, 'review');
  if (isDenied(item)) return item;
  const barred = mayNotDecideOn(person, 'refuse', draft.claim, item);
  if (barred) return barred;
  if (item.refusal) return void add(draft, { kind: 'refusal-confirmed', item: id });
  const { refusalClauses } = draft.rules.pack;
  if (!refusalClauses.includes(clause))
    return denied(
      'unknown-code',
      `"${clause}" is not a clause that a refusal may cite; use one of ${refusalClauses.join(', ')}.`,
    );
  add(draft, { kind: 'refusal-proposed', item: id, clause, reasons });
  return undefined;
}

/** Sent back to a named step, with a reason code (S7). */
export function returnForRework(
  draft: Draft,
  { person, item: id, to, reason, documents }: Act<'return-for-rework'>,
): Denied | undefined {
  const { claim } = draft;
  const refusal = mayNot(person, 'return-for-rework', claim);
  if (refusal) return refusal;
  const item = itemAt(claim, id, draft.rules, ...stepsBetween('verify', 'pay'));
  if (isDenied(item)) return item;
  const { returns } = draft.rules.pack;
  if (!returns[reason])
    return denied(
      'unknown-code',
      `"${reason}" is not a reason for rework; use one of ${Object.keys(returns).join(', ')}.`,
    );
  if (!returns[reason].includes(to))
    return denied(
      'unknown-code',
      `"${reason}" sends back to ${returns[reason].join(' or ')}, not to "${to}".`,
    );
  const wrong = to === 'documents' && notSentBack(claim, item, documents ?? []);
  if (wrong) return wrong;
  add(draft, { kind: 'returned-for-rework', item: id, to, reason, ...present({ documents }) });
  return undefined;
}

/** Only what is held can be sent back: asking for anything else again would ask for nothing. */
function notSentBack(claim: Claim, item: Item, documents: string[]): Denied | undefined {
  const kept = Object.keys({ ...claim.documents, ...item.documents });
  if (documents.length === 0)
    return denied(
      'malformed',
      'Sending back to "documents" names the documents that are wrong (documents: […]).',
    );
  const strange = documents.find((kind) => !kept.includes(kind));
  return strange === undefined
    ? undefined
    : denied(
        'unknown-document',
        `documents: there is no "${strange}" of ${item.id} to send back; there is ${kept.join(', ') || 'none'}.`,
      );
}

/**
 * Said again it changes nothing. It may overtake the answer to our own instruction: whoever pays it has been
 * told to.
 */
export function bankConfirmed(
  draft: Draft,
  { payment: id, reference }: Extract<FactCommand, { kind: 'bank-confirmed' }>,
): Denied | undefined {
  const found = paymentAtBank(draft.claim, id);
  if (isDenied(found)) return found;
  if (found.payment.kind === 'returned')
    return denied('not-now', `The bank has returned ${id} already; it cannot have paid it.`);
  if (found.payment.kind === 'approved')
    add(draft, { kind: 'payment-instructed', item: found.item.id, payment: id });
  if (found.payment.kind === 'instructed' || found.payment.kind === 'approved')
    add(draft, { kind: 'payment-confirmed', item: found.item.id, payment: id, reference });
  return undefined;
}

/**
 * What comes back after the bank has confirmed it was told to the customer as paid: somebody has to look into
 * that.
 */
export function bankReturned(
  draft: Draft,
  { payment: id, reason }: Extract<FactCommand, { kind: 'bank-returned' }>,
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

/** Approvals that no longer fit what would be paid are voided, each once, and it is said why. */
export function voidApprovals(draft: Draft, because: string): void {
  for (const { id } of draft.claim.items) {
    const item = draft.claim.items.find((each) => each.id === id);
    if (!item || item.outcome || wasInstructed(item)) continue;
    const standing = validApprovals(draft.claim, item);
    const stale = new Set(
      item.approvals
        .filter((approval) => !standing.includes(approval) && !wasUsed(item, approval.of))
        .map(({ of }) => of),
    );
    for (const of of stale) add(draft, { kind: 'approval-voided', item: id, of, because });
  }
}

/** An approval that has led to a payment which the bank returned is spent, not void. */
const wasUsed = (item: Item, of: string): boolean =>
  item.payments.some((payment) => payment.kind === 'returned' && payment.of === of);

function release(draft: Draft, id: ItemId): void {
  const item = draft.claim.items.find((each) => each.id === id);
  const of = item && payableHash(draft.claim, item);
  if (!item?.payee || !of) return;
  const standing = validApprovals(draft.claim, item);
  const ruled = standing.some(({ by }) => by === 'lipei');
  if (
    !ruled &&
    new Set(standing.map(({ by }) => by)).size < approvalsNeeded(draft.claim, item, draft.rules.pack)
  )
    return;
  add(draft, {
    kind: 'payment-approved',
    item: id,
    payment: paymentId(draft.claim.number, id, item.payments.length + 1),
    of,
    amountMinor: payableMinor(draft.claim, item) ?? 0,
    to: item.payee.party,
  });
}

function paymentAtBank(claim: Claim, id: string): { item: Item; payment: Payment } | Denied {
  const found = claim.items
    .flatMap((item) => item.payments.map((payment) => ({ item, payment })))
    .find(({ payment }) => payment.id === id);
  return (
    found ??
    denied('unknown-code', `The bank was not told to make a payment "${id}" of claim ${claim.number}.`)
  );
}
