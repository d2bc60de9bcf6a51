import { present } from '../present.ts';
import {
  heldBy,
  lastPayment,
  partyOf,
  paymentAtBank,
  type Approval,
  type Claim,
  type Item,
  type Payment,
} from '../claim/claim.ts';
import type { JournalEntry } from '../claim/journal.ts';
import type { ClaimNumber, ItemId } from '../ids.ts';
import type { Denied } from '../denial.ts';
import { isMarkOf, type Mark } from '../people/marks.ts';
import type { PartyId, Person, StaffCode } from '../people/people.ts';
import { staffBehind } from '../people/hands.ts';
import { inConflict, mayNot, mayNotDecideOn } from '../people/permissions.ts';
import type { Instant } from '../time/time.ts';
import { approvalsNeeded, isExpired, policyChanged, releasedByRules, type dailyAmount } from './authority.ts';
import { withElsewhere } from './elsewhere.ts';
import { insuredKey } from './insured.ts';
import type { Currency } from './money.ts';
import { dueMinor, excessDue, payableHash, validApprovals } from './payable.ts';
import type { Elsewhere } from './related.ts';
import { nextStep } from '../road/road.ts';
import { trusted, type Evidence } from './trusted-journal.ts';

/** What the gate looks at. The journal is the stored one, with the instruction. */
export interface AtGate extends Evidence {
  entries: JournalEntry[];
  payment: string;
  /** The version of the claim's policy that counts now for the moment of loss; undefined: none does. */
  policyInForce: number | undefined;
  now: Instant;
  /** A member of staff as on record now; undefined when there is none who is active. */
  personNow(code: StaffCode): Person | undefined;
}

/** What the bank is to be instructed with. */
export interface Order {
  claim: ClaimNumber;
  item: ItemId;
  payment: string;
  policy: string;
  lossAt: Instant;
  /** The hash that the approvals are bound to. */
  of: string;
  /** The key of the insured object, and the excess that was taken off for it. */
  object: string;
  excessMinor: number;
  amountMinor: number;
  currency: Currency;
  party: PartyId;
  account: Mark;
  /** The marks of the payee's telephone and mailbox. */
  people: Mark[];
  /** The rules alone released it. */
  byRules: boolean;
  holder?: Mark;
}

export type FellBecause =
  | 'expired'
  | 'total-grown'
  | 'giver-dismissed'
  | 'giver-without-role'
  | 'giver-in-conflict'
  | 'giver-of-another-branch'
  | 'giver-below-limit'
  | 'hand-in-conflict'
  | 'segregation'
  | typeof dailyAmount
  | typeof policyChanged;

export type HeldWhy =
  'journal' | 'not-instructed' | 'held' | 'withdrawal' | 'changed' | 'approvals' | 'bank' | 'other-content';

export interface Held {
  kind: 'held';
  why: HeldWhy;
  sentence: string;
}

/** By its own journal the payment may leave. What is counted together with it is looked at next. */
export interface May {
  kind: 'may';
  order: Order;
  claim: Claim;
}

/** `settled`: the bank has had its word about the payment, so nothing is to be sent. */
export type GateAnswer =
  May | { kind: 'approval-fell'; by: StaffCode[]; because: FellBecause } | { kind: 'settled' } | Held;

/**
 * May this payment leave? Believes neither the workflow nor the journal: what it rests on must be proven, and
 * those who approved must still be allowed to (design §3).
 */
export function gate(at: AtGate): GateAnswer {
  const found = trusted(at.entries, at);
  if (found.kind === 'doubtful')
    return held('journal', `Entry ${found.seq} of the journal cannot be trusted. ${found.why}`);
  const { claim } = found;
  const item = claim.items.find(({ payments }) => payments.some(({ id }) => id === at.payment));
  if (item?.payments.some((payment) => payment.id === at.payment && isSettled(payment)))
    return { kind: 'settled' };
  const order = item && orderOf(claim, item, at.payment);
  if (!item || !order) return held('not-instructed', `The journal does not instruct ${at.payment}.`);
  return inTheWay(claim, item, order) ?? isOutdated(claim, item, at) ?? released(claim, item, order, at);
}

/** Another version of the policy counts now than the one that cover was checked with. */
const isOutdated = (claim: Claim, item: Item, { policyInForce }: AtGate): GateAnswer | undefined =>
  claim.cover?.version === policyInForce
    ? undefined
    : { kind: 'approval-fell', by: giversOf(claim, item), because: policyChanged };

const giversOf = (claim: Claim, item: Item): StaffCode[] => [
  ...new Set(validApprovals(claim, item).map(({ by }) => by)),
];

/** With what the records know elsewhere the payment cannot leave as it was approved. */
export interface CountedTogether {
  kind: 'counted-together';
  elsewhere: Elsewhere;
}

/**
 * May it still leave with what the records know now of the claims that are counted together with it? The
 * amount, the papers, the verification, the risk and the authority must all be enough for that.
 */
export function countedWith(may: May, elsewhere: Elsewhere, at: AtGate): May | CountedTogether {
  const { order } = may;
  const claim = withElsewhere(uninstructed(may.claim, order), elsewhere, at.rules.pack);
  const item = claim.items.find(({ id }) => id === order.item);
  const isEnough =
    item !== undefined &&
    nextStep(claim, item, at.rules.pack) === 'pay' &&
    dueMinor(claim, item) === order.amountMinor &&
    excessDue(claim, item) === order.excessMinor &&
    released(claim, item, order, at).kind === 'may';
  return isEnough ? may : { kind: 'counted-together', elsewhere };
}

/** The claim as it was before this order was given. */
const uninstructed = (claim: Claim, { item: id, payment }: Order): Claim => ({
  ...claim,
  items: claim.items.map((item) =>
    item.id === id
      ? {
          ...item,
          payments: item.payments.map((each) => (each.id === payment ? { ...each, kind: 'approved' } : each)),
        }
      : item,
  ),
});

/** A report of the bank may come before the answer to our order. */
const isSettled = ({ kind }: Payment): boolean => kind !== 'approved' && kind !== 'instructed';

export const held = (why: HeldWhy, sentence: string): Held => ({ kind: 'held', why, sentence });

/** The order of a payment that the claim has just instructed; undefined where it instructs none. */
export function orderIn(claim: Claim, payment: string): Order | undefined {
  const item = claim.items.find(({ payments }) => payments.some(({ id }) => id === payment));
  return item && orderOf(claim, item, payment);
}

function orderOf(claim: Claim, item: Item, id: string): Order | undefined {
  const payment = lastPayment(item);
  const of = payableHash(claim, item);
  if (payment?.id !== id || payment.kind !== 'instructed' || !item.payee || !of) return undefined;
  const { number, policy, lossAt, currency } = claim;
  return {
    claim: number,
    item: item.id,
    payment: id,
    policy,
    lossAt,
    of,
    object: insuredKey(claim, item),
    excessMinor: payment.excessMinor,
    amountMinor: payment.amountMinor,
    currency,
    party: item.payee.party,
    account: item.payee.account,
    people: contactMarksOf(claim, item.payee.party),
    byRules: validApprovals(claim, item).some(({ by }) => by === 'lipei'),
    ...present({ holder: item.payee.holder }),
  };
}

const contactMarksOf = (claim: Claim, party: PartyId): Mark[] =>
  (partyOf(claim, party)?.marks ?? []).filter(
    (mark) => isMarkOf('telephone', mark) || isMarkOf('email', mark),
  );

/** What stands in the way of any payment of the item, no matter who released it. */
function inTheWay(claim: Claim, item: Item, order: Order): Held | undefined {
  const { id, of } = lastPayment(item) ?? {};
  const hold = heldBy(item);
  if (hold) return held('held', `${hold.payment} is held; finance must clear it.`);
  if (claim.withdrawalRequested) return held('withdrawal', 'A withdrawal is requested.');
  if (item.refusal || item.outcome || paymentAtBank(item)?.id !== id)
    return held('changed', `${item.id} is refused, has ended, or has another payment at the bank.`);
  return of !== order.of || order.amountMinor !== dueMinor(claim, item) || order.amountMinor <= 0
    ? held('changed', `Amount, payee or evidence of ${item.id} changed after its approval.`)
    : undefined;
}

function released(claim: Claim, item: Item, order: Order, at: AtGate): GateAnswer {
  const approvals = validApprovals(claim, item);
  const givers = giversOf(claim, item);
  if (isHandInConflict(claim, item, at))
    return { kind: 'approval-fell', by: givers, because: 'hand-in-conflict' };
  const { pack } = at.rules;
  const may: May = { kind: 'may', order, claim };
  if (order.byRules)
    return releasedByRules(claim, { ...item, payments: earlier(item) }, pack)
      ? may
      : { kind: 'approval-fell', by: ['lipei'], because: 'total-grown' };
  const fallen = approvals.flatMap((approval) => {
    const because = fallenBecause(claim, item, approval, at);
    return because ? [{ by: approval.by, because }] : [];
  });
  const [first] = fallen;
  if (first)
    return {
      kind: 'approval-fell',
      because: first.because,
      by: fallen.filter(({ because }) => because === first.because).map(({ by }) => by),
    };
  const needed = approvalsNeeded(claim, item, pack);
  return givers.length >= needed
    ? may
    : held('approvals', `${order.payment} lacks approvals: ${givers.length} of ${needed}.`);
}

/** Is somebody whose act the payment rests on related to the claim, as the records know it now? */
function isHandInConflict(claim: Claim, item: Item, { personNow }: AtGate): boolean {
  return staffBehind(claim, item).some((code) => {
    const person = personNow(code);
    return person !== undefined && inConflict(person, claim) !== undefined;
  });
}

const earlier = ({ payments }: Item): Item['payments'] => payments.slice(0, -1);

/** The reason why an approval counts no more, although it did when it was given. */
function fallenBecause(
  claim: Claim,
  item: Item,
  approval: Approval,
  { personNow, now, rules }: AtGate,
): FellBecause | undefined {
  if (isExpired(approval, now, rules)) return 'expired';
  const person = personNow(approval.by);
  if (!person) return 'giver-dismissed';
  // The person's own approval is no reason against it.
  const others = { ...item, approvals: [] };
  const denial =
    mayNot(person, 'approve', claim) ?? mayNotDecideOn(person, 'approve', claim, others, rules.pack);
  return denial && fellBy(denial);
}

function fellBy({ reason }: Denied): FellBecause {
  if (reason === 'role') return 'giver-without-role';
  if (reason === 'conflict-of-interest') return 'giver-in-conflict';
  if (reason === 'branch') return 'giver-of-another-branch';
  return reason === 'limit' ? 'giver-below-limit' : 'segregation';
}
