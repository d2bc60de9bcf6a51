import type { Claim, Item } from '../claim/claim.ts';
import { wasInstructed } from '../claim/claim.ts';
import { hashOf } from '../hash.ts';
import { present } from '../present.ts';
import type { RulePack } from '../rules/pack.ts';
import type { Elsewhere } from './related.ts';
import { riskOf } from './risk.ts';

/**
 * The claim with what the records know elsewhere. Where its risk is another now, an item is scored again
 * before it is paid, and approved again: the reviewers did not know.
 */
export function withElsewhere(claim: Claim, elsewhere: Elsewhere, pack: RulePack): Claim {
  const { moreRelated: _, ...rest } = claim;
  const after: Claim = { ...rest, ...elsewhereOnly(elsewhere) };
  return { ...after, items: after.items.map((item) => scoredAnew(after, item, pack)) };
}

/** Unscored and without approvals, where the risk is another than it was scored with. */
export function scoredAnew(claim: Claim, item: Item, pack: RulePack): Item {
  if (!item.score || item.outcome || wasInstructed(item)) return item;
  const factors: readonly string[] = riskOf(claim, item, pack).factors;
  if (hashOf(factors) === hashOf(item.score.factors)) return item;
  const payments = item.payments.filter(({ kind }) => kind !== 'approved');
  return { ...item, score: undefined, approvals: [], payments };
}

/** Do the records know something else than the claim? */
export const isNews = (claim: Claim, elsewhere: Elsewhere): boolean =>
  hashOf(elsewhereOnly(claim)) !== hashOf(elsewhereOnly(elsewhere));

/** Of a claim or an entry, what the records know elsewhere. */
export const elsewhereOnly = ({ related, moreRelated, policyPaid }: Elsewhere): Elsewhere => ({
  related,
  policyPaid,
  ...present({ moreRelated }),
});
