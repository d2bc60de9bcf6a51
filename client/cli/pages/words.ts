import { columnFields, shownFields, type ShownField } from '../../../domain/people/party-fields.ts';
import type { Note, ShownContact, ShownPayee } from '../../own-api/schemas/personal.ts';
import type { Named } from '../staff-names.ts';
import { localTime, zoneLine } from '../input/times.ts';

export const notesPage = (notes: Note[], named: Named): string =>
  notes.length === 0
    ? 'The claim has no notes.'
    : [...notes.map(({ at, by, text }) => `${localTime(at)} ${named(by)}: ${text}`), zoneLine()].join('\n');

/** Name and contact, a line each; the last line has the language and the time zone. */
export const contactCard = (contact: ShownContact): string =>
  [...ownLines.map((name) => contact[name]), columnFields.map((name) => contact[name]).join(', ')]
    .filter(Boolean)
    .join('\n');

/** The payee, then the account in use with its holder, then the others. */
export const payeeCard = ({ party, name, accounts, current }: ShownPayee): string =>
  [
    `${name} (${party})`,
    ...(current ? [`${current.account}, of ${current.name}: the item is to be paid to it`] : []),
    ...accounts.filter((each) => each !== current?.account),
  ].join('\n');

const ownLines: ShownField[] = shownFields.filter((name) => !columnFields.some((each) => each === name));
