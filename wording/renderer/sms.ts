import { Miswritten } from './miswritten.ts';

/** What Twilio's guideline for China allows one message. */
const mostCharacters = 500;

/** Anything that a telephone would make a link of: +86 networks block messages with one (effects.md §2). */
const link = /https?:|www\.|\b[\w-]+\.[a-z]{2,}\b/i;

/**
 * One line without links, short enough for every network; throws otherwise, since such a message is lost
 * without a word.
 */
export function fitForSms(template: string, written: string): string {
  const mistake = mistakeIn(written);
  if (mistake) throw new Miswritten({ file: `${template}.liquid`, what: `an SMS ${mistake}` });
  return written;
}

function mistakeIn(text: string): string | undefined {
  if (text === '') return 'must say something';
  if (text.includes('\n')) return 'is one line';
  if ([...text].length > mostCharacters)
    return `has at most ${mostCharacters} characters, not ${[...text].length}`;
  return link.test(text) ? 'must have no link in it' : undefined;
}
