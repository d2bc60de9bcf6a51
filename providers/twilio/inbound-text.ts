import { present } from '../../domain/present.ts';

export interface Text {
  id: string;
  /** E.164. */
  from: string;
  body: string;
  /** The sender opts out of our texts, or opts in again. */
  asks?: 'opted-out' | 'opted-in';
}

/**
 * Twilio's own words, and those that are usual in China. Each is a whole message, in any case; full-width
 * letters count as plain ones.
 */
const stopWords = [
  'STOP',
  'STOPALL',
  'UNSUBSCRIBE',
  'END',
  'QUIT',
  'CANCEL',
  'REVOKE',
  'OPTOUT',
  'TD',
  'T',
  '退订',
  '退訂',
];
const startWords = ['START', 'YES', 'UNSTOP', '订阅'];

/** Reads a text to us: Twilio's inbound message, as a form. Undefined when the form is none. */
export function readText({
  MessageSid: id,
  From: from,
  Body: body = '',
}: Record<string, string>): Text | undefined {
  if (!id || !from) return undefined;
  return present({ id, from, body, asks: askedIn(body.normalize('NFKC').trim().toUpperCase()) });
}

function askedIn(word: string): Text['asks'] {
  if (stopWords.includes(word)) return 'opted-out';
  return startWords.includes(word) ? 'opted-in' : undefined;
}
