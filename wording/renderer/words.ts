import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Miswritten } from './miswritten.ts';

const word = z.string().min(1, 'must be a text');
const list = z.record(z.string(), word);

/** The word list of one language: what the codes in a claim are called. */
const wordsOfLanguage = z.strictObject({
  brand: z.strictObject({ name: word, hotline: word, email: word }),
  /** Where in the language's sentences the one stands and the other. */
  patterns: z.strictObject({
    documentOfObject: pattern('document', 'object'),
    objectNumber: pattern('object', 'number'),
  }),
  objects: list,
  /** By jurisdiction: the hotline where it is another, and what its law says in our messages. */
  places: z.record(
    z.string(),
    z.strictObject({
      hotline: word.optional(),
      complaints: word,
      request: word.optional(),
      limitation: word.optional(),
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
  /** Why a document was sent back, a payment returned or an item refused. */
  reasons: list,
  clauses: list,
  /** Rules by which less is paid than was claimed. */
  cuts: list,
  /** Why an assessment is below what was claimed. */
  cutReasons: list,
  parties: list,
  /** What staff are waited for to do. */
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

/** The word for a code of ours; throws when the list has none, naming both. */
export function wordFor<T>(words: Record<string, T>, code: string, listName: string): T {
  const found = Object.hasOwn(words, code) ? words[code] : undefined;
  if (found === undefined) throw new Error(`Word list ${listName}: there is no "${code}".`);
  return found;
}

/**
 * The word for what may be a code of ours or what somebody typed; undefined for the latter. A key with `*` at
 * its end stands for
 * all that begin so, and `*` in its word for the rest: `"check *": "审核*"`.
 */
export function wordIfAny(
  words: Record<string, string>,
  code: string,
  rest: (code: string) => string = (same) => same,
): string | undefined {
  if (Object.hasOwn(words, code)) return words[code];
  const key = Object.keys(words).find((each) => each.endsWith('*') && code.startsWith(each.slice(0, -1)));
  return key && words[key]?.replace('*', () => rest(code.slice(key.length - 1)));
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
