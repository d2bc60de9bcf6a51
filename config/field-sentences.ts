import type { FieldMistake } from '../domain/shape.ts';
import { z } from 'zod';

/** The mistake in one field of an input: one sentence with the field and its valid values. */
export interface FieldSentence {
  /** `parties[0].phone`; empty for the whole. */
  field: string;
  sentence: string;
}

/** The sentence for a wrong value. */
export const mustBe = (right: string): string => `must be ${right}`;

/** The sentence for a value that may also be missing. */
export const must =
  (right: string) =>
  (issue: { input?: unknown }): string =>
    issue.input === undefined ? `is missing: it must be ${right}` : mustBe(right);

/** An object with exactly these fields. An unknown field is a mistake, because it would have no effect. */
export function strictFields<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ');
  const asked = known ? `an object with ${known}` : 'an object without fields';
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `is not a field here; the fields are ${known || 'none'}`
        : must(asked)(issue),
  });
}

/** The first mistake. `whole` names the value itself: `The notice of loss`. */
export function firstSentence(error: z.ZodError, whole: string): FieldSentence {
  const [first] = allSentences(error, whole);
  return first ?? { field: '', sentence: `${whole} is malformed.` };
}

/** All mistakes, one sentence for each field, so that they can be corrected together. */
export const allSentences = (error: z.ZodError, whole: string): FieldSentence[] =>
  fieldMistakes(error).map(({ field, reason }) => ({ field, sentence: `${field || whole} ${reason}.` }));

export const fieldMistakes = (error: z.ZodError): FieldMistake[] =>
  error.issues.flatMap((issue) => fieldsOf(issue).map((field) => ({ field, reason: issue.message })));

/** Zod reports several unknown fields as one issue. */
const fieldsOf = (issue: z.core.$ZodIssue): string[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => pathOf([...issue.path, key.slice(0, 50)]))
    : [pathOf(issue.path)];

function pathOf(path: PropertyKey[]): string {
  return path.reduce<string>((written, key) => {
    if (typeof key === 'number') return `${written}[${key}]`;
    return written ? `${written}.${String(key)}` : String(key);
  }, '');
}
