import type { Claim, Item } from '../claim/claim.ts';
import { unclearOf } from './insured.ts';
import { payableMinor } from './payable.ts';
import type { RiskFactor, RiskRule, RulePack } from '../rules/pack.ts';
import { msOf } from '../time/time.ts';
import { isOfStranger } from './strangers.ts';
import { elsewhereMinor, likelyDuplicates } from './together.ts';

/** Every payment has a score, also a small one (S20). The factors are kept with it. */
export function riskOf(claim: Claim, item: Item, pack: RulePack): { points: number; factors: RiskFactor[] } {
  const found = pack.risk.filter((rule) => applies[rule.factor](claim, item, rule, pack));
  return {
    points: found.reduce((sum, rule) => sum + rule.points, 0),
    factors: found.map((rule) => rule.factor),
  };
}

const hourMs = 3_600_000;

const applies: Record<RiskFactor, (claim: Claim, item: Item, rule: RiskRule, pack: RulePack) => boolean> = {
  'late-notice': (claim, _, rule) => msOf(claim.noticedAt) - msOf(claim.lossAt) > (rule.limit ?? 0) * hourMs,
  'no-scene': (claim) => claim.survey?.onScene === false,
  'amount-above': (claim, item, rule) =>
    (payableMinor(claim, item) ?? 0) + elsewhereMinor(claim) > (rule.limit ?? 0),
  'likely-duplicate': (claim, _, __, pack) => likelyDuplicates(claim, pack).length > 0,
  'payee-changed': (_, item) => item.payee?.changed === true,
  'assessed-above-claimed': (_, item) => (item.assessment?.amountMinor ?? 0) > item.claimedMinor,
  stranger: (claim, item, _, pack) => isOfStranger(claim, item, pack),
  'object-unclear': (claim, item) => unclearOf(claim, item).includes('object-unclear'),
  'cause-unknown': (claim, item) => unclearOf(claim, item).includes('cause-unknown'),
  'returned-before': (_, item) =>
    item.payments.some(({ kind }) => kind === 'returned' || kind === 'disputed'),
};
