import type { Claim, Cover, Item, RefusedCover, Unclear } from '../claim/claim.ts';
import { present } from '../present.ts';
import type { InsuredObject } from './policy.ts';

type OfItem = Pick<Item, 'id' | 'object'>;

/**
 * The key that the item's amounts are counted under: its insured object of the policy, such as
 * `insured-vehicle:2`. Its damaged object where cover is not checked yet.
 */
export function insuredKey({ cover }: Pick<Claim, 'cover'>, { id, object }: OfItem): string {
  const standing = cover?.kind === 'covered' ? cover.items?.[id] : undefined;
  return standing?.kind === 'insured' ? standing.as : object;
}

/** The insured object that the item is covered by; undefined where it is not covered. */
export function insuredBy(claim: Pick<Claim, 'cover'>, item: OfItem): InsuredObject | undefined {
  const { cover } = claim;
  if (cover?.kind !== 'covered' || cover.items?.[item.id]?.kind === 'refused') return undefined;
  return cover.objects[insuredKey(claim, item)];
}

/** What nobody knows yet of the item, and its cover depends on. */
export function unclearOf({ cover }: Pick<Claim, 'cover'>, { id }: OfItem): Unclear[] {
  const standing = cover?.kind === 'covered' ? cover.items?.[id] : undefined;
  return standing?.kind === 'insured' ? (standing.unclear ?? []) : [];
}

/** The refusal that a check of cover proposes of the item. */
export function refusedBy(cover: Cover | undefined, { id }: Pick<Item, 'id'>): RefusedCover | undefined {
  if (!cover) return undefined;
  const found = cover.kind === 'covered' ? cover.items?.[id] : cover;
  if (!found || found.kind === 'insured') return undefined;
  const { clause, reasons, term } = found;
  return { clause, reasons, ...present({ term }) };
}
