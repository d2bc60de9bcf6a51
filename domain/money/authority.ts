import type { Approval, Claim, Item } from '../claim/claim.ts';
import { staffBehind } from '../people/hands.ts';
import type { RulePack, Rules } from '../rules/pack.ts';
import { after } from '../time/calendar.ts';
import { isBefore, type Instant } from '../time/time.ts';
import { insuredKey, unclearOf } from './insured.ts';
import { cumulativeMinor } from './payable.ts';
import { likelyDuplicates, lossMinor, largerMinor, wholeLossMinor } from './together.ts';

/** The number of people who must approve this item's payment, by the claim's cumulative total. */
export const approvalsNeeded = (claim: Claim, item: Item, pack: RulePack): number =>
  approvalsForTotal(cumulativeMinor(claim, item), pack);

export const approvalsForTotal = (totalMinor: number, { review }: RulePack): number =>
  review.find(({ upToMinor }) => upToMinor === undefined || totalMinor <= upToMinor)?.approvals ?? 2;

/**
 * May the rules release the payment without a person? (S34) Never after a return or an earlier decision,
 * never while cover depends on what nobody knows, never after an earlier payment that came back or that the
 * gate did not let pass, and never when nobody knows who filed the notice, whatever the amount. Never while
 * more claims are tied than the rules list. Where one member of staff alone has had all hands in it, only a
 * smaller amount (S18).
 */
export const releasedByRules = (claim: Claim, item: Item, pack: RulePack): boolean =>
  cumulativeMinor(claim, item) <= releasedUpToMinor(claim, item, pack) &&
  (item.score?.points ?? Infinity) < pack.automatic.payBelowRisk &&
  item.returned === 0 &&
  item.secondLook === undefined &&
  claim.filedBy !== 'anybody' &&
  likelyDuplicates(claim, pack).length === 0 &&
  claim.moreRelated === undefined &&
  unclearOf(claim, item).length === 0 &&
  item.payments.every(({ kind }) => !['returned', 'disputed', 'dropped'].includes(kind));

/** What the rules may release, by how many members of staff stand behind the amount. */
export const releasedUpToMinor = (
  claim: Claim,
  item: Item,
  { automatic: { payUpToMinor, oneHandUpToMinor } }: RulePack,
): number => (staffBehind(claim, item).length === 1 ? oneHandUpToMinor : payUpToMinor);

/**
 * May the rules verify what the whole loss is about for the item's object? (S34) Measured over the claims of
 * the loss, so that splitting helps nobody.
 */
export const isSmallLoss = (claim: Claim, item: Item, { automatic }: RulePack): boolean =>
  (item.assessment?.amountMinor ?? Infinity) +
    lossMinor(claim, insuredKey(claim, item)) -
    largerMinor(item) <=
  automatic.verifyUpToMinor;

/** A major loss has priority (S28): by the larger of claimed and assessed, over the claims of the loss. */
export const urgencyOf = (claim: Claim, { majorFromMinor }: RulePack): Claim['urgency'] =>
  wholeLossMinor(claim) >= majorFromMinor ? 'priority' : 'normal';

/** The reason why a payment fell: the rules have released enough for an account, person or policy today. */
export const dailyAmount = 'daily-amount';

/** The reason why a payment fell: its cover was checked with a version of the policy that counts no more. */
export const policyChanged = 'policy-changed';

/** An approval counts for a time (`approvalsValidFor`, data). */
export const isExpired = ({ at }: Approval, now: Instant, { pack, calendar }: Rules): boolean =>
  isBefore(after(at, pack.approvalsValidFor, calendar), now);
