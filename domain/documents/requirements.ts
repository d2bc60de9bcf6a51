import type { Claim, Document, Documents, Item } from '../claim/claim.ts';
import type { ItemId } from '../ids.ts';
import { lossMinor } from '../money/together.ts';
import { present } from '../present.ts';
import type { DocumentRule, RulePack } from '../rules/pack.ts';

/** A document that an item still needs. `item` is absent where one document serves the whole claim. */
export interface Missing {
  rule: DocumentRule;
  item?: ItemId;
  /** `received`: a handler must check it. The others must still be brought. */
  state: 'owed' | 'received' | 'rejected';
}

/**
 * The documents that the item needs, by damaged object, document and amount (S3). The amount is what the
 * whole loss is about: the larger of claimed and assessed, over all items and claims of the loss.
 */
export function requiredDocuments(claim: Claim, { object }: Item, pack: RulePack): DocumentRule[] {
  const amountMinor = lossMinor(claim, object);
  return pack.documents.filter((rule) => requires(rule, object, amountMinor));
}

/**
 * Required − waived − accepted (S5). A rejected document counts as missing, and a received one does until a
 * person has accepted it (S4).
 */
export const missingDocuments = (claim: Claim, item: Item, pack: RulePack): Missing[] =>
  requiredDocuments(claim, item, pack)
    .map((rule) => ({
      rule,
      ...present({ item: rule.scope === 'item' ? item.id : undefined }),
      state: stateOf(rule, documentsOf(claim, item, rule)),
    }))
    .filter((missing): missing is Missing => missing.state !== 'settled');

/** The accepted documents, those of the whole claim first. */
export const acceptedDocuments = (claim: Claim, item: Item): { kind: string; item?: ItemId }[] => [
  ...acceptedIn(claim.documents).map((kind) => ({ kind })),
  ...acceptedIn(item.documents).map((kind) => ({ kind, item: item.id })),
];

const acceptedIn = (documents: Documents): string[] =>
  Object.entries(documents)
    .filter(([, { state }]) => state === 'accepted')
    .map(([kind]) => kind);

/** Is the document, or a substitute, received, accepted or waived? A rejected one does not count. */
export function hasCome(claim: Claim, item: Item | undefined, kind: string, pack: RulePack): boolean {
  const rule = ruleFor(kind, pack);
  const state = rule && stateOf(rule, documentsOf(claim, item, rule));
  return state === 'received' || state === 'settled';
}

/** The documents among which a document of this rule is kept. */
export const documentsOf = (
  claim: Claim,
  item: Item | undefined,
  rule: Pick<DocumentRule, 'scope'>,
): Documents => (rule.scope === 'claim' ? claim.documents : (item?.documents ?? {}));

/**
 * The rule that requires a kind of document, directly or as a substitute; undefined when the line has no such
 * document.
 */
export const ruleFor = (kind: string, pack: RulePack): DocumentRule | undefined =>
  pack.documents.find((rule) => rule.kind === kind) ??
  pack.documents.find((rule) => rule.substitutes.includes(kind));

/** Reasons for a rejection. Each code becomes a sentence in the customer's language. */
export const rejectionReasons = [
  'unreadable',
  'page-missing',
  'wrong-document',
  'expired',
  'not-signed',
  'other',
] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

/** Every kind of document of the line, for messages and lists of choices. */
export const documentKinds = (pack: RulePack): string[] => [
  ...new Set(pack.documents.flatMap((rule) => [rule.kind, ...rule.substitutes])),
];

function requires(rule: DocumentRule, object: string, amountMinor: number): boolean {
  if (rule.scope === 'item' && rule.objects && !rule.objects.includes(object)) return false;
  return amountMinor > (rule.aboveMinor?.[object] ?? -1);
}

function stateOf(rule: DocumentRule, documents: Documents): Missing['state'] | 'settled' {
  const candidates = [rule.kind, ...rule.substitutes]
    .map((kind) => documents[kind])
    .filter((document): document is Document => document !== undefined);
  if (candidates.some(({ state }) => state === 'accepted' || state === 'waived')) return 'settled';
  if (candidates.some(({ state }) => state === 'received')) return 'received';
  return candidates.some(({ state }) => state === 'rejected') ? 'rejected' : 'owed';
}
