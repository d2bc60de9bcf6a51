import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What a text of one word asks for: no more texts, texts again, or help. */
export type TextWish = 'stop' | 'start' | 'help';

const list = z.array(z.string().refine((word) => folded(word) !== '', 'must have letters in it')).min(1);
const wordsOfLanguages = z.record(z.string(), z.strictObject({ stop: list, start: list, help: list }));

export interface Wish {
  wish: TextWish;
  /** The language of the words: `en`, `zh-CN`. */
  language: string;
}

/** Finds the wish of a whole text; undefined when it says anything else. */
export type ReadWish = (text: string) => Wish | undefined;

/**
 * Reads `text-words.json`: the words by which people opt out of texts, opt in again or ask for help, by
 * language. Throws an Error with the path of each mistake in that file.
 */
export function textWords(file = join(import.meta.dirname, 'text-words.json')): ReadWish {
  const { data, error } = wordsOfLanguages.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!data)
    throw new Error(
      error.issues
        .map((issue) => `config/text-words.json: ${issue.path.join('.')} ${issue.message}.`)
        .join('\n'),
    );
  const wishes = new Map(
    Object.entries(data).flatMap(([language, words]) =>
      (['stop', 'start', 'help'] as const).flatMap((wish) =>
        words[wish].map((word): [string, Wish] => [folded(word), { wish, language }]),
      ),
    ),
  );
  return (text) => wishes.get(folded(text));
}

/**
 * A text without what people and telephones add: case, width, punctuation, blanks, emoji and invisible
 * characters. `Stop.`, `ＳＴＯＰ`, `stop stop` and `S T O P` become `stop`.
 */
function folded(text: string): string {
  const words = text
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  return words.every((word) => word === words[0]) ? (words[0] ?? '') : words.join('');
}
