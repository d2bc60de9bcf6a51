import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';
import { minorUnits, type Currency } from '../domain/money/money.ts';
import type { NoticeOfLoss, NoticeParty } from '../domain/claim/notice.ts';
import { partyRoles } from '../domain/people/people.ts';
import {
  inWords,
  partyFieldNames,
  partyFields,
  picked,
  requiredFields,
  type PartyFieldName,
  type PartyFieldValues,
} from '../domain/people/party-fields.ts';
import { instantOf, isLocalDate, msOf, type Instant } from '../domain/time/time.ts';
import { allSentences, must, mustBe, strictFields, type FieldSentence } from './field-sentences.ts';
import { optionalShape } from './shape-of.ts';
import { present } from '../domain/present.ts';

/**
 * Longer ago than any claim is still owed for (Insurance Law art. 26: five years at most): the year was
 * mistyped.
 */
const oldestLossYears = 10;

/** Sums of twenty items stay exact. */
const largestClaimedMinor = 10_000_000_000_000;

/** One line of text, the same however it was typed: it identifies something. */
const line = (right: string, max: number) =>
  z
    .string({ error: must(right) })
    .trim()
    .normalize('NFC')
    .min(1, mustBe(right))
    .max(max, mustBe(right))
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, mustBe(right));

const prose = (right: string, max: number) =>
  z
    .string({ error: must(right) })
    .trim()
    .min(1, mustBe(right))
    .max(max, mustBe(right))
    .refine((text) => text.isWellFormed() && !text.includes('\0'), { error: mustBe(right) });

const matching = (right: string, pattern: RegExp) =>
  z.string({ error: must(right) }).regex(pattern, mustBe(right));

const oneToTwenty = <Each extends z.ZodType>(what: string, each: Each) =>
  z
    .array(each, { error: must(`a list of 1 to 20 ${what}`) })
    .min(1, mustBe(`a list of 1 to 20 ${what}`))
    .max(20, mustBe(`a list of 1 to 20 ${what}`));

export const phoneRight =
  'a telephone number in international notation such as +8613800138000 (for zh-CN also as dialled in China)';
const accountRight = 'a bank account or card number of 5 to 34 digits and letters';
const emailRight = 'one email address such as wang@example.com';
const zoneRight = 'a time zone such as Asia/Shanghai';
const lossRight = 'a date and time with its zone, such as 2026-11-20T08:30:00+08:00';
const claimedRight = 'an amount such as 4800 or "4800.00"';
const nameRight = 'a short name of small letters, digits and hyphens, such as third-party-2';

export const lossText = z
  .string({ error: must(lossRight) })
  .refine(isZonedTime, { error: mustBe(lossRight) })
  .meta({
    format: 'date-time',
    description: `When it happened: ${lossRight}`,
    examples: ['2026-11-20T08:30:00+08:00'],
  });
export const claimedAmount = z
  .union(
    [
      z.string().regex(/^\d{1,15}(?:\.\d{1,15})?$/, mustBe(claimedRight)),
      z.number().nonnegative(mustBe(claimedRight)),
    ],
    { error: must(claimedRight) },
  )
  .meta({ description: `In the policy's currency: ${claimedRight}` });
export const policyNumber = line('a policy number of up to 50 characters', 50);

/** One schema for each field of a party, whether it comes with a notice or is put right later. */
export const partyFieldSchemas = {
  name: line('a name of 1 to 100 characters', 100),
  phone: z
    .string({ error: must(phoneRight) })
    .max(30, mustBe(phoneRight))
    .meta({ description: phoneRight, examples: ['+8613800138000'] }),
  email: z.email({ error: must(emailRight) }).max(254, mustBe(emailRight)),
  prefers: z
    .enum(partyFields.prefers.values, { error: must(inWords(partyFields.prefers.values)) })
    .meta({ description: 'By which channel they would rather hear from us' }),
  locale: z.enum(partyFields.locale.values, { error: must(inWords(partyFields.locale.values)) }).meta({
    description:
      "In which language they hear from us: zh-CN or en; without it the one of the policy's jurisdiction",
  }),
  timeZone: z
    .string({ error: must(zoneRight) })
    .refine(isTimeZone, { error: mustBe(zoneRight) })
    .meta({
      description: `Whose clock their hours go by: ${zoneRight}; without it the one of the policy's jurisdiction`,
    }),
  account: matching(accountRight, /^(?:\s*[A-Za-z0-9]){5,34}\s*$/).transform((account) =>
    account.replace(/\s+/g, ''),
  ),
} satisfies { [Name in PartyFieldName]: z.ZodType<NonNullable<PartyFieldValues[Name]>> };

const party = strictFields({
  id: matching(nameRight, /^[a-z0-9][a-z0-9-]{0,39}$/)
    .optional()
    .meta({
      description: 'What items call this party; without it the role, with a number where several have it',
    }),
  role: z.enum(partyRoles, { error: must(`one of ${partyRoles.join(', ')}`) }),
  ...optionalShape(partyFieldSchemas, partyFieldNames),
  ...picked(partyFieldSchemas, requiredFields),
});

const item = strictFields({
  object: matching('a damaged object such as insured-vehicle', /^[a-z][a-z0-9-]{0,49}$/),
  party: z
    .string({ error: must('the id or the role of one of the parties') })
    .meta({ description: 'Whose it is: the id or the role of one of the parties' }),
  claimed: claimedAmount,
});

/** The shape of a notice of loss. What one field says about another is checked by `readNotice`. */
export const noticeSchema = strictFields({
  source: line('the name of who reports, such as hotline, of up to 50 characters', 50).meta({
    description:
      'Who reports: hotline, portal, another system. The same source and reference is the same claim.',
  }),
  reference: line('what the source calls this notice, of up to 100 characters', 100).meta({
    description: 'What the source calls it',
  }),
  policy: policyNumber,
  lossAt: lossText,
  place: prose('where it happened, in up to 500 characters', 500),
  description: prose('what happened, in up to 5000 characters', 5000),
  parties: oneToTwenty('parties', party),
  items: oneToTwenty('items', item),
}).meta({ title: 'Notice of loss', description: 'A first report of a loss, as Lipei takes it' });

/** For whoever writes notices of loss: JSON Schema 2020-12 of `noticeSchema`. */
export const noticeJsonSchema = () => z.toJSONSchema(noticeSchema, { io: 'input' });

/**
 * Complete: every party has an id, and items name their party by it. Language and time zone are added where
 * the policy is known.
 */
export interface CompleteNotice extends NoticeOfLoss {
  parties: (NoticeParty & Required<Pick<NoticeParty, 'id'>>)[];
}

/** `understood`: the shape was right, and what it says is not. */
export type Mistake = FieldSentence & { understood: boolean };
export type Malformed = Mistake & { kind: 'malformed' };
/** `field` and `sentence` are those of the first mistake; `mistakes` are all, in the order of the fields. */
export type MalformedNotice = Malformed & { mistakes: FieldSentence[] };
export type NoticeReading = { kind: 'read'; notice: CompleteNotice } | MalformedNotice;

/** What a notice says of its policy and of what was damaged, whatever else is wrong in it. */
export interface NamedInNotice {
  policy: string | undefined;
  /** Each in its place; undefined where an item is malformed. */
  objects: (string | undefined)[];
}

/** The first half of reading a notice: what must be looked up before the rest can be judged. */
export function namedIn(value: unknown): NamedInNotice {
  const { policy, items } = named.parse(value);
  return { policy, objects: items.map((each) => each?.object) };
}

const object = item.shape.object;
const named = z
  .object({
    policy: policyNumber.optional().catch(undefined),
    items: z.array(z.object({ object }).optional().catch(undefined)).catch([]),
  })
  .catch({ policy: undefined, items: [] });

/**
 * The second half: the shape, what one field says about another, and what makes a notice complete: times in
 * UTC, telephone numbers in E.164. What was read once reads the same again. `now` is compared with the date
 * of loss; `currency` is the policy's. Tells all mistakes at once, as far as each part can be read.
 */
export function readNotice(
  value: unknown,
  { now, currency = 'CNY' }: { now: Instant; currency?: Currency },
): NoticeReading {
  const { data, error } = noticeSchema.safeParse(value);
  const mistakes = [
    ...(error ? allSentences(error, 'The notice of loss').map(notUnderstood) : []),
    ...mistakesInParts(value, now, currency),
  ];
  if (!data || mistakes.length > 0) return malformedBy(mistakes);
  const { lossAt, parties: given, items: claimed, ...rest } = data;
  const parties = withIds(given);
  const items = claimed.map((each) => ({
    ...each,
    party: partyNamed(each.party, parties)?.id ?? each.party,
  }));
  return {
    kind: 'read',
    notice: { ...rest, lossAt: instantOf(msOf(lossAt)), parties: parties.map(reachable), items },
  };
}

/** All mistakes of a notice as one answer; it is not understood as soon as one of them is not. */
export function malformedBy(mistakes: readonly Mistake[]): MalformedNotice {
  const ordered = mistakes.toSorted((a, b) => orderOf(a) - orderOf(b));
  return {
    kind: 'malformed',
    understood: ordered.every((each) => each.understood),
    field: ordered[0]?.field ?? '',
    sentence: ordered[0]?.sentence ?? 'The notice of loss is malformed.',
    mistakes: ordered.map(({ field, sentence }) => ({ field, sentence })),
  };
}

const notUnderstood = (mistake: FieldSentence): Mistake => ({ ...mistake, understood: false });

/** In the order of the fields of a notice; what is no field of one comes last. */
const fieldNames = Object.keys(noticeSchema.shape);
function orderOf({ field }: FieldSentence): number {
  const index = fieldNames.indexOf(field.split(/[.[]/)[0] ?? '');
  return index < 0 ? fieldNames.length : index;
}

type ReadParty = z.output<typeof party>;
type Named = ReadParty & { id: string };
const loose = z.looseObject({
  lossAt: lossText.optional().catch(undefined),
  parties: z.array(party.optional().catch(undefined)).catch([]),
  items: z.array(item.optional().catch(undefined)).catch([]),
});

/** What fields say, where they have the right shape: the others are said to be malformed already. */
function mistakesInParts(value: unknown, now: Instant, currency: Currency): Mistake[] {
  const read = loose.safeParse(value);
  if (!read.success) return [];
  const { lossAt, parties: given, items } = read.data;
  const known = given.filter((each) => each !== undefined);
  const all = known.length === given.length ? withIds(known) : undefined;
  const found = [
    lossAt === undefined ? undefined : lossMistake(instantOf(msOf(lossAt)), now),
    ...given.flatMap((each, index) => each && phoneMistake(each, index)),
    ...(all ?? []).map((each, index) => idMistake(each, index, all ?? [])),
    ...items.flatMap((each, index) => each && itemMistakes(each, index, all, currency)),
  ];
  return found.filter((each) => each !== undefined);
}

/** A loss has happened, and not in another age; also for a date of loss that is put right later. */
export function lossMistake(lossAt: Instant, now: Instant): Mistake | undefined {
  const at = { field: 'lossAt', understood: true };
  if (lossAt > now)
    return { ...at, sentence: 'lossAt lies in the future; it must be when the loss happened.' };
  const [year, rest] = [Number(now.slice(0, 4)), now.slice(4)];
  return lossAt < `${year - oldestLossYears}${rest}`
    ? { ...at, sentence: `lossAt is more than ${oldestLossYears} years ago; check the year.` }
    : undefined;
}

/** In minor units, or what is wrong with it. */
export function claimedMinor(
  claimed: string | number,
  currency: Currency,
  field: string,
): { kind: 'read'; minor: number } | Malformed {
  const minor = minorUnits(claimed, currency);
  if (minor !== undefined && minor <= largestClaimedMinor) return { kind: 'read', minor };
  return {
    kind: 'malformed',
    understood: true,
    field,
    sentence: `${field} must be an amount in ${currency}, not negative and with at most the currency's decimals, such as 4800 or "4800.00".`,
  };
}

/**
 * E.164, or undefined for what is no telephone number. People who read Chinese, as who says nothing of it,
 * may leave the country out.
 */
export function phoneNumber(text: string, locale = 'zh-CN'): string | undefined {
  const number = parsePhoneNumberFromString(text, {
    ...present({ defaultCountry: locale.startsWith('zh') ? 'CN' : undefined }),
    extract: false,
  });
  // At home a wrong digit shows; other countries' numbering changes faster than any table of it.
  const isOne = number?.countryCallingCode === '86' ? number.isValid() : number?.isPossible();
  return number && isOne && !number.ext ? number.number : undefined;
}

/** The role, or the role with the first number that is free. */
function withIds(parties: ReadParty[]): Named[] {
  const taken = new Set(parties.flatMap(({ id }) => id ?? []));
  return parties.map((each) => {
    const id = each.id ?? freeId(each.role, taken);
    taken.add(id);
    return { ...each, id };
  });
}

function freeId(role: string, taken: Set<string>): string {
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? role : `${role}-${n}`;
    if (!taken.has(id)) return id;
  }
}

const partyNamed = (name: string, parties: Named[]): Named | undefined =>
  parties.find(({ id }) => id === name) ?? parties.find(({ role }) => role === name);

function idMistake({ id, role }: Named, index: number, all: Named[]): Mistake | undefined {
  const field = `parties[${index}]`;
  if (all.findIndex((other) => other.id === id) !== index)
    return {
      field: `${field}.id`,
      understood: true,
      sentence: `${field}.id must be another for each party; parties[${all.findIndex((other) => other.id === id)}] has it already.`,
    };
  // An item may name a party by its role, so a name that is a role means the first party with that role and
  // nobody else.
  if (
    partyRoles.some((each) => each === id) &&
    (id !== role || all.findIndex((other) => other.role === id) !== index)
  )
    return {
      field: `${field}.id`,
      understood: true,
      sentence: `${field}.id must not be a role other than the party's own, nor one that an earlier party has.`,
    };
  return undefined;
}

function phoneMistake({ phone, locale }: ReadParty, index: number): Mistake | undefined {
  if (phone === undefined || phoneNumber(phone, locale)) return undefined;
  const field = `parties[${index}].phone`;
  return { field, understood: false, sentence: `${field} must be ${phoneRight}.` };
}

/** Whose an item is can be said only where all parties could be read. */
function itemMistakes(
  { party: name, claimed }: z.output<typeof item>,
  index: number,
  parties: Named[] | undefined,
  currency: Currency,
): Mistake[] {
  const field = `items[${index}]`;
  const amount = claimedMinor(claimed, currency, `${field}.claimed`);
  const stranger = parties && !partyNamed(name, parties);
  return [
    ...(stranger ? [strangeParty(`${field}.party`, parties)] : []),
    ...(amount.kind === 'malformed' ? [amount] : []),
  ];
}

function strangeParty(field: string, parties: Named[]): Mistake {
  const ids = parties.map(({ id }) => id).join(', ');
  const sentence = `${field} must be the id or the role of one of the parties: ${ids}.`;
  return { field, understood: true, sentence };
}

const reachable = ({ phone, ...rest }: Named): Named => ({
  ...rest,
  ...present({ phone: phone === undefined ? undefined : phoneNumber(phone, rest.locale) }),
});

/** ISO 8601 with its zone; a day that does not exist is refused, not counted on into the next month. */
function isZonedTime(text: string): boolean {
  const day = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/.exec(text)?.[1];
  return isLocalDate(day) && !Number.isNaN(msOf(text));
}

/** Names only: `+08:00` would not know about a change of clocks. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}
