import type { Contact, Note } from '../answers.ts';
import { localTime } from '../input/times.ts';

export const notesPage = (notes: Note[]): string =>
  notes.length === 0
    ? 'Nobody has written a note.'
    : notes.map(({ at, by, text }) => `${localTime(at)} ${by}: ${text}`).join('\n');

export const contactCard = ({ name, phone, email, locale, timeZone }: Contact): string =>
  [name, phone, email, [locale, timeZone].filter(Boolean).join(', ')].filter(Boolean).join('\n');
