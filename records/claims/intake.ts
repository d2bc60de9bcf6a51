import { present } from '../../domain/present.ts';
import type { NumbersOnRecord } from './claim-numbers.ts';
import type { PolicyOnRecord } from '../policies/policies.ts';
import { malformedBy } from '../../config/notice/malformed-notice.ts';
import type { MalformedNotice, Mistake } from '../../config/notice/mistake.ts';
import { namedIn } from '../../config/notice/named.ts';
import { readNotice, type CompleteNotice } from '../../config/notice/read.ts';
import { claimedTotal } from '../../domain/claim/claim.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import { minorUnits } from '../../domain/money/money.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import type { Instant } from '../../domain/time/time.ts';

/** `awaited`: the book does not have it, and its source does not answer. */
type PolicyFound = PolicyOnRecord | undefined | 'down' | 'awaited';

/** What is read from the records; `down` where they do not answer and the answer is not essential. */
export interface IntakeRecords {
  policyOf(number: string, lossAt: Instant): Promise<PolicyFound>;
  numbersOf(notice: Pick<CompleteNotice, 'source' | 'reference'>): Promise<NumbersOnRecord | 'down'>;
}

export interface IntakeTerms {
  now: Instant;
  /** The rules in force for each line and jurisdiction. */
  packs: readonly RulePack[];
  /**
   * `filing`: the sender can correct mistakes. An unknown policy is a mistake, and so is a policy without
   * rules. A notice in the records is already filed. `opening`: the claim's workflow has begun and is opened
   * if possible. The cover check finds an unknown policy.
   */
  purpose: 'filing' | 'opening';
}

/** A notice that can become a claim, with all that the opening needs. */
export interface Taken {
  kind: 'taken';
  notice: CompleteNotice;
  policy: PolicyFound;
  numbers: NumbersOnRecord | 'down';
  /** The policy's rules. Without a policy: those of the first line that has the damaged objects. */
  pack: RulePack;
  currency: string;
  items: { object: string; party: string; plate?: string; claimedMinor: number }[];
  totalMinor: number;
  urgency: 'priority' | 'normal';
}

export type Intake =
  Taken | MalformedNotice | { kind: 'already-filed'; claim: ClaimNumber; notice: CompleteNotice };

/**
 * The intake of a notice of loss: the one place that reads it, finds its policy, its rules and its number,
 * and checks its objects and amounts. The API calls it so that the sender gets all mistakes at once. The
 * claim's first activity calls it again, because a claim may start without the API, and the records may have
 * been down.
 */
export async function intake(value: unknown, terms: IntakeTerms, records: IntakeRecords): Promise<Intake> {
  const named = namedIn(value);
  const policy =
    named.policy === undefined ? undefined : await records.policyOf(named.policy, named.lossAt ?? terms.now);
  const known = typeof policy === 'object' ? policy : undefined;
  const own = known && terms.packs.filter((pack) => isFor(pack, known));
  const candidates = own?.length ? own : terms.packs;
  const pack = packKnowing(named.objects, candidates);
  const currency = known?.currency ?? pack.currency;

  const reading = readNotice(value, { now: terms.now, currency, country: pack.jurisdiction });
  const hasNoRules = terms.purpose === 'filing' && own?.length === 0;
  const isUnknown = terms.purpose === 'filing' && named.policy !== undefined && policy === undefined;
  const strange = [
    ...(isUnknown ? [unknownPolicy] : []),
    ...(known && hasNoRules
      ? [withoutRules(known)]
      : [...unknownObjects(named.objects, pack, candidates), ...unknownCause(named.cause, pack)]),
  ];
  if (reading.kind === 'malformed') return withMore(reading, strange);
  const { notice } = reading;
  const numbers = await records.numbersOf(notice);
  if (numbers !== 'down' && numbers.own && (terms.purpose === 'filing' || numbers.isRetired))
    return { kind: 'already-filed', claim: numbers.own, notice };
  if (strange.length > 0) return malformedBy(strange);

  const items = notice.items.map(({ object, party, plate, claimed }) => ({
    object,
    party,
    ...present({ plate }),
    claimedMinor: minorUnits(claimed, currency) ?? 0,
  }));
  const totalMinor = claimedTotal(items);
  const urgency = totalMinor >= pack.majorFromMinor ? 'priority' : 'normal';
  return { kind: 'taken', notice, policy, numbers, pack, currency, items, totalMinor, urgency };
}

const isFor = ({ line, jurisdiction }: RulePack, policy: PolicyOnRecord): boolean =>
  line === policy.line && jurisdiction === policy.jurisdiction;

/** Adds the mistakes from the records and the rules to those of the reading; one for each field. */
function withMore({ understood, mistakes }: MalformedNotice, strange: Mistake[]): MalformedNotice {
  const read = mistakes.map((each) => ({ ...each, understood }));
  const more = strange.filter(({ field }) => mistakes.every((each) => each.field !== field));
  return malformedBy([...read, ...more]);
}

/** Also for a corrected policy number. */
export const unknownPolicy: Mistake = {
  field: 'policy',
  understood: true,
  sentence: 'policy must be the number of a policy in the records; this one is not there.',
};

const withoutRules = ({ line, jurisdiction }: PolicyOnRecord): Mistake => ({
  field: 'policy',
  understood: true,
  sentence: `policy is for ${line} in ${jurisdiction}, and there are no rules for such claims here.`,
});

/** The object of each item in order; undefined where it is unreadable. */
type Objects = readonly (string | undefined)[];

const knows = (pack: RulePack, objects: Objects): boolean =>
  objects.every((object) => object === undefined || pack.objects[object] !== undefined);

/** The first pack with all known objects, or else the first pack with the first known object. */
function packKnowing(objects: Objects, candidates: readonly RulePack[]): RulePack {
  const known = objects.filter((object) => candidates.some((pack) => object && pack.objects[object]));
  const found =
    candidates.find((pack) => knows(pack, known)) ??
    candidates.find((pack) => knows(pack, known.slice(0, 1))) ??
    candidates[0];
  if (!found) throw new Error('There are no rules for claims.');
  return found;
}

/** A cause that the line does not have. */
export function unknownCause(cause: string | undefined, { causes }: Pick<RulePack, 'causes'>): Mistake[] {
  if (cause === undefined || causes.includes(cause)) return [];
  const sentence = `cause must be one of ${causes.join(', ')}; "${cause}" is not. Leave it out if unknown.`;
  return [{ field: 'cause', understood: true, sentence }];
}

/**
 * An object of no line: the sentence lists the objects of all lines. An object of another line: it lists
 * those of this pack.
 */
function unknownObjects(objects: Objects, pack: RulePack, candidates: readonly RulePack[]): Mistake[] {
  const everywhere = [...new Set(candidates.flatMap((each) => Object.keys(each.objects)))];
  const here = Object.keys(pack.objects);
  return objects.flatMap((object, index) => {
    if (object === undefined || here.includes(object)) return [];
    const field = `items[${index}].object`;
    const known = everywhere.includes(object) ? here : everywhere;
    const sentence = `${field} must be one of ${known.join(', ')}; "${object}" is not.`;
    return [{ field, understood: true, sentence }];
  });
}
