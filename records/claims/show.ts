import { nextContactBy } from './projection.ts';
import { approvalsNeeded } from '../../domain/money/authority.ts';
import {
  claimedTotal,
  lastPayment,
  lastContactAt,
  type Claim,
  type Item,
  type ItemOutcome,
  type Payment,
} from '../../domain/claim/claim.ts';
import { documentsOf, requiredDocuments } from '../../domain/documents/requirements.ts';
import { insuredKey, unclearOf } from '../../domain/money/insured.ts';
import { strangersIn } from '../../domain/money/strangers.ts';
import { elsewhereMinor, likelyDuplicates } from '../../domain/money/together.ts';
import { majorUnits } from '../../domain/money/money.ts';
import { dueMinor, paidBeforeMinor, payableHash, validApprovals } from '../../domain/money/payable.ts';
import { nextClaimStep, nextStep } from '../../domain/road/road.ts';
import type { DocumentRule, RulePack } from '../../domain/rules/pack.ts';
import type { Instant } from '../../domain/time/time.ts';
import { waitingOn } from '../../domain/claim/view.ts';
import type { Shown } from '../../client/own-api/schemas/claims.ts';
import type { ShownItem } from '../../client/own-api/schemas/items.ts';
import { present } from '../../domain/present.ts';

/** Minor units in decimal notation. */
type Written = (minor: number) => string;

/** Without the messages and the follow-ups, which are not in the state. */
type OfState = Omit<Shown, 'followUps' | 'notifications' | 'unsent'>;

/**
 * A claim as people see it, from its state alone, which may come from the records or from the workflow.
 * Amounts are decimal notations in the claim's currency.
 */
export function shownClaim(claim: Claim, pack: RulePack, now: Instant): OfState {
  const contactDue = nextContactBy(claim);
  const {
    number,
    line,
    stage,
    outcome,
    handler,
    surveyor,
    handlerAway,
    stageSince,
    urgency,
    branch,
    currency,
    policy,
    lossAt,
    noticedAt,
    withdrawalRequested,
  } = claim;
  return {
    claim: number,
    line,
    stage,
    outcome: outcome ?? null,
    handler,
    surveyor,
    claimed: majorUnits(claimedTotal(claim.items), currency),
    stageSince,
    urgency,
    branch,
    currency,
    policy,
    lossAt,
    noticedAt,
    withdrawalRequested,
    ...present({ handlerAway }),
    rules: claim.rules,
    lastContactAt: lastContactAt(claim),
    nextContactBy: contactDue ?? null,
    isSilent: contactDue !== undefined && contactDue < now,
    waitingOn: waitingOn(claim),
    problems: claim.problems,
    letters: claim.letters,
    unreached: claim.unreached,
    parties: claim.parties.map(({ id, role, reach, prefers, lost }) => ({
      id,
      role,
      reach,
      ...present({ prefers }),
      lost: lost ?? {},
    })),
    related: shownRelated(claim, pack),
    moreRelated: claim.moreRelated
      ? { claims: claim.moreRelated.claims, total: majorUnits(claim.moreRelated.minor, claim.currency) }
      : null,
    cause: claim.cause ?? null,
    cover: claim.cover?.kind ?? null,
    policyVersion: claim.cover?.version ?? null,
    policyNews: claim.policyNews?.what ?? null,
    strangers: strangersIn(claim, pack),
    survey: claim.survey ?? null,
    items: claim.items.map((item) => shownItem(claim, item, pack)),
  };
}

function shownRelated(claim: Claim, pack: RulePack): Shown['related'] {
  const duplicates = likelyDuplicates(claim, pack);
  return claim.related.map((other) => ({
    claim: other.claim,
    why: other.why,
    total: majorUnits(elsewhereMinor({ related: [other] }), claim.currency),
    likelyDuplicate: duplicates.includes(other),
    finding: claim.joined[other.claim] ?? null,
  }));
}

function shownItem(claim: Claim, item: Item, pack: RulePack): ShownItem {
  const amount = (minor: number): string => majorUnits(minor, claim.currency);
  const { id, object, party, refusal, score, payee, returned } = item;
  const payable = dueMinor(claim, item);
  const paid = paidBeforeMinor(item);
  const payment = lastPayment(item);
  const key = insuredKey(claim, item);
  const unclear = unclearOf(claim, item);
  return {
    id,
    object,
    party,
    returned,
    stage: item.outcome ? 'closed' : (nextClaimStep(claim) ?? nextStep(claim, item, pack) ?? 'closed'),
    claimed: amount(item.claimedMinor),
    documents: shownDocuments(claim, item, pack),
    signedOff: item.signedOff,
    ...present({
      assessment: item.assessment && shownAssessment(item.assessment, amount),
      clock: item.clock && shownClock(item.clock, pack),
    }),
    payable: payable === undefined ? null : amount(payable),
    ...present({
      secondLook: item.secondLook && { reason: item.secondLook.reason, paidBefore: amount(paid) },
    }),
    // The hash that an approval must name: of exactly this amount, payee and evidence.
    ...present({
      of: payableHash(claim, item),
      insuredAs: key === object ? undefined : key,
      unclear: unclear.length > 0 ? unclear : undefined,
      risk: score ? { points: score.points, factors: score.factors } : undefined,
    }),
    approvals: validApprovals(claim, item).map(({ by, at }) => ({ by, at })),
    approvalsNeeded: approvalsNeeded(claim, item, pack),
    ...present({ refusal }),
    payee: payee ? { party: payee.party, changed: payee.changed } : null,
    payment: payment ? shownPayment(payment, amount) : null,
    outcome: item.outcome ? shownOutcome(item.outcome, amount) : null,
  };
}

function shownAssessment(
  { version, amountMinor, by, cuts }: NonNullable<Item['assessment']>,
  amount: Written,
) {
  const shownCuts = cuts?.map(({ reason, minor }) => ({ reason, amount: amount(minor) }));
  return { version, amount: amount(amountMinor), by, ...present({ cuts: shownCuts }) };
}

const shownClock = ({ state, due, pausedSince, reached }: NonNullable<Item['clock']>, pack: RulePack) => ({
  state,
  due,
  ...present({ article: pack.clocks.decision?.article, pausedSince, reached }),
});

function shownPayment(payment: Payment, amount: Written): ShownItem['payment'] {
  const shown = { id: payment.id, state: payment.kind, amount: amount(payment.amountMinor) };
  return payment.kind === 'returned' ? { ...shown, reason: payment.reason } : shown;
}

/**
 * The required documents, each with its own state or that of its substitute, then all other documents of the
 * item.
 */
function shownDocuments(claim: Claim, item: Item, pack: RulePack): ShownItem['documents'] {
  const rules = requiredDocuments(claim, item, pack);
  const needed = rules.map((rule) => ({ kind: rule.kind, ...bestOf(rule, claim, item) }));
  const asked = new Set(rules.flatMap((rule) => [rule.kind, ...rule.substitutes]));
  const others = Object.entries(item.documents).filter(([kind]) => !asked.has(kind));
  return [...needed, ...others.map(([kind, { state }]) => ({ kind, state }))];
}

const best = ['accepted', 'waived', 'received', 'rejected'] as const;

function bestOf(rule: DocumentRule, claim: Claim, item: Item): { state: string; by?: string } {
  const documents = documentsOf(claim, item, rule);
  for (const state of best) {
    const kind = [rule.kind, ...rule.substitutes].find((each) => documents[each]?.state === state);
    if (kind) return { state, ...present({ by: kind === rule.kind ? undefined : kind }) };
  }
  return { state: 'owed' };
}

function shownOutcome(outcome: ItemOutcome, amount: Written) {
  if (outcome.kind !== 'paid') return outcome;
  return { kind: outcome.kind, amount: amount(outcome.amountMinor), reference: outcome.reference };
}
