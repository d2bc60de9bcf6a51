import { lastPayment, type Claim, type Item } from '../claim/claim.ts';
import { cumulativeMinor, payableHash } from './payable.ts';
import type { RulePack } from '../rules/pack.ts';

/** The number of people who must approve this item's payment, by the claim's cumulative total. */
export const approvalsNeeded = (claim: Claim, item: Item, pack: RulePack): number =>
  pack.review.find(({ upToMinor }) => upToMinor === undefined || cumulativeMinor(claim, item) <= upToMinor)
    ?.approvals ?? 2;

/**
 * May the rules release the payment without a person? (S34) Never after a return, and never after a returned
 * payment, whatever the amount.
 */
export const releasedByRules = (claim: Claim, item: Item, pack: RulePack): boolean =>
  cumulativeMinor(claim, item) <= pack.automatic.payUpToMinor &&
  (item.score?.points ?? Infinity) < pack.automatic.payBelowRisk &&
  item.returned === 0 &&
  lastPayment(item)?.kind !== 'returned';

/** Approvals that are valid for the payment exactly as it is now. */
export const validApprovals = (claim: Claim, item: Item): Item['approvals'] =>
  item.approvals.filter(({ of }) => of === payableHash(claim, item));
