import { isMarkOf, type Mark } from '../people/marks.ts';
import type { PartyRole } from '../people/people.ts';
import type { Currency } from './money.ts';
import type { Instant } from '../time/time.ts';

/**
 * What a policy says for one loss, from the version in force at its moment, or else from the nearest one. It
 * has codes, amounts, dates and marks: no name, number or address.
 */
export interface PolicyFacts {
  number: string;
  /** Of the row in the policy book: rows are never changed, so the same version says the same for ever. */
  version: number;
  line: string;
  jurisdiction: string;
  currency: Currency;
  /** In force from this moment on, and until the other one, which does not count. */
  from: Instant;
  to: Instant;
  /**
   * By insured object, as `insured-vehicle`; of several of one kind by `insured-vehicle:2`, and their marks
   * tell them apart.
   */
  objects: Record<string, InsuredObject>;
  /** Who belongs to it. Empty where the book knows nobody: then nobody is a stranger. */
  people: PolicyPerson[];
  /** The wording that its clauses are in (`rules/wordings`). */
  wording?: string;
  /** Terms of this policy alone; their words stay in the book. */
  special: SpecialTerm[];
}

/** What the records answer about a policy. `awaited`: its source may have it, and has not said yet. */
export type PolicyAnswer = { kind: 'found'; policy: PolicyFacts } | { kind: 'unknown' } | { kind: 'awaited' };

/** What items of a claim depend on in it: a fleet has many vehicles, and a claim is about few. */
export function concerning(
  policy: PolicyFacts,
  items: readonly { object: string; vehicle?: Mark }[],
): PolicyFacts {
  const keys = items.flatMap(({ object, vehicle }) => {
    const ofKind = Object.keys(policy.objects).filter((key) => kindOf(key) === object);
    // Two of a kind show that there are several.
    return ofKind.filter((key, index) => index < 2 || isOrMayBe(policy.objects[key], vehicle));
  });
  const objects = Object.entries(policy.objects).filter(([key]) => keys.includes(key));
  return { ...policy, objects: Object.fromEntries(objects) };
}

/** `insured-vehicle` of `insured-vehicle:2`. */
export const kindOf = (key: string): string => key.split(':')[0] ?? key;

/** Does the policy say which vehicle it is? */
export const isNamed = ({ marks }: InsuredObject): boolean =>
  marks?.some((mark) => isMarkOf('vehicle', mark)) ?? false;

const isOrMayBe = (object: InsuredObject | undefined, vehicle: Mark | undefined): boolean =>
  object !== undefined &&
  (!isNamed(object) || (vehicle !== undefined && object.marks?.includes(vehicle) === true));

export interface InsuredObject {
  sumInsuredMinor: number;
  excessMinor: number;
  /** How much of the loss above the excess we bear, in percent; absent: all of it. */
  sharePercent?: number;
  /** Of its plate and chassis number, where it is a vehicle. */
  marks?: Mark[];
  /** The causes of loss that it is insured against, as the line names them; absent: all of the line. */
  causes?: string[];
}

export interface PolicyPerson {
  role: PartyRole;
  /** Of their telephones, mailboxes, identity number, accounts and name. */
  marks: Mark[];
}

/** A term that takes causes of loss out, for one object or for all. */
export interface SpecialTerm {
  /** Its number in the policy, which the customer can read. */
  number: string;
  excludes?: { object?: string; causes?: string[] };
}
