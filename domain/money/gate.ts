import { present } from '../present.ts';
import {
  heldBy,
  lastPayment,
  paymentAtBank,
  type Approval,
  type Claim,
  type Item,
  type Payment,
} from '../claim/claim.ts';
import type { JournalEntry } from '../claim/journal.ts';
import type { ClaimNumber, ItemId } from '../ids.ts';
import type { Denied } from '../denial.ts';
import type { Mark } from '../people/marks.ts';
import type { PartyId, Person, StaffCode } from '../people/people.ts';
import { staffBehind } from '../people/hands.ts';
import { inConflict, mayNot, mayNotDecideOn } from '../people/permissions.ts';
import type { RulePack } from '../rules/pack.ts';
import type { Instant } from '../time/time.ts';
import {
  approvalsForTotal,
  isExpired,
  releasedByRules,
  releasedUpToMinor,
  validApprovals,
} from './authority.ts';
import type { Currency } from './money.ts';
import { cumulativeOfClaim, payableHash, payableMinor } from './payable.ts';
import { trusted, type Evidence } from './trusted-journal.ts';

/** What the gate looks at. The journal is the stored one, with the instruction. */
export interface AtGate extends Evidence {
  entries: JournalEntry[];
  payment: string;
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
  amountMinor: number;
  currency: Currency;
  party: PartyId;
  account: Mark;
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
  | 'segregation';

export type HeldWhy =
  'journal' | 'not-instructed' | 'held' | 'withdrawal' | 'changed' | 'approvals' | 'bank' | 'other-content';

export interface Held {
  kind: 'held';
  why: HeldWhy;
  sentence: string;
}

/**
 * `may`: with the total that those who released it may release at most, for what other claims of the same
 * loss have been paid. `settled`: the bank has had its word about the payment, so nothing is to be sent.
 */
export type GateAnswer =
  | { kind: 'may'; order: Order; claim: Claim; ownMinor: number; upToMinor: number }
  | { kind: 'approval-fell'; by: StaffCode[]; because: FellBecause }
  | { kind: 'settled' }
  | Held;

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
  return inTheWay(claim, item, order) ?? released(claim, item, order, at);
}

/** A report of the bank may come before the answer to our order. */
const isSettled = ({ kind }: Payment): boolean => kind !== 'approved' && kind !== 'instructed';

export const held = (why: HeldWhy, sentence: string): Held => ({ kind: 'held', why, sentence });

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
    amountMinor: payment.amountMinor,
    currency,
    party: item.payee.party,
    account: item.payee.account,
    ...present({ holder: item.payee.holder }),
  };
}

/** What stands in the way of any payment of the item, no matter who released it. */
function inTheWay(claim: Claim, item: Item, order: Order): Held | undefined {
  const { id, of } = lastPayment(item) ?? {};
  const hold = heldBy(item);
  if (hold) return held('held', `${hold.payment} is held; finance must clear it.`);
  if (claim.withdrawalRequested) return held('withdrawal', 'A withdrawal is requested.');
  if (item.refusal || item.outcome || paymentAtBank(item)?.id !== id)
    return held('changed', `${item.id} is refused, has ended, or has another payment at the bank.`);
  return of !== order.of || order.amountMinor !== payableMinor(claim, item) || order.amountMinor <= 0
    ? held('changed', `Amount, payee or evidence of ${item.id} changed after its approval.`)
    : undefined;
}

function released(claim: Claim, item: Item, order: Order, at: AtGate): GateAnswer {
  const approvals = validApprovals(claim, item);
  const givers = [...new Set(approvals.map(({ by }) => by))];
  if (isHandInConflict(claim, item, at))
    return { kind: 'approval-fell', by: givers, because: 'hand-in-conflict' };
  const ownMinor = cumulativeOfClaim(claim, item);
  const { pack } = at.rules;
  const may = (upToMinor: number): GateAnswer => ({ kind: 'may', order, claim, ownMinor, upToMinor });
  if (approvals.some(({ by }) => by === 'lipei'))
    return releasedByRules(claim, { ...item, payments: earlier(item) }, pack)
      ? may(releasedUpToMinor(claim, item, pack))
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
  const limits = givers.flatMap((code) => at.personNow(code)?.limitMinor ?? []);
  const upToMinor = mostReleasable(limits, pack);
  return upToMinor !== undefined && ownMinor <= upToMinor
    ? may(upToMinor)
    : held('approvals', `${order.payment} lacks approvals for a total of ${ownMinor} minor units.`);
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

/**
 * The largest total that people with these limits may release together. Undefined when they may release
 * nothing. Below a bound between two numbers of approvals the answer does not change.
 */
export function mostReleasable(limits: number[], pack: RulePack): number | undefined {
  const bounds = [...limits, ...pack.review.flatMap(({ upToMinor }) => upToMinor ?? [])];
  return bounds
    .filter((total) => limits.filter((limit) => limit >= total).length >= approvalsForTotal(total, pack))
    .toSorted((one, other) => other - one)[0];
}
