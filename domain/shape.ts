/**
 * Readers of input to the workflow. They are hand-written, because a schema library would cost every claim
 * half a megabyte. A reader gives the value, or a sentence that names the field and the right form.
 */
export type Reading<T> = { kind: 'read'; value: T } | { kind: 'malformed'; sentence: string };
export type Reader<T> = (value: unknown, field: string) => Reading<T>;

/** What is wrong with a field, and what would be right: `must be …`. The field is empty for the whole. */
export interface FieldMistake {
  field: string;
  reason: string;
}

const read = <T>(value: T): Reading<T> => ({ kind: 'read', value });
const malformed = (field: string, right: string): { kind: 'malformed'; sentence: string } => ({
  kind: 'malformed',
  sentence: `${field}: must be ${right}.`,
});

/** Half a character survives JSON but has no canonical form: its hash would throw, and block the claim. */
export const textUpTo =
  (max: number): Reader<string> =>
  (value, field) =>
    typeof value === 'string' && value.length > 0 && value.length <= max && value.isWellFormed()
      ? read(value)
      : malformed(field, `a text of 1 to ${max} characters`);

export const wholeNumber: Reader<number> = (value, field) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? read(value)
    : malformed(field, 'a whole number, 0 or more');

export const yesOrNo: Reader<boolean> = (value, field) =>
  typeof value === 'boolean' ? read(value) : malformed(field, 'true or false');

export const matching =
  (accepts: (value: unknown) => value is string, right: string): Reader<string> =>
  (value, field) =>
    accepts(value) ? read(value) : malformed(field, right);

export const oneOf =
  <T extends string>(choices: readonly T[]): Reader<T> =>
  (value, field) => {
    const choice = choices.find((each) => each === value);
    return choice === undefined ? malformed(field, `one of ${choices.join(', ')}`) : read(choice);
  };

export const listOf =
  <T>(reader: Reader<T>): Reader<T[]> =>
  (value, field) => {
    if (!Array.isArray(value) || value.length > 100) return malformed(field, 'a list of at most 100');
    const readings = value.map((each, index) => reader(each, `${field}[${index}]`));
    const wrong = readings.find((reading) => reading.kind === 'malformed');
    return wrong ?? read(readings.flatMap((reading) => (reading.kind === 'read' ? [reading.value] : [])));
  };

export interface Part<T = unknown, Needed extends boolean = boolean> {
  reader: Reader<T>;
  needed: Needed;
}
export type Parts = Record<string, Part>;

/** The values of these parts once they are read. */
export type ReadParts<F extends Parts> = {
  [K in keyof F as F[K]['needed'] extends true ? K : never]: Value<F[K]>;
} & {
  [K in keyof F as F[K]['needed'] extends true ? never : K]?: Value<F[K]>;
};
type Value<F> = F extends { reader: Reader<infer T> } ? T : never;

const names = (fields: Parts): string => Object.keys(fields).join(', ') || 'none';

/** An object with exactly these fields: an unknown field is a mistake, and must not pass unnoticed. */
export const objectOf =
  <F extends Parts>(fields: F): Reader<ReadParts<F>> =>
  (value, field) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return malformed(field, `an object with ${Object.keys(fields).join(', ')}`);
    const given = new Map(Object.entries(value));
    const unknown = [...given.keys()].find((key) => !(key in fields));
    if (unknown !== undefined)
      return {
        kind: 'malformed',
        sentence: `"${unknown}" is not a field here; the fields are ${names(fields)}.`,
      };
    const result: Record<string, unknown> = {};
    for (const [key, { reader, needed: isNeeded }] of Object.entries(fields)) {
      const part = given.get(key);
      if (part === undefined && !isNeeded) continue;
      const reading = reader(part, key);
      if (reading.kind === 'malformed') return reading;
      result[key] = reading.value;
    }
    // Built field by field just above; the type checker cannot follow that.
    return read(result as ReadParts<F>);
  };

/** What `fields` reads, tagged as one member of a union. */
export const ofKind =
  <K extends string, T extends object>(kind: K, fields: Reader<T>): Reader<{ kind: K } & T> =>
  (value, field) => {
    const reading = fields(value, field);
    return reading.kind === 'read' ? { kind: 'read', value: { kind, ...reading.value } } : reading;
  };
