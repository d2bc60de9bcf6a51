import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Miswritten } from './template-fault.ts';

const word = z.string().min(1, 'must be a text');
const list = z.record(z.string(), word);

/** The word list of one language: the words for the codes of a claim. */
const wordsOfLanguage = z.strictObject({
  brand: z.strictObject({ name: word, hotline: word, email: word }),
  /** The order of the two in the language's phrases. */
  patterns: z.strictObject({
    documentOfObject: pattern('document', 'object'),
    objectNumber: pattern('object', 'number'),
  }),
  /** Answers to texts that ask for something. */
  answers: z.strictObject({ help: pattern('brand', 'hotline') }),
  objects: list,
  /** By jurisdiction: its own hotline if it has one, and the phrases about its law. */
  places: z.record(
    z.string(),
    z.strictObject({
      hotline: word.optional(),
      complaints: word,
      request: word.optional(),
      limitation: word.optional(),
      /** How to opt out of texts, where the law or the networks want it said in the first one. */
      optOut: word.optional(),
    }),
  ),
  /** `hint`: the shortest guidance, for an SMS about one document. */
  documents: z.record(
    z.string(),
    z.strictObject({
      name: word,
      guidance: word,
      hint: word.optional(),
      substitutes: z.array(z.string()).optional(),
      byTelephone: z.boolean().optional(),
    }),
  ),
  /** Why a document was rejected, a payment returned or an item refused. */
  reasons: list,
  clauses: list,
  /** Causes of loss. */
  causes: list,
  /** Rules by which the insurer pays less than was claimed. */
  cuts: list,
  /** Why the assessed amount is below the claimed amount. */
  cutReasons: list,
  /** Why a claim does without a document, for colleagues. */
  waiveReasons: list,
  parties: list,
  /** The tasks that a claim waits for staff to do. */
  tasks: list,
});
export type Words = z.infer<typeof wordsOfLanguage>;

/** Throws a Miswritten with the file and the path of each mistake. */
export function readWords(file: string, tag: string): Words {
  const result = wordsOfLanguage.safeParse(contentOf(file, tag));
  if (!result.success)
    throw new Miswritten({
      file: `${tag}/words.json`,
      what: result.error.issues
        .map((issue) => `${issue.path.join('.') || 'the file'} ${issue.message}`)
        .join('; '),
    });
  return result.data;
}

function contentOf(file: string, tag: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (fault) {
    throw new Miswritten({
      file: `${tag}/words.json`,
      what: `cannot be read: ${fault instanceof Error ? fault.message : String(fault)}`,
      cause: fault,
    });
  }
}

/** The word for a code of ours. Throws when the list has none, naming both. */
export function wordFor<T>(words: Record<string, T>, code: string, listName: string): T {
  const found = Object.hasOwn(words, code) ? words[code] : undefined;
  if (found === undefined) throw new Error(`Word list ${listName}: there is no "${code}".`);
  return found;
}

/**
 * The word for a code, or undefined where there is none. In a key `*` is anything; `*` in its word is
 * replaced by that: `"check *": "审核*"`. Where several keys fit, the longest counts.
 */
export function wordIfAny(
  words: Record<string, string>,
  code: string,
  rest: (code: string) => string = (same) => same,
): string | undefined {
  if (Object.hasOwn(words, code)) return words[code];
  const key = Object.keys(words)
    .filter((each) => middleOf(each, code) !== undefined)
    .toSorted((one, other) => other.length - one.length)[0];
  return key && words[key]?.replace('*', () => rest(middleOf(key, code) ?? ''));
}

/** What `*` of the key stands for in the code; undefined where it does not fit. */
export function middleOf(key: string, code: string): string | undefined {
  const [before = '', after] = key.split('*');
  const fits = after !== undefined && code.startsWith(before) && code.endsWith(after);
  return fits && code.length > before.length + after.length
    ? code.slice(before.length, code.length - after.length)
    : undefined;
}

/** `{document} for the {object}`, filled. */
export const placed = (text: string, values: Record<string, string>): string =>
  text.replace(/\{(\w+)\}/g, (mark, name: string) => values[name] ?? mark);

function pattern(...names: string[]) {
  return word.refine(
    (text) => names.every((name) => text.includes(`{${name}}`)),
    `must have ${names.map((name) => `{${name}}`).join(' and ')} in it`,
  );
}
