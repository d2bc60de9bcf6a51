import { readKeywords, type Keyword } from '../../config/keywords.ts';
import { present } from '../../domain/present.ts';

export interface Text {
  id: string;
  /** E.164. */
  from: string;
  body: string;
  /** The whole text opts out of our texts, opts in again, or asks for help. */
  keyword?: Keyword;
  /** The language of these words; absent where Twilio alone knows them. */
  language?: string;
  /** Twilio has answered it already, by words that are set up there. */
  isAnswered?: true;
}

const keywordIn = readKeywords();

/** Twilio's own verdict on a text (Advanced Opt-Out). It then blocks or unblocks the number, and answers. */
const verdicts = new Map<string, Keyword>([
  ['STOP', 'stop'],
  ['START', 'start'],
  ['HELP', 'help'],
]);

/** Reads a text to us: Twilio's inbound message, as a form. Undefined when the form is none. */
export function readText({
  MessageSid: id,
  From: from,
  Body: body = '',
  OptOutType = '',
}: Record<string, string>): Text | undefined {
  if (!id || !from) return undefined;
  const found = keywordIn(body);
  const verdict = verdicts.get(OptOutType);
  return present({
    id,
    from,
    body,
    keyword: verdict ?? found?.keyword,
    language: found?.language,
    isAnswered: verdict ? true : undefined,
  });
}
