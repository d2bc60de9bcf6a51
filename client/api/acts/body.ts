import { z } from 'zod';
import { must, mustBe, strictFields } from '../../../config/field-sentences.ts';
import { lossText } from '../../../config/notice/loss-date.ts';
import type { Field, Fields } from '../../../domain/claim/fields.ts';
import { instantOf, isLocalDate, msOf } from '../../../domain/time/time.ts';
import { code, text } from '../schemas.ts';

export type Content = Record<string, unknown>;

/**
 * The schema of a field in a body. Throws for a field that people do not type: its act has a schema of its
 * own.
 */
export function schemaOf({ is, help, max = 500, choices = [], of }: Field): z.ZodType {
  switch (is) {
    case 'notification':
    case 'staff':
    case 'code':
    case 'id':
      return code(help, max);
    // A name that the claim does not know gets a denial that lists those that it knows (`unknownName`).
    case 'item':
    case 'party':
    case 'document':
    case 'text':
    case 'words':
      return text(help, max);
    case 'choice':
      return z.enum([...choices], { error: must(`one of ${choices.join(', ')}`) });
    case 'yes-no':
      return z.boolean({ error: must('true or false') });
    case 'number':
      return z.int({ error: must(help) }).nonnegative();
    case 'day':
      return z
        .string({ error: must(help) })
        .refine((given) => isLocalDate(given) || lossText.safeParse(given).success, { error: mustBe(help) });
    case 'moment':
      return lossText;
    case 'list':
      return z
        .array(of === 'document' ? text(help, max) : code(help, max), { error: must(`a list: ${help}`) })
        .min(1, `must be a list with at least one entry: ${help}`)
        .max(20, `must be a list of at most 20: ${help}`);
    default:
      throw new Error(`Nobody types ${help}.`);
  }
}

/** A body with these fields and no others. */
export const bodyOf = (of: Fields): z.ZodType<Content> =>
  strictFields(
    Object.fromEntries(
      Object.entries(of).map(([name, field]) => [
        name,
        field.needed ? schemaOf(field) : schemaOf(field).optional(),
      ]),
    ),
  );

/** The content as it is sent to the claim: moments in UTC. */
export const contentOf = (of: Fields, given: Content): Content =>
  Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, isMoment(of[name], value) ? inUtc(value) : value]),
  );

const isMoment = (field: Field | undefined, value: unknown): value is string =>
  (field?.is === 'day' || field?.is === 'moment') && typeof value === 'string' && !isLocalDate(value);

const inUtc = (written: string): string => instantOf(msOf(written));
