import { Miswritten } from './miswritten.ts';

/** Twilio's guideline for China, for one message. */
const mostCharacters = 500;

/** Text that a telephone would turn into a link: +86 networks block messages with links (effects.md §2). */
const link = /https?:|www\.|\b[\w-]+\.[a-z]{2,}\b/i;

/**
 * One line without links, short enough for every network. Throws otherwise: networks drop such a message
 * without notice.
 */
export function fitForSms(template: string, written: string): string {
  const mistake = mistakeIn(written);
  if (mistake) throw new Miswritten({ file: `${template}.liquid`, what: `an SMS ${mistake}` });
  return written;
}

function mistakeIn(text: string): string | undefined {
  if (text === '') return 'must not be empty';
  if (text.includes('\n')) return 'is one line';
  if ([...text].length > mostCharacters)
    return `has at most ${mostCharacters} characters, not ${[...text].length}`;
  return link.test(text) ? 'must have no link in it' : undefined;
}
