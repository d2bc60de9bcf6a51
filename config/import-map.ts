import { DateTime, IANAZone } from 'luxon';
import { z } from 'zod';
import { foldedIdentity } from '../domain/folding.ts';
import { partyFieldNames, requiredFields } from '../domain/people/party-fields.ts';
import { fieldAt, nearestField, type BookName } from './books/fields.ts';
import { firstSentence, must, mustBe, strictFields } from './field-sentences.ts';
import { shapeOf } from './shape-of.ts';

/** The encodings that a file may be named to have. */
export const encodings = ['utf-8', 'gb18030', 'big5', 'utf-16le', 'windows-1252'] as const;

/** The format of a table. The defaults come from the file itself. */
const csv = strictFields({
  encoding: z.enum(encodings, { error: must(`one of ${encodings.join(', ')}`) }).optional(),
  delimiter: z.enum([',', ';', '\t'], { error: must('a comma, a semicolon or a tab') }).optional(),
});

const numbers = strictFields({
  decimal: z.enum(['.', ','], { error: must('a point or a comma') }).default('.'),
  thousands: z
    .enum([',', '.', ' ', "'", '’'], { error: must('a comma, a point, a space or an apostrophe') })
    .optional(),
}).refine(({ decimal, thousands }) => decimal !== thousands, {
  error: mustBe('written with a decimal sign that is not the thousands sign too'),
});

const zone = z
  .string({ error: must('a time zone such as America/New_York') })
  .refine((name) => IANAZone.isValidZone(name), { error: mustBe('a time zone such as America/New_York') });
const format = z
  .string({ error: must('a format such as yyyy-MM-dd or d.M.yyyy HH:mm') })
  .refine((tokens) => !DateTime.fromFormat(DateTime.now().toFormat(tokens), tokens).invalidReason, {
    error: mustBe('a format such as yyyy-MM-dd or d.M.yyyy HH:mm'),
  })
  .default('yyyy-MM-dd');

const dates = strictFields({ format, zone });

/** `{Column}` or `{Column|table}`. */
export const placeholder = /\{([^{}|]+)(?:\|([^{}]+))?\}/g;

const expression = z
  .string({ error: must('a text, in which {Column} stands for the value of that column') })
  .refine((text) => !/[{}]/.test(text.replace(placeholder, '')), {
    error: mustBe('a text in which each { has its }, as in {Column} or {Column|table}'),
  });

const party = strictFields({
  id: expression.optional(),
  role: expression,
  ...shapeOf(partyFieldNames, () => expression.optional()),
  ...shapeOf(requiredFields, () => expression),
});

const source = z
  .string({ error: must('the name of the system that the file comes from, such as tsa') })
  .overwrite(foldedIdentity)
  .min(1, mustBe('the name of the system that the file comes from'));

const tables = z
  .record(z.string(), z.record(z.string(), z.string()), { error: must('tables of values by name') })
  .default({});

/**
 * The mapping from the rows of a table to notices of loss (`docs/import.md`). Each value is a text with
 * placeholders: `{Column}` is the value of that column, `{Column|table}` its translation by a table of
 * `tables` (where `*` is any other value), `{@reference}` the row's reference, `{@today}` the start of the
 * day of import.
 */
const importMap = strictFields({
  for: z.literal('claims', { error: must('claims') }),
  source,
  /**
   * The column with the reference of a row. Without it the reference is made from the row's content and the
   * number of equal rows before it.
   */
  reference: z.string({ error: must('the column with the reference of a row') }).optional(),
  csv: csv.default({}),
  numbers: numbers.default({ decimal: '.' }),
  dates,
  tables,
  notice: strictFields({
    policy: expression,
    lossAt: expression.refine((text) => text === '{@today}' || !text.includes('{@today}'), {
      error: mustBe('{@today} alone, or a date and time from the columns'),
    }),
    cause: expression.optional(),
    place: expression,
    description: expression,
    parties: z
      .array(party, { error: must('a list of parties') })
      .min(1, mustBe('a list of at least one party')),
    items: z
      .array(
        strictFields({
          object: expression,
          party: expression,
          claimed: expression,
          plate: expression.optional(),
        }),
        {
          error: must('a list of items'),
        },
      )
      .min(1, mustBe('a list of at least one item')),
  }),
});

export type ImportMap = z.output<typeof importMap>;

/** A format with hours has no day without them, in any zone. */
const hasTime = (tokens: string): boolean => /[HhtTfF]/.test(tokens.replace(/'[^']*'/g, ''));

const bookDates = strictFields({
  format,
  /** Of dates with a time; a day alone is that of the jurisdiction. */
  zone: zone.optional(),
  /** In the file, `to` is the last day in force. Lipei has the day after. */
  toIsLastDay: z.boolean({ error: must('true or false') }).default(false),
})
  .refine((given) => !hasTime(given.format) || given.zone !== undefined, {
    path: ['zone'],
    error: 'is missing: the format has a time, so it must be a time zone such as Asia/Shanghai',
  })
  .refine((given) => !hasTime(given.format) || !given.toIsLastDay, {
    path: ['toIsLastDay'],
    error: mustBe('left out where the format has a time'),
  });

/** The mapping from the rows of a table to those of a book (`docs/how-to/connect-the-company-systems.md`). */
const bookMap = (book: BookName) =>
  strictFields({
    for: z.literal(book, { error: must(book) }),
    source,
    csv: csv.default({}),
    numbers: numbers.default({ decimal: '.' }),
    dates: bookDates.default({ format: 'yyyy-MM-dd', toIsLastDay: false }),
    /** What stands between the texts of a list in one cell. */
    lists: z
      .string({ error: must('the sign between the texts of a list, such as ;') })
      .min(1)
      .default(';'),
    tables,
    /** By the path of a field, such as `people[0].name`: a text with placeholders. */
    row: z
      .record(z.string(), expression, {
        error: must('an object that fills fields, such as {"number": "{Policy}"}'),
      })
      .refine((row) => Object.keys(row).length > 0, { error: mustBe('an object with at least one field') })
      .superRefine((row, context) => {
        for (const path of Object.keys(row).filter((each) => !fieldAt(book, each)))
          context.addIssue({
            code: 'custom',
            path: [path],
            message: `is no field of ${book}; the nearest is ${nearestField(book, path)}`,
          });
      }),
  });

export type BookMap = z.output<ReturnType<typeof bookMap>>;

/** Reads a mapping. Throws an Error whose message is one sentence with the place of the mistake. */
export const readImportMap = (text: string, name: string): ImportMap => readMap(importMap, text, name);

/** The same for policies or staff. */
export const readBookMap = (book: BookName, text: string, name: string): BookMap =>
  readMap(bookMap(book), text, name);

function readMap<Schema extends z.ZodType>(schema: Schema, text: string, name: string): z.output<Schema> {
  const result = schema.safeParse(parsed(text, name));
  if (result.success) return result.data;
  throw new Error(`${name}: ${firstSentence(result.error, 'the mapping').sentence}`);
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (fault) {
    throw new Error(`${name} is not JSON: ${fault instanceof Error ? fault.message : String(fault)}.`, {
      cause: fault,
    });
  }
}
