import { claimSteps, itemSteps, type ClaimStep, type ItemStep, type Stage } from './steps.ts';
import { lastPayment, wasInstructed, type Claim, type Item } from '../claim/claim.ts';
import { missingDocuments } from '../documents/requirements.ts';
import { payableHash, payableMinor } from '../money/payable.ts';
import { remembered } from '../remembered.ts';
import type { RulePack } from '../rules/pack.ts';

const beforeItems: Record<ClaimStep, (claim: Claim) => boolean> = {
  acknowledge: (claim) => claim.acknowledged,
  cover: (claim) => claim.cover !== undefined,
  // Nobody is sent to look at a loss that is not covered, unless a reviewer sends the refusal back.
  survey: (claim) =>
    claim.survey !== undefined ||
    claim.surveyWaived === true ||
    claim.items.every((item) => item.refusal ?? item.outcome),
};

/**
 * The road as data: what is not done is next, and what the journal undoes is done again. Return for rework, a
 * voided approval,
 * a returned payment or a late document need no line of their own. An item that is to be refused goes
 * straight to review.
 */
const road: Record<ItemStep, (item: Item, claim: Claim, pack: RulePack) => boolean> = {
  documents: (item, claim, pack) => missingDocuments(claim, item, pack).length === 0,
  receipt: (item) => item.receipt !== undefined,
  assess: (item) => item.assessment !== undefined,
  verify: (item) => item.verified?.version === item.assessment?.version,
  payee: (item, claim) => item.payee !== undefined || payableMinor(claim, item) === 0,
  score: (item, claim) => item.score?.of === payableHash(claim, item) || payableMinor(claim, item) === 0,
  review: (item, claim) =>
    item.refusal?.confirmedBy !== undefined ||
    isApproved(item, claim) ||
    (!item.refusal && payableMinor(claim, item) === 0),
  pay: (item, claim) => wasInstructed(item) || nothingToPay(item, claim),
  confirm: (item, claim) => lastPayment(item)?.kind === 'confirmed' || nothingToPay(item, claim),
  conclude: (item) => item.outcome !== undefined,
};

const skippedByRefusal: readonly ItemStep[] = ['documents', 'receipt', 'assess', 'verify', 'payee', 'score'];

/**
 * Money at the bank is not called back: a paper that comes meanwhile does not move the item, only the bank's
 * answer does.
 */
const leftToTheBank: readonly ItemStep[] = ['confirm', 'conclude'];

const isSkipped = (step: ItemStep, item: Item): boolean =>
  wasInstructed(item)
    ? !leftToTheBank.includes(step)
    : item.refusal !== undefined && skippedByRefusal.includes(step);

/** The claim's next step before its items part; undefined when they may go. */
export const nextClaimStep = (claim: Claim): ClaimStep | undefined =>
  claimSteps.find((step) => !beforeItems[step](claim));

/** The item's next step; undefined when it has ended. */
export const nextStep = (claim: Claim, item: Item, pack: RulePack): ItemStep | undefined =>
  item.outcome ? undefined : firstUndone(item, claim, pack);

const firstUndone = remembered((item: Item, claim: Claim, pack: RulePack) =>
  itemSteps.find((step) => !isSkipped(step, item) && !road[step](item, claim, pack)),
);

/** Where a claim stands: before the items part the claim's step, then the least advanced open item's. */
export function stageOf(claim: Claim, pack: RulePack): Stage {
  if (claim.outcome) return 'closed';
  const open = claim.items.map((item) => nextStep(claim, item, pack)).filter((step) => step !== undefined);
  return nextClaimStep(claim) ?? itemSteps.find((step) => open.includes(step)) ?? 'conclude';
}

/** Approved is what was approved exactly so: another amount, payee or piece of evidence is another hash. */
const isApproved = (item: Item, claim: Claim): boolean => {
  const payment = lastPayment(item);
  return payment !== undefined && payment.kind !== 'returned' && payment.of === payableHash(claim, item);
};

const nothingToPay = (item: Item, claim: Claim): boolean =>
  item.refusal?.confirmedBy !== undefined || (!item.refusal && payableMinor(claim, item) === 0);

/** Every item has ended, and nothing that was said is left unsettled: the claim may be closed. */
export const isSettled = (claim: Claim): boolean =>
  claim.items.every(({ outcome }) => outcome) &&
  [claim.outbox, claim.unreached, claim.letters, claim.problems].every((list) => list.length === 0);
