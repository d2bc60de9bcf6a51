import { z } from 'zod';

/**
 * What is wrong with one field of what came in, in one sentence that names it and says what would be right.
 */
export interface FieldSentence {
  /** `parties[0].phone`; empty for the whole. */
  field: string;
  sentence: string;
}

/** What a value must be, in words. */
export const mustBe = (right: string): string => `must be ${right}`;

/** The same, for a value that may also be missing. */
export const must =
  (right: string) =>
  (issue: { input?: unknown }): string =>
    issue.input === undefined ? `is missing: it must be ${right}` : mustBe(right);

/**
 * An object with exactly these fields: an unknown one is a mistake that somebody would wonder about later.
 */
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

/** The first thing that is wrong. `whole` names the value itself: `The notice of loss`. */
export function firstSentence(error: z.ZodError, whole: string): FieldSentence {
  const [first] = allSentences(error, whole);
  return first ?? { field: '', sentence: `${whole} is malformed.` };
}

/** Everything that is wrong, a sentence for each field, so that all is put right at once. */
export const allSentences = (error: z.ZodError, whole: string): FieldSentence[] =>
  error.issues.flatMap((issue) =>
    fieldsOf(issue).map((field) => ({ field, sentence: `${field || whole} ${issue.message}.` })),
  );

/** Several fields that are none are one issue to zod. */
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
