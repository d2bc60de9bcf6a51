import { foldedIdentity } from '../folding.ts';

/**
 * What a mark stands for. `name`: of a person, and of an account's holder. `identity`: the number of an
 * identity card or of a company. `vehicle`: a plate or a chassis number. `reference`: that of a notice of
 * loss at its source.
 */
export const markKinds = [
  'account',
  'name',
  'telephone',
  'email',
  'identity',
  'vehicle',
  'reference',
] as const;
export type MarkKind = (typeof markKinds)[number];

/**
 * Stands for an account, a telephone, a mailbox, a vehicle or a reference where the thing itself is
 * forbidden: in the journal, the state, messages and staff's conflicts. The same thing has the same mark in
 * every claim. A mark is its kind and a keyed hash, `account:…`: without the records' secret nobody can guess
 * what it stands for.
 */
export type Mark = string;

/** Gives the mark of a thing as somebody wrote it. Needs the records' secret (`security/marks.ts`). */
export type Marking = (kind: MarkKind, written: string) => Mark;

const pattern = new RegExp(`^(?:${markKinds.join('|')}):[A-Za-z0-9_-]{43}$`);

export const isMark = (value: unknown): value is Mark => typeof value === 'string' && pattern.test(value);

export const isMarkOf = (kind: MarkKind, value: unknown): value is Mark =>
  isMark(value) && value.startsWith(`${kind}:`);

/**
 * The thing as it is compared. Accounts, plates and identity numbers are compared by their letters and digits
 * alone: `鲁F·12345` and `鲁f 12345` are one.
 */
export function compared(kind: MarkKind, written: string): string {
  const plain = foldedIdentity(written).toLowerCase();
  return byLettersAndDigits.some((each) => each === kind) ? plain.replace(/[^\p{L}\p{N}]/gu, '') : plain;
}

const byLettersAndDigits = ['account', 'vehicle', 'identity'] as const;
