import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { plainSigns } from '../domain/folding.ts';

/** What a text of one word asks for: no more texts, texts again, or help. */
export type Keyword = 'stop' | 'start' | 'help';

const list = z.array(z.string().refine((word) => folded(word) !== '', 'must have letters in it')).min(1);
const wordsOfLanguages = z.record(z.string(), z.strictObject({ stop: list, start: list, help: list }));

export interface FoundKeyword {
  keyword: Keyword;
  /** The language of the words: `en`, `zh-CN`. */
  language: string;
}

/** Finds the keyword of a whole text; undefined when it says anything else. */
export type ReadKeyword = (text: string) => FoundKeyword | undefined;

/**
 * Reads `keywords.json`: the words by which people opt out of texts, opt in again or ask for help, by
 * language. Throws an Error with the path of each mistake in that file.
 */
export function readKeywords(file = join(import.meta.dirname, 'keywords.json')): ReadKeyword {
  const { data, error } = wordsOfLanguages.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!data)
    throw new Error(
      error.issues
        .map((issue) => `config/keywords.json: ${issue.path.join('.')} ${issue.message}.`)
        .join('\n'),
    );
  const keywords = new Map<string, FoundKeyword>();
  for (const [language, words] of Object.entries(data))
    for (const keyword of ['stop', 'start', 'help'] as const)
      for (const word of words[keyword]) {
        const known = keywords.get(folded(word));
        if (known && known.keyword !== keyword)
          throw new Error(`config/keywords.json: "${word}" is a word of ${known.keyword} and of ${keyword}.`);
        keywords.set(folded(word), known ?? { keyword, language });
      }
  return (text) => keywords.get(folded(text));
}

/**
 * A text without what people and telephones add: case, width, punctuation, blanks, emoji and invisible
 * characters. `Stop.`, `ＳＴＯＰ`, `stop stop` and `S T O P` become `stop`.
 */
function folded(text: string): string {
  const words = plainSigns(text)
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  return words.every((word) => word === words[0]) ? (words[0] ?? '') : words.join('');
}
