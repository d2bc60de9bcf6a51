import type { Claim, Document, Documents, Item } from '../claim/claim.ts';
import type { ItemId } from '../ids.ts';
import { present } from '../present.ts';
import type { DocumentRule, RulePack } from '../rules/pack.ts';

/**
 * A document that an item cannot go on without. `item` is absent where one document serves the whole claim.
 */
export interface Missing {
  rule: DocumentRule;
  item?: ItemId;
  /** `received` is on a handler's table, the others are still owed. */
  state: 'owed' | 'received' | 'rejected';
}

/** What the item must have: by damaged object, document and amount (S3). */
export const requiredDocuments = (
  item: Pick<Item, 'object' | 'claimedMinor'>,
  pack: RulePack,
): DocumentRule[] => pack.documents.filter((rule) => requires(rule, item));

/**
 * Required − waived − accepted (S5); a rejected document counts as missing, a received one until somebody
 * accepted it (S4).
 */
export const missingDocuments = (claim: Claim, item: Item, pack: RulePack): Missing[] =>
  requiredDocuments(item, pack)
    .map((rule) => ({
      rule,
      ...present({ item: rule.scope === 'item' ? item.id : undefined }),
      state: stateOf(rule, documentsOf(claim, item, rule)),
    }))
    .filter((missing): missing is Missing => missing.state !== 'settled');

/** What is held and in order, the claim's own first. */
export const acceptedDocuments = (claim: Claim, item: Item): { kind: string; item?: ItemId }[] => [
  ...acceptedIn(claim.documents).map((kind) => ({ kind })),
  ...acceptedIn(item.documents).map((kind) => ({ kind, item: item.id })),
];

const acceptedIn = (documents: Documents): string[] =>
  Object.entries(documents)
    .filter(([, { state }]) => state === 'accepted')
    .map(([kind]) => kind);

/** Is it, or one that does as well, held or done without? A rejected one is not. */
export function hasCome(claim: Claim, item: Item | undefined, kind: string, pack: RulePack): boolean {
  const rule = ruleFor(kind, pack);
  const state = rule && stateOf(rule, documentsOf(claim, item, rule));
  return state === 'received' || state === 'settled';
}

/** Where documents of this rule are kept. */
export const documentsOf = (
  claim: Claim,
  item: Item | undefined,
  rule: Pick<DocumentRule, 'scope'>,
): Documents => (rule.scope === 'claim' ? claim.documents : (item?.documents ?? {}));

/**
 * The rule that asks for a kind of document, directly or as a substitute; undefined when the line knows no
 * such document.
 */
export const ruleFor = (kind: string, pack: RulePack): DocumentRule | undefined =>
  pack.documents.find((rule) => rule.kind === kind) ??
  pack.documents.find((rule) => rule.substitutes.includes(kind));

/** Why a paper is sent back, in codes that become sentences in the customer's language. */
export const rejectionReasons = [
  'unreadable',
  'page-missing',
  'wrong-document',
  'expired',
  'not-signed',
] as const;

/** Every kind of document that the line knows, for messages and lists of choices. */
export const documentKinds = (pack: RulePack): string[] => [
  ...new Set(pack.documents.flatMap((rule) => [rule.kind, ...rule.substitutes])),
];

function requires(rule: DocumentRule, item: Pick<Item, 'object' | 'claimedMinor'>): boolean {
  if (rule.scope === 'item' && rule.objects && !rule.objects.includes(item.object)) return false;
  return item.claimedMinor > (rule.aboveMinor?.[item.object] ?? -1);
}

function stateOf(rule: DocumentRule, documents: Documents): Missing['state'] | 'settled' {
  const candidates = [rule.kind, ...rule.substitutes]
    .map((kind) => documents[kind])
    .filter((document): document is Document => document !== undefined);
  if (candidates.some(({ state }) => state === 'accepted' || state === 'waived')) return 'settled';
  if (candidates.some(({ state }) => state === 'received')) return 'received';
  return candidates.some(({ state }) => state === 'rejected') ? 'rejected' : 'owed';
}
