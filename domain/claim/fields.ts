import { present } from '../present.ts';
import { matching, oneOf, textUpTo, wholeNumber, yesOrNo, listOf, objectOf } from '../shape.ts';
import type { Part, Parts, Reader, ReadParts } from '../shape.ts';
import { isInstant, isLocalDate, type Instant, type LocalDate } from '../time/time.ts';

/** The type of a field. The API's bodies and the command line's arguments and options follow from it. */
export type FieldKind =
  | 'item'
  | 'party'
  | 'document'
  | 'notification'
  | 'staff'
  | 'code'
  | 'text'
  | 'id'
  | 'choice'
  | 'yes-no'
  | 'number'
  | 'day'
  | 'moment'
  | 'sha256'
  | 'list'
  | 'object';

/** One field of an act or a report, described once: readers, schemas, options and help follow from it. */
export interface Field<T = unknown> {
  is: FieldKind;
  /** What people must give: `an item of the claim, such as item-1`. */
  help: string;
  reader: Reader<T>;
  /** For a text: the most characters. */
  max?: number;
  /** For a choice: the values. */
  choices?: readonly string[];
}

type Needed<T> = Field<T> & Part<T, true>;
type Optional<T> = Field<T> & Part<T, false>;
export type Fields = Record<string, Field & Part>;

export const needed = <T>(field: Field<T>): Needed<T> => ({ ...field, needed: true });
export const optional = <T>(field: Field<T>): Optional<T> => ({ ...field, needed: false });

const words = (is: FieldKind, help: string, max: number): Field<string> => ({
  is,
  help,
  max,
  reader: textUpTo(max),
});

export const item = words('item', 'an item of the claim, such as item-1', 50);
export const party = words('party', 'a party of the claim, such as party-1', 50);
export const document = words('document', 'a kind of document, such as driving-licence', 100);
export const notification = words(
  'notification',
  'a notification of the claim, such as formal-notice-1-letter',
  100,
);
export const staffCode = words('staff', 'a staff code, such as C-301', 50);
export const code = (help: string): Field<string> => words('code', help, 100);
export const text = (help: string): Field<string> => words('text', help, 500);
export const id = (help: string): Field<string> => words('id', help, 200);

export const version: Field<number> = {
  is: 'number',
  help: 'the version of the assessment, a whole number',
  reader: wholeNumber,
};
export const minorUnits: Field<number> = {
  is: 'number',
  help: 'an amount in minor units, a whole number',
  reader: wholeNumber,
};

export const isOrIsNot = (help: string): Field<boolean> => ({ is: 'yes-no', help, reader: yesOrNo });

export const choice = <const T extends string>(help: string, choices: readonly T[]): Field<T> => ({
  is: 'choice',
  help,
  choices,
  reader: oneOf(choices),
});

export const day: Field<LocalDate | Instant> = {
  is: 'day',
  help: 'a day such as 2026-11-27, or a date and time with its zone',
  reader: matching(
    (value): value is string => isLocalDate(value) || isInstant(value),
    'a day such as 2026-11-27, or an instant in UTC',
  ),
};

export const moment: Field<Instant> = {
  is: 'moment',
  help: 'a date and time with its zone, such as 2026-11-27T08:00:00Z',
  reader: matching(isInstant, 'an instant in UTC such as 2026-11-27T08:00:00.000Z'),
};

export const sha256 = (help: string): Field<string> => ({
  is: 'sha256',
  help,
  reader: matching(
    (value): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
    'a SHA-256 in 64 hexadecimal digits',
  ),
});

export const several = <T>(help: string, { reader, max }: Field<T>): Field<T[]> => ({
  is: 'list',
  help,
  reader: listOf(reader),
  ...present({ max }),
});

export const object = <P extends Parts>(help: string, parts: P): Field<ReadParts<P>> => ({
  is: 'object',
  help,
  reader: objectOf(parts),
});
