import { isClaimNumber } from '../ids.ts';
import { staffRoles } from '../people/people.ts';
import { isMarkOf, type Mark, type MarkKind } from '../people/marks.ts';
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
  | 'words'
  | 'id'
  | 'choice'
  | 'yes-no'
  | 'number'
  | 'day'
  | 'moment'
  | 'sha256'
  | 'mark'
  | 'list'
  | 'object';

/** One field of an act or a report, described once: readers, schemas, options and help follow from it. */
export interface Field<T = unknown> {
  is: FieldKind;
  /** What people must give: `an item of the claim, such as item-1`. */
  help: string;
  reader: Reader<T>;
  /** For a code or a text: the most characters. */
  max?: number;
  /** For a list: the type of its entries. */
  of?: FieldKind;
  /** For a choice: the values. */
  choices?: readonly string[];
}

type Needed<T> = Field<T> & Part<T, true>;
type Optional<T> = Field<T> & Part<T, false>;
export type Fields = Record<string, Field & Part>;

export const needed = <T>(field: Field<T>): Needed<T> => ({ ...field, needed: true });
export const optional = <T>(field: Field<T>): Optional<T> => ({ ...field, needed: false });

/** A code has no spaces and no signs of other alphabets, so no sentence and hardly a name can be one. */
export const codePattern = /^[A-Za-z0-9][A-Za-z0-9._:/-]*$/;

const coded = (is: FieldKind, help: string, max: number): Field<string> => ({
  is,
  help,
  max,
  reader: matching(
    (value): value is string => typeof value === 'string' && value.length <= max && codePattern.test(value),
    `a code of 1 to ${max} letters, digits and . _ : / -`,
  ),
});

export const item = coded('item', 'an item of the claim, such as item-1', 50);
export const party = coded('party', 'a party of the claim, such as party-1', 50);
export const document = coded('document', 'a kind of document, such as driving-licence', 100);
export const notification = coded(
  'notification',
  'a notification of the claim, such as formal-notice-1-letter',
  100,
);
export const claimNumber: Field<string> = {
  is: 'id',
  help: 'the number of another claim, such as L7K3M-9Q2X4',
  max: 50,
  reader: matching(
    (value): value is string => typeof value === 'string' && isClaimNumber(value),
    'the number of a claim such as L7K3M-9Q2X4',
  ),
};
export const staffCode = coded('staff', 'a staff code, such as C-301', 50);
export const code = (help: string): Field<string> => coded('code', help, 100);
export const id = (help: string): Field<string> => coded('id', help, 200);

/** A text for the records alone: no message to a claim has it. */
export const text = (help: string): Field<string> => ({
  is: 'text',
  help,
  max: 500,
  reader: textUpTo(500),
});

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

/** The API makes it from what people type (`domain/people/marks.ts`). */
export const mark = (help: string, ...kinds: [MarkKind, ...MarkKind[]]): Field<Mark> => ({
  is: 'mark',
  help,
  reader: matching(
    (value): value is Mark => kinds.some((kind) => isMarkOf(kind, value)),
    `a mark of ${kinds.join(' or ')}`,
  ),
});

/** Words that somebody typed. The records keep them, sealed, as a note of the claim. */
export interface KeptWords {
  /** The id of the note. */
  note: string;
  /** Of the words, keyed by the party that they are from or about, so that they can be forgotten. */
  sha256: string;
}

/** People type a text. The message to the claim has only the note's id and the hash of the words. */
export const words = (help: string): Field<KeptWords> => ({
  is: 'words',
  help,
  max: 5000,
  reader: objectOf({ note: needed(id('the note')), sha256: needed(sha256('of the words')) }),
});

export const several = <T>(help: string, { is: of, reader, max }: Field<T>): Field<T[]> => ({
  is: 'list',
  of,
  help,
  reader: listOf(reader),
  ...present({ max }),
});

export const object = <P extends Parts>(help: string, parts: P): Field<ReadParts<P>> => ({
  is: 'object',
  help,
  reader: objectOf(parts),
});

/** Who takes something over, as the records knew them when it was signed. The API fills it in. */
export const onRecord = object('the person as on record', {
  branch: needed(code('the branch')),
  roles: needed(several('the roles', choice('a role', staffRoles))),
  conflicts: needed(several('policies and claims that the person is related to', code('a number'))),
});
