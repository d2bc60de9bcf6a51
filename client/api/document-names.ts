import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readWords } from '../../wording/renderer/words.ts';
import { projectRoot } from '../../config/env.ts';

/**
 * The known kind of document that a person probably meant: by its name in a language of the customers
 * (`驾驶证`), or by similar spelling (`driving-license`). Undefined when none is similar.
 */
export function meantKind(written: string, known: readonly string[]): string | undefined {
  const wanted = plain(written);
  const named = known.find((kind) => namesOf(kind).some((name) => plain(name) === wanted));
  if (named !== undefined) return named;
  const [nearest] = known
    .map((kind) => ({ kind, distance: distance(wanted, plain(kind)) }))
    .toSorted((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= wanted.length / 3 ? nearest.kind : undefined;
}

const plain = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '-');

const templates = join(projectRoot, 'templates');
let words: ReturnType<typeof readWords>[] | undefined;

/** Read once, when the first unknown name comes. */
function namesOf(kind: string): string[] {
  words ??= readdirSync(templates, { withFileTypes: true })
    .filter((each) => each.isDirectory())
    .map(({ name }) => readWords(join(templates, name, 'words.json'), name));
  return words.flatMap(({ documents }) => documents[kind]?.name ?? []);
}

/** The number of letters to change, insert or delete (Levenshtein distance). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, theirs] of [...other].entries())
      next.push(
        Math.min((row[j] ?? 0) + Number(letter !== theirs), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
