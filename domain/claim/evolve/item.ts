import { assertNever } from '../../assert-never.ts';
import { insuredBy } from '../../money/insured.ts';
import { present } from '../../present.ts';
import { returnedTo } from '../../road/road.ts';
import { signOffs, type SignOff } from '../../road/steps.ts';
import { itemOf, type Claim, type Document, type Item } from '../claim.ts';
import type { JournalEntry } from '../journal.ts';
import { onItem, type Of } from './change.ts';

export const itemKinds = [
  'assessed',
  'returned-for-rework',
  'refusal-proposed',
  'refusal-confirmed',
  'item-concluded',
  'item-reopened',
  'appeal-recorded',
  'decision-kept',
  'clock-changed',
] as const;

/** The claim after an entry about an item's way along the road. */
export function afterItem(claim: Claim, entry: Of<(typeof itemKinds)[number]>): Claim {
  switch (entry.kind) {
    case 'assessed':
      return assessed(claim, entry);
    case 'returned-for-rework':
      return reworked(claim, entry);
    case 'refusal-proposed':
      return onItem(claim, entry.item, () => ({
        refusal: {
          clause: entry.clause,
          reasons: entry.reasons,
          by: entry.by,
          ...present({ term: entry.term }),
        },
      }));
    case 'refusal-confirmed':
      return onItem(claim, entry.item, (item) =>
        item.refusal ? { refusal: { ...item.refusal, confirmedBy: entry.by } } : {},
      );
    case 'item-concluded':
      return onItem(claim, entry.item, () => ({ outcome: entry.outcome, endedAt: entry.at }));
    case 'item-reopened':
      return reopened(claim, entry);
    case 'appeal-recorded':
      return onItem(claim, entry.item, () => ({ appeal: { note: entry.note.note } }));
    case 'decision-kept':
      return onItem(claim, entry.item, () => ({ lateDocument: undefined }));
    case 'clock-changed':
      return onItem(claim, entry.item, () => ({ clock: entry.to }));
    default:
      return assertNever(entry);
  }
}

const stepsBySignOff = new Map<string, string>(Object.entries(signOffs).map(([step, kind]) => [kind, step]));

export const isSignOff = (entry: JournalEntry): entry is Of<SignOff> => stepsBySignOff.has(entry.kind);

/** The claim after one of the road's steps was signed off. */
export const afterSignOff = (claim: Claim, { kind, item, version, by }: Of<SignOff>): Claim =>
  onItem(claim, item, ({ signedOff }) => ({
    signedOff: { ...signedOff, [stepsBySignOff.get(kind) ?? kind]: { version, by } },
  }));

const assessed = (claim: Claim, { item, version, amountMinor, by, cuts }: Of<'assessed'>): Claim =>
  onItem(claim, item, () => ({
    assessments: version,
    assessment: { version, amountMinor, by, ...present({ cuts }) },
  }));

/** Returned to a step: what was done from there on is done again, and what rested on it is cancelled. */
function reworked(
  claim: Claim,
  { item: id, to, reason, documents: kinds = [], at }: Of<'returned-for-rework'>,
): Claim {
  const item = itemOf(claim, id);
  if (!item) return claim;
  const before = item.refusal ? coverAnew(claim, item) : claim;
  const returned = onItem(before, id, () => ({ ...returnedTo(to, item), returned: item.returned + 1 }));
  if (to !== 'documents') return returned;
  const rejected: Document = { state: 'rejected', reason, at };
  const rejectAll = (some: string[]): Record<string, Document> =>
    Object.fromEntries(some.map((kind) => [kind, rejected]));
  const isOfClaim = (kind: string): boolean => kind in claim.documents;
  const withItems = onItem(returned, id, ({ documents }) => ({
    documents: { ...documents, ...rejectAll(kinds.filter((kind) => !isOfClaim(kind))) },
  }));
  return {
    ...withItems,
    documents: { ...withItems.documents, ...rejectAll(kinds.filter(isOfClaim)) },
  };
}

/**
 * Taken up again after its end, as it was then, or with the steps from one on taken anew. What was decided
 * has its clock of the law anew: who asks again has claimed again (Insurance Law art. 23). Where nothing was
 * decided, a mistake gains no time.
 */
function reopened(claim: Claim, { item: id, reason, to, deciders = [], at }: Of<'item-reopened'>): Claim {
  const item = itemOf(claim, id);
  if (!item) return claim;
  const open = {
    outcome: undefined,
    endedAt: undefined,
    appeal: undefined,
    lateDocument: undefined,
  };
  const before = coverAnew(claim, item);
  if (to === 'where-it-stood') return onItem(before, id, () => open);
  const paid = item.payments.filter(({ kind }) => kind === 'confirmed' || kind === 'disputed');
  return onItem(before, id, () => ({
    ...returnedTo(to, item),
    ...open,
    clock: undefined,
    refusal: undefined,
    approvals: item.approvals.filter(({ of }) => paid.some((each) => each.of === of)),
    secondLook: { reason, at, deciders, payments: paid.map((each) => each.id) },
  }));
}

/** A refusal of what is not covered is undone by checking cover again. */
const coverAnew = (claim: Claim, item: Item): Claim =>
  isCovered(claim, item) ? claim : { ...claim, cover: undefined };

const isCovered = (claim: Claim, item: Item): boolean => insuredBy(claim, item) !== undefined;
