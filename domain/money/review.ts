import {
  itemOf,
  wasInstructed,
  type Approval,
  type Claim,
  type Item,
  type RefusedCover,
} from '../claim/claim.ts';
import type { HumanCommand, ProcessCommand } from '../claim/commands.ts';
import { add, type Draft } from '../claim/draft.ts';
import { isDenied, itemAt, openItem } from '../claim/open-item.ts';
import { denied, type Denied } from '../denial.ts';
import { paymentId, type ItemId } from '../ids.ts';
import { mayNot, mayNotDecideOn } from '../people/permissions.ts';
import { present } from '../present.ts';
import { stepsBetween } from '../road/steps.ts';
import type { RulePack } from '../rules/pack.ts';
import { approvalsNeeded, isExpired, policyChanged, releasedByRules } from './authority.ts';
import { refusedBy } from './insured.ts';
import { cumulativeMinor, dueMinor, excessDue, payableHash, validApprovals } from './payable.ts';
import { riskOf } from './risk.ts';

type Act<K extends HumanCommand['kind']> = Extract<HumanCommand, { kind: K }>;

/** Every payment is scored before its review, also a small one (S20). */
export function scorePayment(draft: Draft, id: ItemId): Denied | undefined {
  const item = itemAt(draft.claim, id, draft.rules, 'score');
  const of = isDenied(item) ? undefined : payableHash(draft.claim, item);
  if (isDenied(item) || !of) return undefined;
  add(draft, { kind: 'risk-scored', item: id, of, ...riskOf(draft.claim, item, draft.rules.pack) });
  return undefined;
}

/**
 * The rules release the payments that they may release. All others, and every refusal, wait for people. While
 * a withdrawal is requested, or cover is to be checked anew, they release nothing.
 */
export function reviewByRules(draft: Draft, id: ItemId): Denied | undefined {
  const item = itemAt(draft.claim, id, draft.rules, 'review');
  const { withdrawalRequested, policyNews } = draft.claim;
  if (isDenied(item) || item.refusal || withdrawalRequested || policyNews) return undefined;
  const of = payableHash(draft.claim, item);
  if (of && releasedByRules(draft.claim, item, draft.rules.pack)) {
    add(draft, { kind: 'approved', item: id, of, totalMinor: cumulativeMinor(draft.claim, item), needs: 0 });
    release(draft, id);
  }
  return undefined;
}

/**
 * One person's approval, bound to the hash of the payment that the person saw. Enough approvals release the
 * payment: by different people, each with authority for the claim's total. A proposed refusal cannot be
 * approved: a second person confirms it with `refuse` (S22).
 */
export function approve(draft: Draft, { person, item: id, of }: Act<'approve'>): Denied | undefined {
  const { claim, rules } = draft;
  const denial = mayNot(person, 'approve', claim);
  if (denial) return denial;
  const item = itemAt(claim, id, rules, 'review');
  if (isDenied(item)) return item;
  if (item.refusal)
    return denied(
      'not-now',
      `${id} is proposed for refusal: confirm it with "refuse", or return it for rework.`,
    );
  const barred = mayNotDecideOn(person, 'approve', claim, item, rules.pack);
  if (barred) return barred;
  if (payableHash(claim, item) !== of)
    return denied(
      'content-changed',
      `Amount, payee or evidence of ${id} changed since ${person.code} looked at it; look at it again.`,
    );
  const needs = approvalsNeeded(claim, item, rules.pack);
  add(draft, { kind: 'approved', item: id, of, totalMinor: cumulativeMinor(claim, item), needs });
  release(draft, id);
  return undefined;
}

/**
 * The first person proposes the refusal, with a clause and its reasons, also where the rules proposed one: no
 * machine refuses, nor helps to. A second person confirms it (S22).
 */
export function refuse(draft: Draft, command: Act<'refuse'>): Denied | undefined {
  const { person, item: id } = command;
  const denial = mayNot(person, 'refuse', draft.claim);
  if (denial) return denial;
  const item = itemAt(draft.claim, id, draft.rules, 'review');
  if (isDenied(item)) return item;
  const barred = mayNotDecideOn(person, 'refuse', draft.claim, item, draft.rules.pack);
  if (barred) return barred;
  return item.refusal && item.refusal.by !== 'lipei'
    ? confirmRefusal(draft, command, item.refusal)
    : proposeRefusal(draft, command, refusedBy(draft.claim.cover, item));
}

/** Who proposes what the policy says cites the same term of it. */
function proposeRefusal(
  draft: Draft,
  { item, clause, reasons, note }: Act<'refuse'>,
  byPolicy: RefusedCover | undefined,
): Denied | undefined {
  const checked = readRefusal(draft.rules.pack, { clause, reasons });
  if (isDenied(checked)) return checked;
  const term = checked.clause === byPolicy?.clause ? byPolicy.term : undefined;
  add(draft, { kind: 'refusal-proposed', item, ...checked, ...present({ note, term }) });
  return undefined;
}

/** The clause with its reasons, if the rules have them; else a denial with the list. */
export function readRefusal(
  { refusalReasons }: Pick<RulePack, 'refusalReasons'>,
  { clause, reasons = [] }: { clause: string | undefined; reasons: string[] | undefined },
): { clause: string; reasons: string[] } | Denied {
  const clauses = Object.keys(refusalReasons).join(', ');
  if (clause === undefined)
    return denied('malformed', `Who proposes a refusal names its clause, one of ${clauses}.`);
  const known = refusalReasons[clause];
  if (!known)
    return denied('unknown-code', `"${clause}" is not a clause for a refusal; use one of ${clauses}.`);
  const right = `of the clause ${clause}: ${known.join(', ')}`;
  if (reasons.length === 0)
    return denied('malformed', `Who proposes a refusal gives at least one reason ${right}.`);
  const strange = reasons.find((reason) => !known.some((each) => isReason(reason, each)));
  return strange === undefined
    ? { clause, reasons }
    : denied('unknown-code', `"${strange}" is not a reason ${right}.`);
}

/** `no-cover-for-*` stands for every code with that beginning. */
const isReason = (reason: string, known: string): boolean =>
  known.endsWith('*')
    ? reason.startsWith(known.slice(0, -1)) && reason.length >= known.length
    : reason === known;

/** The second person confirms what the first has proposed, and cannot say something else. */
function confirmRefusal(
  draft: Draft,
  { item, clause, reasons, note }: Act<'refuse'>,
  proposed: NonNullable<Item['refusal']>,
): Denied | undefined {
  const isAnother =
    (clause !== undefined && clause !== proposed.clause) ||
    (reasons !== undefined && reasons.toSorted().join() !== proposed.reasons.toSorted().join());
  if (isAnother)
    return denied(
      'content-changed',
      `${item} is proposed for refusal by ${proposed.clause} (${proposed.reasons.join(', ')}): ` +
        'confirm that as it is, or return the item for rework.',
    );
  add(draft, { kind: 'refusal-confirmed', item, ...present({ note }) });
  return undefined;
}

/** Returns an item to a step, with a reason code (S7). */
export function returnForRework(
  draft: Draft,
  { person, item: id, to, reason, documents }: Act<'return-for-rework'>,
): Denied | undefined {
  const { claim } = draft;
  const denial = mayNot(person, 'return-for-rework', claim);
  if (denial) return denial;
  const item = itemAt(claim, id, draft.rules, ...stepsBetween('verify', 'pay'));
  if (isDenied(item)) return item;
  const { returns } = draft.rules.pack;
  if (!returns[reason])
    return denied(
      'unknown-code',
      `"${reason}" is not a reason for rework; use one of ${Object.keys(returns).join(', ')}.`,
    );
  if (!returns[reason].includes(to))
    return denied('unknown-code', `"${reason}" returns to ${returns[reason].join(' or ')}, not to "${to}".`);
  const wrong = to === 'documents' && notReturnable(claim, item, documents ?? []);
  if (wrong) return wrong;
  add(draft, { kind: 'returned-for-rework', item: id, to, reason, ...present({ documents }) });
  return undefined;
}

/** Only documents that have arrived can be returned. To request others again would change nothing. */
function notReturnable(claim: Claim, item: Item, documents: string[]): Denied | undefined {
  const arrived = Object.keys({ ...claim.documents, ...item.documents });
  if (documents.length === 0)
    return denied('malformed', 'A return to "documents" must name the wrong documents (documents: […]).');
  const strange = documents.find((kind) => !arrived.includes(kind));
  return strange === undefined
    ? undefined
    : denied(
        'unknown-document',
        `documents: there is no "${strange}" of ${item.id} to return; ` +
          `there is ${arrived.join(', ') || 'none'}.`,
      );
}

/** Voids the approvals that no longer fit the payment, each once, with the reason. */
export function voidApprovals(draft: Draft, because: string): void {
  for (const { id } of draft.claim.items) {
    const item = itemOf(draft.claim, id);
    if (!item || item.outcome || wasInstructed(item)) continue;
    const valid = validApprovals(draft.claim, item);
    const stale = new Set(
      item.approvals
        .filter((approval) => !valid.includes(approval) && !wasUsed(item, approval.of))
        .map(({ of }) => of),
    );
    for (const of of stale) add(draft, { kind: 'approval-voided', item: id, of, because });
  }
}

/**
 * Voids the approvals that time or the claim has overtaken: older than the rules allow, or given by rules
 * that would not release the item now, because the total of the claim has grown.
 */
export function voidOutdated(draft: Draft): void {
  for (const { id } of draft.claim.items) {
    const item = itemOf(draft.claim, id);
    if (!item || item.outcome || wasInstructed(item)) continue;
    for (const approval of item.approvals.filter(({ of }) => !wasUsed(item, of))) {
      const { of, by: giver } = approval;
      const because = outdatedBecause(draft, item, approval);
      if (because) add(draft, { kind: 'approval-voided', item: id, of, because, giver });
    }
  }
}

function outdatedBecause({ claim, now, rules }: Draft, item: Item, approval: Approval): string | undefined {
  if (isExpired(approval, now, rules)) return 'expired';
  return approval.by === 'lipei' && !releasedByRules(claim, item, rules.pack) ? 'total-grown' : undefined;
}

/** Voids approvals that the gate did not accept; the payment is dropped, and the item is reviewed again. */
export function voidFallen(
  draft: Draft,
  { item: id, payment, by, because }: Extract<ProcessCommand, { kind: 'void-approvals' }>,
): Denied | undefined {
  const item = openItem(draft.claim, id);
  if (isDenied(item)) return item;
  const meant = item.payments.find((each) => each.id === payment && each.kind === 'instructed');
  if (!meant) return denied('not-now', `${payment} is not to be sent any more.`);
  for (const giver of by) add(draft, { kind: 'approval-voided', item: id, of: meant.of, because, giver });
  if (because === policyChanged) add(draft, { kind: 'policy-changed', policy: draft.claim.policy });
  return undefined;
}

/** The approval of a payment that the bank has had is used, not void. */
const wasUsed = (item: Item, of: string): boolean =>
  item.payments.some((payment) => !['approved', 'dropped'].includes(payment.kind) && payment.of === of);

function release(draft: Draft, id: ItemId): void {
  const item = draft.claim.items.find((each) => each.id === id);
  const of = item && payableHash(draft.claim, item);
  if (!item?.payee || !of) return;
  const valid = validApprovals(draft.claim, item);
  const isByRules = valid.some(({ by }) => by === 'lipei');
  if (
    !isByRules &&
    new Set(valid.map(({ by }) => by)).size < approvalsNeeded(draft.claim, item, draft.rules.pack)
  )
    return;
  add(draft, {
    kind: 'payment-approved',
    item: id,
    payment: paymentId(draft.claim.number, id, item.payments.length + 1),
    of,
    amountMinor: dueMinor(draft.claim, item) ?? 0,
    excessMinor: excessDue(draft.claim, item),
    to: item.payee.party,
  });
}
