import { wasInstructed, type Claim, type Cover, type Item, type RefusedCover } from '../claim/claim.ts';
import { add, notify, type Draft } from '../claim/draft.ts';
import type { ProcessCommand } from '../claim/commands.ts';
import type { ReportCommand } from '../claim/reports.ts';
import { denied, type Denied } from '../denial.ts';
import { assessmentAnew } from '../messages/triggers.ts';
import { present } from '../present.ts';
import { coveredItem } from './covered-item.ts';
import { refusedBy } from './insured.ts';
import { dueMinor } from './payable.ts';
import type { PolicyAnswer, PolicyFacts } from './policy.ts';
import { strangersTo } from './strangers.ts';

/**
 * Checks cover by the policy: in force at the moment of loss, the line covered, each damaged object insured
 * against the cause. An item that is not covered is proposed for refusal, with its clause. Two people decide
 * on it (S22): no machine refuses. Checked anew, it leaves alone what is with the bank, and a party whose
 * amount is another than it has read is notified.
 */
export function checkCover(draft: Draft, policy: PolicyFacts | undefined): void {
  const before = draft.claim;
  const cover = coverOf(before, policy);
  add(draft, { kind: 'cover-checked', cover });
  for (const { id } of before.items) {
    const item = draft.claim.items.find((each) => each.id === id);
    if (!item || item.outcome || wasInstructed(item)) continue;
    const refused = refusedBy(cover, item);
    if (refused && !item.refusal) add(draft, { kind: 'refusal-proposed', item: id, ...refused });
    else if (hasReadOtherwise(before, draft.claim, item)) notify(draft, ...assessmentAnew(draft.claim, id));
  }
}

/** What the process does with an answer about the policy. */
export const coverStep = (answer: PolicyAnswer): ProcessCommand =>
  answer.kind === 'awaited'
    ? { kind: 'wait-for-policy' }
    : { kind: 'check-cover', policy: answer.kind === 'found' ? answer.policy : undefined };

/** The policy's source could not be asked yet. Once it has said that it has none, none is awaited. */
export function waitForPolicy(draft: Draft): void {
  if (draft.claim.policyNews?.what === 'not-found') checkCover(draft, undefined);
  else add(draft, { kind: 'policy-awaited' });
}

/** The policy was corrected, or its source was asked: the road then checks cover anew. */
export function policyReported(
  draft: Draft,
  { policy, found }: Extract<ReportCommand, { kind: 'policy-changed' }>,
): Denied | undefined {
  if (policy !== draft.claim.policy)
    return denied('not-now', `${draft.claim.number} is a claim under another policy.`);
  add(draft, { kind: 'policy-changed', policy, ...present({ found }) });
  return undefined;
}

/** The party has read the amount when the assessment was verified. */
function hasReadOtherwise(before: Claim, after: Claim, item: Item): boolean {
  const isVerified =
    item.assessment !== undefined && item.signedOff.verify?.version === item.assessment.version;
  return isVerified && !item.refusal && dueMinor(before, item) !== dueMinor(after, item);
}

function coverOf(claim: Claim, policy: PolicyFacts | undefined): Cover {
  if (!policy) return { kind: 'not-covered', clause: 'no-policy', reasons: ['policy-unknown'] };
  const strangers = strangersTo(policy, claim.parties);
  const of = {
    version: policy.version,
    ...present({ wording: policy.wording, strangers: strangers.length > 0 ? strangers : undefined }),
  };
  const refused = refusedWhole(claim, policy);
  return refused ? { ...of, kind: 'not-covered', ...refused } : { ...of, ...coveredItems(claim, policy) };
}

function refusedWhole(
  { line, jurisdiction, currency, lossAt }: Claim,
  policy: PolicyFacts,
): RefusedCover | undefined {
  if (policy.line !== line) return { clause: 'line-not-covered', reasons: [`policy-is-for-${policy.line}`] };
  if (policy.jurisdiction !== jurisdiction || policy.currency !== currency)
    return {
      clause: 'line-not-covered',
      reasons: [`policy-is-for-${policy.line}-in-${policy.jurisdiction.toLowerCase()}`],
    };
  if (lossAt < policy.from) return { clause: 'not-in-force', reasons: ['loss-before-inception'] };
  return lossAt >= policy.to ? { clause: 'not-in-force', reasons: ['loss-after-expiry'] } : undefined;
}

type Covered = Extract<Cover, { kind: 'covered' }>;

function coveredItems(claim: Claim, policy: PolicyFacts): Pick<Covered, 'kind' | 'objects' | 'items'> {
  const found = claim.items.map((item) => ({ item, of: coveredItem(item, claim.cause, policy) }));
  const objects = found.flatMap(({ of }) => {
    const insured = of.kind === 'insured' ? policy.objects[of.as] : undefined;
    if (of.kind !== 'insured' || !insured) return [];
    const { sumInsuredMinor, excessMinor, sharePercent } = insured;
    return [[of.as, present({ sumInsuredMinor, excessMinor, sharePercent })] as const];
  });
  const items = found.filter(
    ({ item, of }) => of.kind === 'refused' || of.as !== item.object || of.unclear !== undefined,
  );
  return {
    kind: 'covered',
    objects: Object.fromEntries(objects),
    ...present({
      items:
        items.length > 0
          ? Object.fromEntries(items.map(({ item, of }) => [item.id, of] as const))
          : undefined,
    }),
  };
}
