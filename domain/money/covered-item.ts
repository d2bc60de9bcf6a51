import type { Item, ItemCover, RefusedCover, Unclear } from '../claim/claim.ts';
import { present } from '../present.ts';
import { isNamed, kindOf, type InsuredObject, type PolicyFacts, type SpecialTerm } from './policy.ts';

type Damaged = Pick<Item, 'object' | 'vehicle'>;

/** Is the damaged thing insured, under which key, and against this cause of loss? */
export function coveredItem(item: Damaged, cause: string | undefined, policy: PolicyFacts): ItemCover {
  const found = insuredAs(item, policy);
  if (found.kind === 'refused') return found;
  const insured = policy.objects[found.as];
  const refused = refusedCause(found.as, insured, cause, policy);
  if (refused) return { kind: 'refused', ...refused };
  const unclear: Unclear[] = [
    ...(found.isUnclear ? (['object-unclear'] as const) : []),
    ...(cause === undefined && dependsOnCause(found.as, insured, policy) ? (['cause-unknown'] as const) : []),
  ];
  return { kind: 'insured', as: found.as, ...present({ unclear: unclear.length > 0 ? unclear : undefined }) };
}

type Found = { kind: 'insured'; as: string; isUnclear: boolean } | ({ kind: 'refused' } & RefusedCover);

/**
 * The insured object of the kind that has the item's number plate; where the policy names no plates, the only
 * one. An item without a plate where several are insured counts as the first, and no machine pays it.
 */
function insuredAs({ object, vehicle }: Damaged, { objects }: PolicyFacts): Found {
  const found = Object.entries(objects)
    .filter(([key]) => kindOf(key) === object)
    .toSorted(([one], [other]) => numberOf(one) - numberOf(other));
  const [[first] = []] = found;
  if (first === undefined)
    return { kind: 'refused', clause: 'object-not-insured', reasons: [`no-cover-for-${object}`] };
  if (vehicle === undefined) return { kind: 'insured', as: first, isUnclear: found.length > 1 };
  const own = found.find(([, { marks }]) => marks?.includes(vehicle));
  if (own) return { kind: 'insured', as: own[0], isUnclear: false };
  const [unnamed, another] = found.filter(([, each]) => !isNamed(each));
  return unnamed
    ? { kind: 'insured', as: unnamed[0], isUnclear: another !== undefined }
    : { kind: 'refused', clause: 'object-not-insured', reasons: ['another-vehicle'] };
}

const numberOf = (key: string): number => Number(key.split(':')[1] ?? 1);

/** The object is not insured against the cause, or a special term takes it out. */
function refusedCause(
  key: string,
  insured: InsuredObject | undefined,
  cause: string | undefined,
  { special }: PolicyFacts,
): RefusedCover | undefined {
  const term = special.find((each) => isAbout(each, key) && takesOut(each, cause));
  if (term) return { clause: 'excluded-cause', reasons: ['special-term'], term: term.number };
  if (cause === undefined || insured?.causes === undefined || insured.causes.includes(cause))
    return undefined;
  return { clause: 'excluded-cause', reasons: [`not-insured-against-${cause}`] };
}

const dependsOnCause = (key: string, insured: InsuredObject | undefined, { special }: PolicyFacts): boolean =>
  insured?.causes !== undefined || special.some((term) => isAbout(term, key));

/** A term that takes nothing out says something else, which people read. */
function isAbout({ excludes }: SpecialTerm, key: string): boolean {
  const { object } = excludes ?? {};
  return excludes !== undefined && (object === undefined || object === key || object === kindOf(key));
}

/** A term without causes takes its object out whatever the cause. */
const takesOut = ({ excludes }: SpecialTerm, cause: string | undefined): boolean =>
  excludes?.causes === undefined || (cause !== undefined && excludes.causes.includes(cause));
