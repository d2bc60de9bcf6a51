import { present } from '../present.ts';
import type { Cut } from './cut.ts';
import {
  paidBefore,
  type Approval,
  type Claim,
  type Documents,
  type Item,
  type Payee,
  type Payment,
} from '../claim/claim.ts';
import { hashOf } from '../hash.ts';
import type { ClaimNumber } from '../ids.ts';
import type { Currency } from './money.ts';
import { insuredBy, insuredKey } from './insured.ts';
import type { InsuredObject } from './policy.ts';
import { memoized } from '../memo.ts';
import { elsewhereMinor, takenElsewhere } from './together.ts';

/**
 * The payable amount of the item, in minor units: our share of the assessment less the excess, up to the rest
 * of the sum insured for its object. Undefined until it is assessed.
 */
export function payableMinor(claim: Claim, item: Item): number | undefined {
  if (!item.assessment || claim.cover?.kind !== 'covered') return undefined;
  const insured = insuredBy(claim, item);
  if (!insured) return 0;
  const paid = sum(ofSameObject(claim, item)) + takenElsewhere(claim, insuredKey(claim, item)).paidMinor;
  const left = insured.sumInsuredMinor - paid;
  return Math.max(0, Math.min(sharedMinor(claim, item, insured), left));
}

/** Our share of what the excess leaves of the assessment, to the nearest minor unit, a half one upwards. */
function sharedMinor(claim: Claim, item: Item, { sharePercent = 100 }: InsuredObject): number {
  const above = (item.assessment?.amountMinor ?? 0) - excessOf(claim, item);
  return Math.round((above * sharePercent) / 100);
}

/**
 * What is still to be paid of it, in minor units: less what was paid before the item was taken up again.
 * Nothing is asked back.
 */
export function dueMinor(claim: Claim, item: Item): number | undefined {
  const payable = payableMinor(claim, item);
  return payable === undefined ? undefined : Math.max(0, payable - paidBeforeMinor(item));
}

/** In minor units. */
export const paidBeforeMinor = (item: Item): number =>
  paidBefore(item).reduce((total, { amountMinor }) => total + amountMinor, 0);

/** The part of the excess that the next payment takes: an item takes it once. */
export const excessDue = (claim: Claim, item: Item): number =>
  Math.max(
    0,
    excessOf(claim, item) - paidBefore(item).reduce((total, { excessMinor }) => total + excessMinor, 0),
  );

/**
 * The excess that this item takes, in minor units. A loss has it once for each object: what other items or
 * claims were paid has taken its part already, then come the assessed items in their order.
 */
export function excessOf(claim: Claim, item: Item): number {
  const insured = insuredBy(claim, item);
  if (!item.assessment || !insured) return 0;
  const position = claim.items.findIndex(({ id }) => id === item.id);
  const before = ofSameObject(claim, item).reduce((total, other) => {
    const paid = paymentsThatCount(other);
    if (paid.length > 0) return total + paid.reduce((so, { excessMinor }) => so + excessMinor, 0);
    const isEarlier = claim.items.findIndex(({ id }) => id === other.id) < position;
    return isEarlier && !other.outcome && !other.refusal ? total + excessOf(claim, other) : total;
  }, 0);
  const rest = insured.excessMinor - before - takenElsewhere(claim, insuredKey(claim, item)).excessMinor;
  return Math.min(Math.max(0, rest), item.assessment.amountMinor);
}

/**
 * The cuts from the claimed to the payable amount. Each belongs to one rule, and together they are the whole
 * difference (S36).
 */
export function cutsOf(claim: Claim, item: Item): Cut[] {
  const payable = payableMinor(claim, item);
  if (payable === undefined || !item.assessment || claim.cover?.kind !== 'covered') return [];
  const { amountMinor: assessed, cuts: explained = [] } = item.assessment;
  const insured = insuredBy(claim, item);
  const excess = excessOf(claim, item);
  const shared = insured ? sharedMinor(claim, item, insured) : 0;
  const cuts: Cut[] = [
    ...explained.map(({ reason, minor }) => ({ rule: 'assessment' as const, reason, minor })),
    // The claimed amount may have been corrected since.
    {
      rule: 'assessment',
      minor: item.claimedMinor - assessed - explained.reduce((total, { minor }) => total + minor, 0),
    },
    { rule: 'not-covered', minor: insured ? 0 : assessed },
    { rule: 'excess', minor: excess },
    { rule: 'share', minor: insured ? assessed - excess - shared : 0 },
    { rule: 'sum-insured', minor: insured ? shared - payable : 0 },
  ];
  return cuts.filter(({ minor }) => minor !== 0);
}

/**
 * The cumulative total if this item is paid, with all claims that are counted together with this one: what
 * they were paid, or are about. Authority is measured on it, so that splitting helps nobody (design §3).
 */
export const cumulativeMinor = (claim: Claim, item: Item): number =>
  (payableMinor(claim, item) ?? 0) + sum(others(claim, item)) + elsewhereMinor(claim);

/**
 * The hash of exactly this payment: amount, payee, evidence, earlier payments and attempt. An approval is
 * bound to it, and any change gives another hash. Undefined until the amount and the payee are known.
 */
export function payableHash(claim: Claim, item: Item): string | undefined {
  const amountMinor = dueMinor(claim, item);
  return amountMinor === undefined || !item.payee
    ? undefined
    : hashOfPayment(item, claim.number, claim.currency, claim.documents, amountMinor, item.payee);
}

const hashOfPayment = memoized(
  (
    item: Item,
    claim: ClaimNumber,
    currency: Currency,
    claimDocuments: Documents,
    amountMinor: number,
    payee: Payee,
  ) =>
    hashOf({
      claim,
      item: item.id,
      amountMinor,
      currency,
      payee: { party: payee.party, account: payee.account, ...present({ holder: payee.holder }) },
      evidence: { assessment: item.assessment, documents: item.documents, claimDocuments },
      ...present({ before: item.secondLook && paidBefore(item).map(({ id }) => id) }),
      attempt: item.payments.filter(({ kind }) => kind === 'returned').length + 1,
    }),
);

/** Approvals for the payment exactly as it is now. Every decision first voids those that have expired. */
export const validApprovals = (claim: Claim, item: Item): Approval[] =>
  item.approvals.filter(({ of }) => of === payableHash(claim, item));

const others = (claim: Claim, item: Item): Item[] => claim.items.filter((other) => other.id !== item.id);

const ofSameObject = (claim: Claim, item: Item): Item[] =>
  others(claim, item).filter((other) => insuredKey(claim, other) === insuredKey(claim, item));

const sum = (items: Item[]): number =>
  items.flatMap(paymentsThatCount).reduce((total, { amountMinor }) => total + amountMinor, 0);

const paymentsThatCount = ({ payments }: Item): Payment[] => payments.filter(counts);

const counts = ({ kind }: Payment): boolean => kind !== 'returned' && kind !== 'dropped';
