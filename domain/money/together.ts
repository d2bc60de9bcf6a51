import type { Claim, Item } from '../claim/claim.ts';
import type { RulePack } from '../rules/pack.ts';
import { msOf } from '../time/time.ts';
import { insuredKey } from './insured.ts';
import type { RelatedClaim, Stake } from './related.ts';

/** What an item is about: the larger of claimed and assessed; once it is paid, the assessed amount. */
export function stakeMinor({ outcome, assessment, claimedMinor }: Item): number {
  if (outcome?.kind === 'paid') return assessment?.amountMinor ?? outcome.amountMinor;
  return outcome ? 0 : Math.max(claimedMinor, assessment?.amountMinor ?? 0);
}

/** The larger of claimed and assessed, also once it is paid: what papers it needs does not change then. */
export const largerMinor = (item: Item): number =>
  item.outcome && item.outcome.kind !== 'paid'
    ? 0
    : Math.max(item.claimedMinor, item.assessment?.amountMinor ?? 0);

/** What the claim is about, by insured object. */
export const stakesOf = (claim: Pick<Claim, 'items' | 'cover'>): Record<string, number> =>
  claim.items.reduce<Record<string, number>>((stakes, item) => {
    const key = insuredKey(claim, item);
    return { ...stakes, [key]: (stakes[key] ?? 0) + stakeMinor(item) };
  }, {});

/**
 * The same loss: the same policy or vehicle within the hours, or a person has found so, of either claim;
 * unless a person has found otherwise of this one.
 */
export const isSameLoss = ({ joined }: Pick<Claim, 'joined'>, { claim, why }: RelatedClaim): boolean =>
  joined[claim] === 'same-loss' ||
  (joined[claim] !== 'another-loss' && why.some((tie) => tiesOfLoss.some((each) => each === tie)));

const tiesOfLoss = ['policy', 'vehicle', 'joined'] as const;

/** What other claims of the same loss are about, for one insured object. */
export const lossElsewhere = (claim: Claim, key: string): number =>
  sum(ofLoss(claim, key), ({ stakeMinor: stake, paidMinor }) => Math.max(stake, paidMinor));

/** What the whole loss is about, for one insured object, whatever claims it is divided into. */
export const lossMinor = (claim: Claim, key: string): number =>
  claim.items.reduce((total, item) => total + (insuredKey(claim, item) === key ? largerMinor(item) : 0), 0) +
  lossElsewhere(claim, key);

/** What the whole loss is about: the urgency follows from it. */
export const wholeLossMinor = (claim: Claim): number =>
  claim.items.reduce((total, item) => total + stakeMinor(item), 0) +
  total(claim.related.filter((other) => isSameLoss(claim, other)));

/** What all claims that are counted together with this one are about, or were paid. */
export const elsewhereMinor = ({ related, moreRelated }: Pick<Claim, 'related' | 'moreRelated'>): number =>
  total(related) + (moreRelated?.minor ?? 0);

/** What the same loss was paid elsewhere under the same policy, and the excess that was taken there. */
export function takenElsewhere(claim: Claim, key: string): Pick<Stake, 'paidMinor' | 'excessMinor'> {
  const ofPolicy = claim.related.filter((other) => isSameLoss(claim, other) && other.why.includes('policy'));
  const stakes = ofPolicy.flatMap(({ objects }) => objects[key] ?? []);
  return {
    paidMinor: claim.policyPaid[key] ?? sum(stakes, ({ paidMinor }) => paidMinor),
    excessMinor: sum(stakes, ({ excessMinor }) => excessMinor),
  };
}

/** The claims that may report the same damage a second time; until a person has found another loss. */
export const likelyDuplicates = (claim: Claim, pack: RulePack): RelatedClaim[] =>
  claim.related.filter(
    (other) =>
      isSameLoss(claim, other) &&
      claim.items.some(
        (item) => stakeMinor(item) > 0 && (other.objects[insuredKey(claim, item)]?.stakeMinor ?? 0) > 0,
      ) &&
      wasOpenLately(claim, other, pack),
  );

const dayMs = 86_400_000;

const wasOpenLately = ({ noticedAt }: Claim, { closedAt }: RelatedClaim, { together }: RulePack): boolean =>
  closedAt === undefined || msOf(noticedAt) - msOf(closedAt) <= together.duplicateDays * dayMs;

/** The larger amount of each object: an approved payment may not be placed yet. */
const total = (related: RelatedClaim[]): number =>
  sum(
    related.flatMap(({ objects }) => Object.values(objects)),
    ({ stakeMinor: stake, paidMinor }) => Math.max(stake, paidMinor),
  );

const ofLoss = (claim: Claim, key: string): Stake[] =>
  claim.related.filter((other) => isSameLoss(claim, other)).flatMap(({ objects }) => objects[key] ?? []);

const sum = (stakes: Stake[], of: (stake: Stake) => number): number =>
  stakes.reduce((so, stake) => so + of(stake), 0);
