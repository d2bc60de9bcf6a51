import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IANAZone } from 'luxon';
import { z } from 'zod';
import type { Database } from '../records/database.ts';
import { marking } from '../records/keys/contact-key.ts';
import type { Keyring } from '../security/keyring.ts';
import { firstSentence, must, mustBe, strictFields } from '../config/field-sentences.ts';
import { minorUnits } from '../domain/money/money.ts';
import { staffRoles } from '../domain/people/people.ts';

const matching = (right: string, pattern: RegExp) =>
  z
    .string({ error: must(right) })
    .trim()
    .regex(pattern, mustBe(right));
const text = (right: string) => matching(right, /^\S.{0,199}$/u);
const code = matching('a code such as C-301', /^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/);
const moment = z.iso
  .datetime({ offset: true, error: must('a date and time with its zone, such as 2026-01-01T00:00:00+08:00') })
  .transform((written) => new Date(written));
const limit = z
  .int({ error: must('a whole number of minor units, such as 5000000 for ¥50,000') })
  .nonnegative(mustBe('0 or more'));
const amountRight =
  'an amount in decimal notation such as "4800.00", with no more decimals than the currency has';
const amount = z.string({ error: must(amountRight) });

const relationRight =
  'the number of a policy or claim, or one of {"telephone"}, {"email"}, {"account"}, {"plate"}';
const relation = z.union(
  [
    code.transform((number) => ({ number })),
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
  { error: mustBe(relationRight) },
);

const person = strictFields({
  code,
  name: text('a name'),
  email: z.email({ error: must('an email address') }),
  /** The direct line, which customers with a major case get (S28). */
  phone: matching('a telephone number such as 0535-8500301', /^\+?\d[\d -]{4,19}$/).optional(),
  roles: z
    .array(z.enum(staffRoles, { error: must(`one of ${staffRoles.join(', ')}`) }), {
      error: must('a list of roles'),
    })
    .min(1, mustBe('a list of at least one role')),
  branch: text('the code of a branch'),
  /** By line of business and currency, in minor units. */
  limits: z.record(z.string(), z.record(z.string(), limit)).default({}),
  /** What this person is related to, as a company writes it down: a conflict of interest (S19). */
  conflicts: z.array(relation).default([]),
  active: z.boolean({ error: mustBe('true or false') }).default(true),
  /** The language and the clock of our mails to them. */
  locale: matching('a language such as zh-CN or en-US', /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/).default(
    'zh-CN',
  ),
  timeZone: text('a time zone such as Asia/Shanghai')
    .refine((zone) => IANAZone.isValidZone(zone), { error: mustBe('a time zone such as Asia/Shanghai') })
    .default('Asia/Shanghai'),
  deputies: z.array(code).default([]),
  /** The days of each absence, both included; new work goes to others. */
  absences: z
    .array(
      strictFields({ from: z.iso.date(), until: z.iso.date().exactOptional(), deputy: code.exactOptional() }),
    )
    .default([]),
});

const policy = strictFields({
  number: matching('a policy number such as LK25-000101', /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,49}$/),
  line: text('a line of business such as motor'),
  jurisdiction: matching('a country such as CN', /^[A-Z]{2}$/),
  branch: text('the code of a branch'),
  currency: matching('a currency such as CNY', /^[A-Z]{3}$/),
  validFrom: moment,
  validTo: moment,
  /** By damaged object. */
  objects: z.record(z.string(), strictFields({ sumInsured: amount, excess: amount }), {
    error: must('an object with what is covered, such as insured-vehicle'),
  }),
})
  .refine(({ validFrom, validTo }) => validFrom < validTo, {
    path: ['validTo'],
    error: mustBe('later than validFrom'),
  })
  .transform(({ objects, ...rest }, context) => {
    const inMinor = (object: string, field: 'sumInsured' | 'excess'): number => {
      const minor = minorUnits(objects[object]?.[field] ?? '', rest.currency);
      if (minor === undefined)
        context.addIssue({ code: 'custom', path: ['objects', object, field], message: mustBe(amountRight) });
      return minor ?? 0;
    };
    const covers = Object.keys(objects).map((object) => [
      object,
      { sumInsuredMinor: inMinor(object, 'sumInsured'), excessMinor: inMinor(object, 'excess') },
    ]);
    return { ...rest, objects: Object.fromEntries(covers) };
  });

/** People and policies as the database takes them: amounts in minor units. */
export interface Records {
  people: z.output<typeof person>[];
  policies: z.output<typeof policy>[];
}

/**
 * Reads `people.json` and `policies.json` of a folder; one of them may be missing. Throws a sentence with the
 * file and the field.
 */
export function readRecords(folder: string): Records {
  const [people, policies] = [join(folder, 'people.json'), join(folder, 'policies.json')];
  if (!existsSync(people) && !existsSync(policies))
    throw new Error(`${folder} has neither people.json nor policies.json.`);
  return {
    people: listIn(people, person, ({ code: each }) => each),
    policies: listIn(policies, policy, ({ number }) => number),
  };
}

/**
 * Loads the people and policies of a folder into the records. Of a related telephone, mailbox, account or
 * vehicle they keep the mark alone. New ones are added, known ones are updated, and those that the files lack
 * stay. When a file is wrong it changes nothing and throws a sentence.
 */
export async function loadRecords(
  database: Database,
  keyring: Keyring,
  folder: string,
): Promise<{ people: number; policies: number }> {
  const { people, policies } = readRecords(folder);
  const mark = await marking(database, keyring);
  const rows = people.map((each) => ({
    ...each,
    conflicts: each.conflicts.map((one) => ('number' in one ? one.number : mark(one.kind, one.written))),
  }));
  await database.$transaction([
    ...rows.map((each) => database.person.upsert({ where: { code: each.code }, create: each, update: each })),
    ...policies.map((each) =>
      database.policy.upsert({
        where: { number_version: { number: each.number, version: 1 } },
        create: each,
        update: each,
      }),
    ),
  ]);
  return { people: people.length, policies: policies.length };
}

function listIn<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  nameOf: (record: z.output<Schema>) => string,
): z.output<Schema>[] {
  if (!existsSync(file)) return [];
  const result = z.array(schema, { error: mustBe('a list') }).safeParse(contentOf(file));
  if (!result.success) throw new Error(`${file}: ${firstSentence(result.error, 'The file').sentence}`);
  const names = result.data.map(nameOf);
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  const [name = ''] = names.slice(twice);
  if (twice >= 0)
    throw new Error(
      `${file}: [${twice}] must be somebody or something else: ` +
        `"${name}" stands at [${names.indexOf(name)}] already.`,
    );
  return result.data;
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (fault) {
    throw new Error(`${file} cannot be read: ${fault instanceof Error ? fault.message : String(fault)}.`, {
      cause: fault,
    });
  }
}
