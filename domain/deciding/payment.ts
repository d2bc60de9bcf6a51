import { approvalsNeeded, hasConflict, lacksRole, mayNotApprove, releasedByRules, standingApprovals } from '../authority.ts';
import { lastPayment, partyOf, type Claim, type Item } from '../claim.ts';
import type { FactCommand, HumanCommand } from '../commands.ts';
import { add, tell, type Draft } from '../draft.ts';
import { paymentId, type ItemId } from '../ids.ts';
import { cumulativeMinor, payableHash, payableMinor } from '../payable.ts';
import type { StaffRole } from '../people.ts';
import { refused, type Refused } from '../refusals.ts';
import { riskOf } from '../risk.ts';
import { isRefused, itemAt, openItem } from './items.ts';

type Act<K extends HumanCommand['kind']> = Extract<HumanCommand, { kind: K }>;

const reviewers: StaffRole[] = ['reviewer', 'manager', 'executive'];

/** The account that came with the notice, unless the bank has returned a payment to it; else the party is asked, once. */
export function takePayee(draft: Draft, id: ItemId): Refused | undefined {
  const item = itemAt(draft.claim, id, draft.rules, 'payee');
  if (isRefused(item)) return undefined;
  const returned = item.payments.some(({ kind }) => kind === 'returned');
  const account = partyOf(draft.claim, item.party)?.account;
  if (account && !returned) add(draft, { kind: 'payee-set', item: id, party: item.party, account, changed: false });
  else if (!returned) tell(draft, { kind: 'payee-account-needed', to: { party: item.party }, facts: { item: id } });
  return undefined;
}

/** Another account or another payee: whatever was approved falls, and is approved again (S19). */
export function changePayee(draft: Draft, { person, item: id, party, account }: Act<'change-payee'>): Refused | undefined {
  const refusal = lacksRole(person, ['hotline', 'handler', 'finance']) ?? hasConflict(person, draft.claim);
  if (refusal) return refusal;
  if (!partyOf(draft.claim, party)) return refused('unknown-party', `Claim ${draft.claim.number} has no party "${party}"; it has ${draft.claim.parties.map((each) => each.id).join(', ')}.`);
  const item = openItem(draft.claim, id);
  if (isRefused(item)) return item;
  if (lastPayment(item)?.kind === 'instructed') return refused('not-now', `The payment for ${id} is with the bank; its payee can change only if the bank returns it.`);
  add(draft, { kind: 'payee-set', item: id, party, account, changed: item.payee !== undefined || item.payments.length > 0 });
  return undefined;
}

/** Every payment is scored, low ones included, before it is reviewed (S20). */
export function scorePayment(draft: Draft, id: ItemId): Refused | undefined {
  const item = itemAt(draft.claim, id, draft.rules, 'score');
  const of = isRefused(item) ? undefined : payableHash(draft.claim, item);
  if (isRefused(item) || !of) return undefined;
  add(draft, { kind: 'risk-scored', item: id, of, ...riskOf(draft.claim, item, draft.rules.pack) });
  return undefined;
}

/** What the rules may release they release; the rest waits for people, and so does every refusal. */
export function reviewByRules(draft: Draft, id: ItemId): Refused | undefined {
  const item = itemAt(draft.claim, id, draft.rules, 'review');
  if (isRefused(item) || item.refusal) return undefined;
  const of = payableHash(draft.claim, item);
  if (of && releasedByRules(draft.claim, item, draft.rules.pack)) {
    add(draft, { kind: 'approved', item: id, of, totalMinor: cumulativeMinor(draft.claim, item), needs: 0 });
    release(draft, id);
  }
  return undefined;
}

/**
 * One person's approval, bound to the hash of what they saw. Enough of them, by different people each with authority for the
 * claim's total, release the payment. Approving a proposed refusal confirms it: never by the one who proposed it (S22).
 */
export function approve(draft: Draft, { person, item: id, of }: Act<'approve'>): Refused | undefined {
  const { claim, rules } = draft;
  const refusal = lacksRole(person, reviewers) ?? hasConflict(person, claim);
  if (refusal) return refusal;
  const item = itemAt(claim, id, rules, 'review');
  if (isRefused(item)) return item;
  const problem = mayNotApprove(person, claim, item);
  if (item.refusal) return refused('not-now', `${id} is proposed for refusal: confirm it with "refuse", or return it for rework.`);
  if (problem) return problem;
  if (payableHash(claim, item) !== of) return refused('content-changed', `Amount, payee or evidence of ${id} changed since ${person.code} looked at it; look again.`);
  const needs = approvalsNeeded(claim, item, rules.pack);
  add(draft, { kind: 'approved', item: id, of, totalMinor: cumulativeMinor(claim, item), needs });
  release(draft, id);
  return undefined;
}

/** The first who refuses proposes, with clause and reasons; a second person who refuses confirms it (S22). */
export function refuse(draft: Draft, { person, item: id, clause, reasons }: Act<'refuse'>): Refused | undefined {
  const refusal = lacksRole(person, reviewers) ?? hasConflict(person, draft.claim);
  if (refusal) return refusal;
  const item = itemAt(draft.claim, id, draft.rules, 'review');
  if (isRefused(item)) return item;
  if (item.refusal) return confirmRefusal(draft, item, person.code);
  if (item.assessment?.by === person.code) return refused('segregation', `${person.code} assessed ${id} and cannot also refuse it; a reviewer must.`);
  const { refusalClauses } = draft.rules.pack;
  if (!refusalClauses.includes(clause)) return refused('unknown-code', `"${clause}" is not a clause that a refusal may cite; use one of ${refusalClauses.join(', ')}.`);
  add(draft, { kind: 'refusal-proposed', item: id, clause, reasons });
  return undefined;
}

function confirmRefusal(draft: Draft, item: Item, by: string): Refused | undefined {
  if (item.refusal?.by === by) return refused('segregation', `${by} proposed to refuse ${item.id}; somebody else must confirm it.`);
  add(draft, { kind: 'refusal-confirmed', item: item.id });
  return undefined;
}

/** Sent back to a named step, with a reason code (S7). */
export function returnForRework(draft: Draft, { person, item: id, to, reason, documents }: Act<'return-for-rework'>): Refused | undefined {
  const refusal = lacksRole(person, [...reviewers, 'verifier']) ?? hasConflict(person, draft.claim);
  if (refusal) return refusal;
  const item = itemAt(draft.claim, id, draft.rules, 'verify', 'payee', 'score', 'review', 'pay');
  if (isRefused(item)) return item;
  const { returns } = draft.rules.pack;
  if (!returns[reason]) return refused('unknown-code', `"${reason}" is not a reason for rework; use one of ${Object.keys(returns).join(', ')}.`);
  if (!returns[reason].includes(to)) return refused('unknown-code', `"${reason}" sends back to ${returns[reason].join(' or ')}, not to "${to}".`);
  if (to === 'documents' && !documents?.length) return refused('malformed', 'Sending back to "documents" names the documents that are wrong (documents: […]).');
  add(draft, { kind: 'returned-for-rework', item: id, to, reason, ...(documents && { documents }) });
  return undefined;
}

export function bankConfirmed(draft: Draft, { payment, reference }: Extract<FactCommand, { kind: 'bank-confirmed' }>): Refused | undefined {
  const item = itemPaying(draft.claim, payment);
  if (!item) return undefined;
  add(draft, { kind: 'payment-confirmed', item: item.id, payment, reference });
  return undefined;
}

export function bankReturned(draft: Draft, { payment, reason }: Extract<FactCommand, { kind: 'bank-returned' }>): Refused | undefined {
  const item = itemPaying(draft.claim, payment);
  if (!item) return undefined;
  add(draft, { kind: 'payment-returned', item: item.id, payment, reason });
  return undefined;
}

/** Approvals that no longer fit what would be paid are voided, each once, and it is said why. */
export function voidApprovals(draft: Draft, because: string): void {
  for (const { id } of draft.claim.items) {
    const item = draft.claim.items.find((each) => each.id === id);
    if (!item || item.outcome || ['instructed', 'confirmed'].includes(lastPayment(item)?.kind ?? '')) continue;
    const standing = standingApprovals(draft.claim, item);
    const stale = new Set(item.approvals.filter((approval) => !standing.includes(approval) && !wasUsed(item, approval.of)).map(({ of }) => of));
    for (const of of stale) add(draft, { kind: 'approval-voided', item: id, of, because });
  }
}

/** An approval that has led to a payment which the bank returned is spent, not void. */
const wasUsed = (item: Item, of: string): boolean => item.payments.some((payment) => payment.kind === 'returned' && payment.of === of);

function release(draft: Draft, id: ItemId): void {
  const item = draft.claim.items.find((each) => each.id === id);
  const of = item && payableHash(draft.claim, item);
  if (!item || !of) return;
  const standing = standingApprovals(draft.claim, item);
  const ruled = standing.some(({ by }) => by === 'lipei');
  if (!ruled && new Set(standing.map(({ by }) => by)).size < approvalsNeeded(draft.claim, item, draft.rules.pack)) return;
  add(draft, { kind: 'payment-approved', item: id, payment: paymentId(draft.claim.number, id, item.payments.length + 1), of, amountMinor: payableMinor(draft.claim, item) ?? 0 });
}

const itemPaying = (claim: Claim, payment: string): Item | undefined => claim.items.find((item) => lastPayment(item)?.id === payment && lastPayment(item)?.kind === 'instructed');
