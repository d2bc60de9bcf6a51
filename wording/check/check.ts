import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createRenderer } from '../renderer/renderer.ts';
import { tagsIn } from '../renderer/languages.ts';
import { Miswritten } from '../renderer/miswritten.ts';
import { templatesIn } from '../renderer/template-file.ts';
import { rulePacks } from './channels.ts';
import { advice } from './advice.ts';
import { factMistakes } from './facts.ts';
import { fileMistakes } from './files.ts';
import { rendered } from './rendering.ts';
import { valueMistakes } from './values.ts';
import { wordMistakes } from './words.ts';
import { present } from '../../domain/present.ts';

/** Something that whoever edits templates has to put right. */
export interface Mistake {
  /** From the templates' folder. */
  file: string;
  line?: number;
  /** What is wrong and what to do. */
  what: string;
}

export interface Checked {
  languages: string[];
  /** How many messages were written to find out. */
  messages: number;
  /** By file and line. */
  mistakes: Mistake[];
}

/** A folder of templates, as far as it can be read. */
export interface Templates {
  folder: string;
  languages: LanguageFiles[];
}

export interface LanguageFiles {
  tag: string;
  folder: string;
  /** With slashes: `paid.sms.liquid`, `parts/documents.liquid`. */
  files: string[];
}

/**
 * Reads and writes everything that the folder has, and finds all mistakes at once. Undefined where there is
 * no language in it.
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

/** What reading or writing throws, as a mistake. */
export function told(fault: unknown, file = ''): Mistake {
  if (!(fault instanceof Miswritten))
    return { file, what: advice(fault instanceof Error ? fault.message : String(fault)) };
  return {
    file: fault.file,
    what: advice(fault.what),
    ...present({ line: fault.line }),
  };
}

/** The same mistake may show in many messages; a part's, in each that uses it. */
function inOrder(mistakes: Mistake[]): Mistake[] {
  const distinct = new Map(
    mistakes.map((mistake) => [JSON.stringify([mistake.file, mistake.line, mistake.what]), mistake]),
  );
  return [...distinct.values()].toSorted(
    (one, other) => one.file.localeCompare(other.file) || (one.line ?? 0) - (other.line ?? 0),
  );
}
