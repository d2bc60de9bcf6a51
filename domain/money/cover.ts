import type { PolicyFacts } from './policy.ts';
import type { Claim, Cover } from '../claim/claim.ts';
import { add, type Draft } from '../claim/draft.ts';

/**
 * Checks cover by the policy: in force at the date of loss, the line covered, each damaged object insured. An
 * item that is not covered is proposed for refusal, with its clause. Two people decide on it (S22): no
 * machine refuses.
 */
export function checkCover(draft: Draft, policy: PolicyFacts | undefined): void {
  const cover = coverOf(draft.claim, policy);
  add(draft, { kind: 'cover-checked', cover });
  for (const item of draft.claim.items.filter(({ outcome }) => !outcome)) {
    const refusal = refusalOf(cover, item.object);
    if (refusal)
      add(draft, {
        kind: 'refusal-proposed',
        item: item.id,
        clause: refusal.clause,
        reasons: refusal.reasons,
      });
  }
}

function refusalOf(
  cover: Cover,
  object: string,
): Pick<Extract<Cover, { kind: 'not-covered' }>, 'clause' | 'reasons'> | undefined {
  if (cover.kind === 'not-covered') return cover;
  if (cover.objects[object]) return undefined;
  return { clause: 'object-not-insured', reasons: [`no-cover-for-${object}`] };
}

function coverOf(claim: Claim, policy: PolicyFacts | undefined): Cover {
  if (!policy) return { kind: 'not-covered', clause: 'no-policy', reasons: ['policy-unknown'] };
  if (policy.line !== claim.line)
    return { kind: 'not-covered', clause: 'line-not-covered', reasons: [`policy-is-for-${policy.line}`] };
  if (claim.lossAt < policy.from)
    return { kind: 'not-covered', clause: 'not-in-force', reasons: ['loss-before-inception'] };
  if (claim.lossAt >= policy.to)
    return { kind: 'not-covered', clause: 'not-in-force', reasons: ['loss-after-expiry'] };
  return { kind: 'covered', objects: policy.objects };
}
