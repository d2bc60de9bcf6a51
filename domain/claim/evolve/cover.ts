import { assertNever } from '../../assert-never.ts';
import { scoredAnew } from '../../money/elsewhere.ts';
import { refusedBy } from '../../money/insured.ts';
import type { RulePack } from '../../rules/pack.ts';
import type { Claim, Cover, Item, PolicyNews, RefusedCover } from '../claim.ts';
import type { Of } from './change.ts';

export const coverKinds = ['cover-checked', 'policy-awaited', 'policy-changed'] as const;

/** The claim after an entry about what its policy says. */
export function afterCover(claim: Claim, entry: Of<(typeof coverKinds)[number]>, pack: RulePack): Claim {
  const news = (what: PolicyNews['what']): Claim => ({ ...claim, policyNews: { what, seq: entry.seq } });
  switch (entry.kind) {
    case 'cover-checked':
      return checked(claim, entry.cover, pack);
    case 'policy-awaited':
      return news('awaited');
    case 'policy-changed':
      return news(entry.found === 'no' ? 'not-found' : 'changed');
    default:
      return assertNever(entry);
  }
}

/** Refusals by the policy that hold no more are dropped, and what has another risk now is scored anew. */
function checked(before: Claim, cover: Cover, pack: RulePack): Claim {
  const { policyNews: _, ...claim } = before;
  const items = claim.items.map((item) =>
    isFallen(claim, cover, item) ? { ...item, refusal: undefined } : item,
  );
  const after: Claim = { ...claim, cover, items };
  return { ...after, items: items.map((item) => scoredAnew(after, item, pack)) };
}

/** Never what two people have decided, nor what one has proposed for a reason of their own. */
function isFallen(claim: Claim, cover: Cover, item: Item): boolean {
  const { refusal, outcome } = item;
  if (!refusal || outcome || refusal.confirmedBy !== undefined) return false;
  const isByPolicy = refusal.by === 'lipei' || isSame(refusal, refusedBy(claim.cover, item));
  return isByPolicy && !isSame(refusal, refusedBy(cover, item));
}

const isSame = ({ clause, reasons }: RefusedCover, other: RefusedCover | undefined): boolean =>
  other?.clause === clause && other.reasons.toSorted().join() === reasons.toSorted().join();
