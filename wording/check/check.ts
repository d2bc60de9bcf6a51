import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createRenderer } from '../renderer/renderer.ts';
import { tagsIn } from '../renderer/languages.ts';
import { templatesIn } from '../renderer/template-file.ts';
import { rulePacks } from './channels.ts';
import { factMistakes } from './facts.ts';
import { fileMistakes } from './files.ts';
import { rendered } from './rendering.ts';
import { valueMistakes } from './values.ts';
import { told, type Mistake, type Templates } from './mistake.ts';
import { wordMistakes } from './words.ts';

export interface Checked {
  languages: string[];
  /** How many messages were written for the check. */
  messages: number;
  /** By file and line. */
  mistakes: Mistake[];
}

/**
 * Reads every file of the folder, writes every message, and finds all mistakes at once. Undefined when the
 * folder has no language.
 */
export function checkTemplates(folder: string): Checked | undefined {
  const templates = templatesOf(folder);
  const languages = templates.languages.map(({ tag }) => tag);
  if (languages.length === 0) return undefined;
  const packs = rulePacks();
  const unreadable: Mistake[] = [];
  const renderer = createRenderer(folder, (mistake) => void unreadable.push(told(mistake)));
  const { messages, mistakes } = rendered(templates, renderer, unreadable);
  const all = [
    ...unreadable,
    ...fileMistakes(templates, packs),
    ...valueMistakes(templates),
    ...factMistakes(templates),
    ...wordMistakes(templates, packs),
    ...mistakes,
  ];
  return { languages, messages, mistakes: inOrder(all) };
}

export const templatesOf = (folder: string): Templates => ({
  folder,
  languages: (existsSync(folder) ? tagsIn(folder) : []).map((tag) => ({
    tag,
    folder: join(folder, tag),
    files: templatesIn(join(folder, tag)),
  })),
});

/** The same mistake may appear in many messages; a part's mistake, in each message that uses it. */
function inOrder(mistakes: Mistake[]): Mistake[] {
  const distinct = new Map(
    mistakes.map((mistake) => [JSON.stringify([mistake.file, mistake.line, mistake.what]), mistake]),
  );
  return [...distinct.values()].toSorted(
    (one, other) => one.file.localeCompare(other.file) || (one.line ?? 0) - (other.line ?? 0),
  );
}
