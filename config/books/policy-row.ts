import { DateTime } from 'luxon';
import { minorUnits } from '../../domain/money/money.ts';
import type { Mark, Marking } from '../../domain/people/marks.ts';
import { present } from '../../domain/present.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import { instantOf, isLocalDate, msOf, type Instant } from '../../domain/time/time.ts';
import { fieldMistakes } from '../field-sentences.ts';
import type { FieldMistake } from '../../domain/shape.ts';
import { phoneNumber, phoneRight } from '../notice/party-fields.ts';
import { placeOf } from '../places.ts';
import { houseWordings } from '../rules/wordings.ts';
import { policyRowSchema, type PolicyRow } from './policy-schema.ts';

/** A row that was read: times in UTC, telephones in E.164, amounts in minor units. */
export interface ReadPolicy extends Omit<PolicyRow, 'objects' | 'endorsement' | 'special'> {
  endorsement: string;
  from: Instant;
  to: Instant;
  objects: ReadObject[];
  special: NonNullable<PolicyRow['special']>;
}

type GivenObject = PolicyRow['objects'][number];

/** One insured object, with the key that claims know it by. */
export interface ReadObject extends Omit<GivenObject, 'sumInsured' | 'excess'> {
  key: string;
  sumInsuredMinor: number;
  excessMinor: number;
  /** Of its plate and chassis number. */
  marks: Mark[];
}

export type PolicyReading =
  | { kind: 'read'; policy: ReadPolicy }
  /** `number`: as far as it can be read. */
  | { kind: 'rejected'; number?: string; mistakes: FieldMistake[] };

/**
 * Reads a row of policies as it was sent, by the rules in force, and gives all its mistakes at once, as far
 * as each part is readable. `mark` tells the objects of one kind apart.
 */
export function readPolicyRow(value: unknown, packs: readonly RulePack[], mark: Marking): PolicyReading {
  const { data, error } = policyRowSchema.safeParse(value);
  if (error) return { kind: 'rejected', ...numberIn(value), mistakes: fieldMistakes(error) };
  const pack = packs.find((each) => each.line === data.line && each.jurisdiction === data.jurisdiction);
  if (!pack) return rejected(data, [unknownLine(data, packs)]);
  const { zone } = placeOf(data.jurisdiction);
  const from = momentOf(data.from, zone);
  const objects = keyed(data.objects, data.currency, mark);
  const policy: ReadPolicy = {
    ...data,
    endorsement: data.endorsement ?? from,
    from,
    to: momentOf(data.to, zone),
    people: data.people.map((each) => withPhone(each, data.jurisdiction)),
    objects: objects.map(({ read }) => read),
    special: data.special ?? [],
  };
  const mistakes = [
    ...wordingMistakes(data),
    ...currencyMistakes(data, pack),
    ...periodMistakes(policy),
    ...peopleMistakes(policy, data),
    ...objects.flatMap((each, index) => objectMistakes(each, index, data.currency, pack)),
    ...twinMistakes(policy.objects),
    ...termMistakes(policy, pack),
  ];
  return mistakes.length > 0 ? rejected(data, mistakes) : { kind: 'read', policy };
}

const rejected = ({ number }: PolicyRow, mistakes: FieldMistake[]): PolicyReading => ({
  kind: 'rejected',
  number,
  mistakes,
});

/** So that the other rows of the same policy are not taken without this one. */
function numberIn(value: unknown): { number?: string } {
  const given = typeof value === 'object' && value !== null && 'number' in value ? value.number : undefined;
  const { data } = policyRowSchema.shape.number.safeParse(given);
  return present({ number: data });
}

function unknownLine({ line, jurisdiction }: PolicyRow, packs: readonly RulePack[]): FieldMistake {
  const known = packs.map((each) => `${each.line} in ${each.jurisdiction}`).join(', ');
  const field = packs.some((each) => each.line === line) ? 'jurisdiction' : 'line';
  return {
    field,
    reason:
      `must be one that has rules: there are none for ${line} in ${jurisdiction}; ` +
      `there are rules for ${known}`,
  };
}

function currencyMistakes({ currency, line, jurisdiction }: PolicyRow, pack: RulePack): FieldMistake[] {
  return currency === pack.currency
    ? []
    : [
        {
          field: 'currency',
          reason: `must be ${pack.currency}, as the rules of ${line} in ${jurisdiction} have it`,
        },
      ];
}

/** A refusal could not quote it. */
const wordingMistakes = ({ wording }: PolicyRow): FieldMistake[] =>
  wording === undefined || houseWordings.wording(wording)
    ? []
    : [{ field: 'wording', reason: `must be one of ${houseWordings.names().join(', ')} (rules/wordings)` }];

const periodMistakes = ({ from, to }: ReadPolicy): FieldMistake[] =>
  from < to ? [] : [{ field: 'to', reason: 'must be later than from: the policy ends before it starts' }];

function peopleMistakes({ people }: ReadPolicy, given: PolicyRow): FieldMistake[] {
  const phones = people.flatMap(({ phone }, index) =>
    given.people[index]?.phone !== undefined && phone === undefined
      ? [{ field: `people[${index}].phone`, reason: `must be ${phoneRight}` }]
      : [],
  );
  const holders = given.people.filter(({ role }) => role === 'policyholder');
  if (holders.length === 0)
    return [...phones, { field: 'people', reason: 'must have a policyholder at least' }];
  if (holders.some(({ phone, email }) => phone !== undefined || email !== undefined)) return phones;
  const at = given.people.findIndex(({ role }) => role === 'policyholder');
  return [
    ...phones,
    { field: `people[${at}].phone`, reason: 'is missing: a policyholder has a telephone or an email' },
  ];
}

const withPhone = ({ phone, ...rest }: PolicyRow['people'][number], country: string) => ({
  ...rest,
  ...present({ phone: phone === undefined ? undefined : phoneNumber(phone, { country, locale: '' }) }),
});

interface Keyed {
  given: GivenObject;
  read: ReadObject;
  /** Undefined where the amount is no amount of the currency. */
  sumInsured: number | undefined;
  excess: number | undefined;
}

/** Each object with its key: its kind, and from the second of a kind on with its number. */
function keyed(objects: GivenObject[], currency: string, mark: Marking): Keyed[] {
  const counts = new Map<string, number>();
  return objects.map((given) => {
    const { object, plate, vin, sumInsured: sumText, excess: excessText = '0', ...rest } = given;
    const count = (counts.get(object) ?? 0) + 1;
    counts.set(object, count);
    const [sumInsured, excess] = [minorUnits(sumText, currency), minorUnits(excessText, currency)];
    const marks = [plate, vin].flatMap((each) => (each === undefined ? [] : [mark('vehicle', each)]));
    const read: ReadObject = {
      ...rest,
      ...present({ plate, vin }),
      object,
      key: count === 1 ? object : `${object}:${count}`,
      sumInsuredMinor: sumInsured ?? 0,
      excessMinor: excess ?? 0,
      marks: [...new Set(marks)],
    };
    return { given, read, sumInsured, excess };
  });
}

function objectMistakes(
  { given, sumInsured, excess }: Keyed,
  index: number,
  currency: string,
  pack: RulePack,
): FieldMistake[] {
  const at = `objects[${index}]`;
  const known = Object.keys(pack.objects);
  const amount = `must be an amount in ${currency}, with no more decimals than the currency has`;
  return [
    ...(known.includes(given.object)
      ? []
      : [{ field: `${at}.object`, reason: `must be one of ${known.join(', ')}` }]),
    ...(sumInsured === undefined ? [{ field: `${at}.sumInsured`, reason: amount }] : []),
    ...(excess === undefined ? [{ field: `${at}.excess`, reason: amount }] : []),
  ];
}

/** Of several objects of a kind a claim finds its own by the plate or the chassis number. */
function twinMistakes(objects: ReadObject[]): FieldMistake[] {
  return objects.flatMap(({ object, marks }, index) => {
    const others = objects.flatMap((other, at) =>
      at < index && other.object === object ? [{ other, at }] : [],
    );
    const [first] = others;
    if (!first) return [];
    const same = others.find(({ other }) => marks.some((one) => other.marks.includes(one)));
    if (same)
      return [
        {
          field: `objects[${index}].plate`,
          reason: `must be another than that of objects[${same.at}]: one object is named twice`,
        },
      ];
    return marks.length === 0 || first.other.marks.length === 0
      ? [
          {
            field: `objects[${marks.length === 0 ? index : first.at}].plate`,
            reason:
              `is missing: with several of ${object} each has a plate or vin, ` +
              'or they are one object with one sum',
          },
        ]
      : [];
  });
}

function termMistakes({ special, objects }: ReadPolicy, pack: RulePack): FieldMistake[] {
  const known = Object.keys(pack.objects);
  const numbers = special.map(({ number }) => number);
  return [
    ...special.flatMap(({ number }, index) =>
      numbers.indexOf(number) < index
        ? [
            {
              field: `special[${index}].number`,
              reason: `must be another: special[${numbers.indexOf(number)}] has it`,
            },
          ]
        : [],
    ),
    ...special.flatMap(({ excludes }, index) =>
      excludes?.object === undefined || known.includes(excludes.object)
        ? []
        : [{ field: `special[${index}].excludes.object`, reason: `must be one of ${known.join(', ')}` }],
    ),
    ...objects.flatMap(({ causes }, index) => unknownCauses(causes, `objects[${index}].causes`, pack)),
    ...special.flatMap(({ excludes }, index) =>
      unknownCauses(excludes?.causes, `special[${index}].excludes.causes`, pack),
    ),
  ];
}

const unknownCauses = (given: string[] | undefined, field: string, { causes }: RulePack): FieldMistake[] =>
  (given ?? []).flatMap((cause, index) =>
    causes.includes(cause)
      ? []
      : [{ field: `${field}[${index}]`, reason: `must be one of ${causes.join(', ')}` }],
  );

/** The moment in UTC; a day begins at midnight of the zone. */
function momentOf(text: string, zone: string): Instant {
  if (!isLocalDate(text)) return instantOf(msOf(text));
  const of = `${zone} ${text}`;
  const known = midnights.get(of);
  if (known !== undefined) return known;
  const midnight = instantOf(DateTime.fromISO(text, { zone }).startOf('day').toMillis());
  if (midnights.size > 20_000) midnights.clear();
  midnights.set(of, midnight);
  return midnight;
}

/** Policies begin on few days; a million rows ask for them again and again. */
const midnights = new Map<string, Instant>();
