import type { Approval, Claim, Item } from '../claim/claim.ts';
import { staffBehind } from '../people/hands.ts';
import type { RulePack, Rules } from '../rules/pack.ts';
import { after } from '../time/calendar.ts';
import { isBefore, type Instant } from '../time/time.ts';
import { cumulativeMinor, payableHash } from './payable.ts';

/** The number of people who must approve this item's payment, by the claim's cumulative total. */
export const approvalsNeeded = (claim: Claim, item: Item, pack: RulePack): number =>
  approvalsForTotal(cumulativeMinor(claim, item), pack);

export const approvalsForTotal = (totalMinor: number, { review }: RulePack): number =>
  review.find(({ upToMinor }) => upToMinor === undefined || totalMinor <= upToMinor)?.approvals ?? 2;

/**
 * May the rules release the payment without a person? (S34) Never after a return, never after an earlier
 * payment that came back or that the gate did not let pass, and never when nobody knows who filed the notice,
 * whatever the amount. Where one member of staff alone has had all hands in it, only a smaller amount (S18).
 */
export const releasedByRules = (claim: Claim, item: Item, pack: RulePack): boolean =>
  cumulativeMinor(claim, item) <= releasedUpToMinor(claim, item, pack) &&
  (item.score?.points ?? Infinity) < pack.automatic.payBelowRisk &&
  item.returned === 0 &&
  claim.filedBy !== 'anybody' &&
  item.payments.every(({ kind }) => !['returned', 'disputed', 'dropped'].includes(kind));

/** What the rules may release, by how many members of staff stand behind the amount. */
export const releasedUpToMinor = (
  claim: Claim,
  item: Item,
  { automatic: { payUpToMinor, oneHandUpToMinor } }: RulePack,
): number => (staffBehind(claim, item).length === 1 ? oneHandUpToMinor : payUpToMinor);

/** Approvals for the payment exactly as it is now. Every decision first voids those that have expired. */
export const validApprovals = (claim: Claim, item: Item): Approval[] =>
  item.approvals.filter(({ of }) => of === payableHash(claim, item));

/** An approval counts for a time (`approvalsValidFor`, data). */
export const isExpired = ({ at }: Approval, now: Instant, { pack, calendar }: Rules): boolean =>
  isBefore(after(at, pack.approvalsValidFor, calendar), now);
