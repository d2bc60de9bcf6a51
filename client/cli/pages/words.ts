import type { Contact, Note } from '../answers.ts';
import type { Named } from '../staff-names.ts';
import { localTime, zoneLine } from '../input/times.ts';

export const notesPage = (notes: Note[], named: Named): string =>
  notes.length === 0
    ? 'Nobody has written a note.'
    : [...notes.map(({ at, by, text }) => `${localTime(at)} ${named(by)}: ${text}`), zoneLine()].join('\n');

export const contactCard = ({ name, phone, email, locale, timeZone }: Contact): string =>
  [name, phone, email, [locale, timeZone].filter(Boolean).join(', ')].filter(Boolean).join('\n');
