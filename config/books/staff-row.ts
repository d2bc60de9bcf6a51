import { IANAZone } from 'luxon';
import { z } from 'zod';
import { minorUnits } from '../../domain/money/money.ts';
import { partyKinds, staffRoles } from '../../domain/people/people.ts';
import { unitKinds } from '../../domain/people/units.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import { must, mustBe, strictFields } from '../field-sentences.ts';

const matching = (right: string, pattern: RegExp) =>
  z
    .string({ error: must(right) })
    .trim()
    .regex(pattern, mustBe(right));
const text = (right: string) => matching(right, /^\S.{0,199}$/u);
const codeOf = (right: string) => matching(right, /^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/);
const oneOf = <const Name extends string>(names: readonly Name[]) =>
  z.enum(names, { error: must(`one of ${names.join(', ')}`) });
const day = z.iso.date({ error: must('a date such as 2026-12-24') });

/** Names that stand for others in journals and in history. */
const taken: readonly string[] = [...partyKinds, 'lipei', 'anybody', 'owner'];
const staffCode = codeOf('a staff code such as C-301').refine((code) => !taken.includes(code), {
  error: mustBe(`a code of a person, and none of ${taken.join(', ')}`),
});

const relation = z.union(
  [
    codeOf('a number').transform((number) => ({ number: number.toUpperCase() })),
    strictFields({ telephone: z.e164() }).transform(({ telephone }) => ({
      kind: 'telephone' as const,
      written: telephone,
    })),
    strictFields({ email: z.email() }).transform(({ email }) => ({ kind: 'email' as const, written: email })),
    strictFields({ account: text('an account') }).transform(({ account }) => ({
      kind: 'account' as const,
      written: account,
    })),
    strictFields({ plate: text('a number plate') }).transform(({ plate }) => ({
      kind: 'vehicle' as const,
      written: plate,
    })),
  ],
  {
    error: mustBe(
      'the number of a policy or claim, or one of {"telephone"}, {"email"}, {"account"}, {"plate"}',
    ),
  },
);
/** Something that a person is related to, as a company writes it down. */
export type Relation = z.output<typeof relation>;

const languageRight = 'a language such as zh-CN or en-US';
const language = matching(languageRight, /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/).refine(isLanguage, {
  error: mustBe(languageRight),
});

function isLanguage(tag: string): boolean {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(tag) !== undefined;
  } catch {
    return false;
  }
}

const absence = strictFields({
  from: day,
  until: day.exactOptional(),
  deputy: staffCode.exactOptional(),
}).refine(({ from, until = from }) => from <= until, {
  path: ['until'],
  error: mustBe('the last day of the absence, on its first day or later'),
});

/** The absences of one person, the earliest first. Two of them on one day contradict each other. */
export const absencesSchema = z
  .array(absence, { error: must('a list of absences such as [{"from":"2026-12-24","until":"2027-01-03"}]') })
  .transform((list) => list.toSorted((one, other) => one.from.localeCompare(other.from)))
  .refine(
    (list) =>
      list.every(({ from }, index) => {
        const before = list[index - 1];
        return !before || (before.until !== undefined && before.until < from);
      }),
    { error: 'must not overlap: give one absence for days that belong together' },
  );

/** The unit rows of a staff file. */
export const unitRow = strictFields({
  unit: codeOf('the code of a unit such as longkou'),
  name: text('the name of the unit'),
  kind: oneOf(unitKinds),
  above: codeOf('the code of the unit above it').exactOptional(),
})
  .refine(({ unit, above }) => unit !== above, { path: ['above'], error: mustBe('another unit') })
  .transform(({ unit, ...rest }) => ({ about: 'unit' as const, code: unit, ...rest }));

/** The limits as amounts, in a line and a currency that the rules have. */
const limitsFor = (packs: readonly RulePack[]) => {
  const known = packs.map(({ line, currency }) => `${line} in ${currency}`).join(', ');
  return z
    .record(
      z.string(),
      z.record(z.string(), z.string({ error: mustBe('an amount as text, such as "50000.00"') })),
      { error: must('limits such as {"motor":{"CNY":"50000.00"}}') },
    )
    .transform((limits, context) =>
      Object.fromEntries(
        Object.entries(limits).map(([line, amounts]) => [
          line,
          Object.fromEntries(
            Object.entries(amounts).map(([currency, amount]) => {
              const isKnown = packs.some((each) => each.line === line && each.currency === currency);
              const minor = minorUnits(amount, currency);
              if (!isKnown)
                context.addIssue({
                  code: 'custom',
                  path: [line, currency],
                  message: mustBe(`a limit for a line in its currency; the rules have ${known}`),
                });
              else if (minor === undefined)
                context.addIssue({
                  code: 'custom',
                  path: [line, currency],
                  message: mustBe(
                    'an amount in decimal notation such as "50000.00", with no more decimals than the ' +
                      'currency has',
                  ),
                });
              return [currency, minor ?? 0];
            }),
          ),
        ]),
      ),
    );
};

/** The person rows of a staff file. */
export const personRow = (packs: readonly RulePack[]) =>
  strictFields({
    code: staffCode,
    name: text('a name').exactOptional(),
    email: z.email({ error: mustBe('an email address') }).exactOptional(),
    /** The direct line, which customers with a major case get (S28). */
    phone: matching('a telephone number such as 0535-8500301', /^\+?\d[\d -]{4,19}$/)
      .nullable()
      .exactOptional(),
    roles: z
      .array(oneOf(staffRoles), { error: mustBe('a list of roles') })
      .min(1, mustBe('a list of at least one role'))
      .exactOptional(),
    unit: codeOf('the code of the unit that they work in').exactOptional(),
    limits: limitsFor(packs).exactOptional(),
    /** What this person is related to: a conflict of interest (S19). */
    conflicts: z.array(relation, { error: mustBe('a list of relations') }).exactOptional(),
    active: z.boolean({ error: mustBe('true or false') }).exactOptional(),
    /** The language and the clock of our mails to them. */
    locale: language.exactOptional(),
    timeZone: text('a time zone such as Asia/Shanghai')
      .refine((zone) => IANAZone.isValidZone(zone), { error: mustBe('a time zone such as Asia/Shanghai') })
      .exactOptional(),
    languages: z.array(language, { error: mustBe('a list of languages') }).exactOptional(),
    deputies: z.array(staffCode, { error: mustBe('a list of staff codes') }).exactOptional(),
    absences: absencesSchema.exactOptional(),
    leavesOn: day.nullable().exactOptional(),
    /** The day from which the row counts. */
    from: day.exactOptional(),
  }).transform(({ unit, ...rest }) => ({
    about: 'person' as const,
    ...rest,
    ...(unit === undefined ? {} : { branch: unit }),
  }));

/**
 * A row of a staff file: a unit, or a person. A person's field that is left out stays as it is. Limits become
 * minor units; a line or a currency that no rules have is a mistake.
 */
export const staffRowSchema = (packs: readonly RulePack[]) => {
  const person = personRow(packs);
  return (value: unknown) => (isUnitRow(value) ? unitRow.safeParse(value) : person.safeParse(value));
};

/** People work in a unit, and units have no code but that. */
const isUnitRow = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'unit' in value && !('code' in value);

export type StaffUnitRow = z.output<typeof unitRow>;
export type StaffPersonRow = z.output<ReturnType<typeof personRow>>;
