import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Liquid, type Template } from 'liquidjs';
import { miswritten } from './miswritten.ts';
import { stop, unless, type OnMistake } from './mistakes.ts';
import { pluralOf } from './plural.ts';
import { readTemplate, templatesIn } from './template-file.ts';
import { withoutTurns } from '../../domain/text-direction.ts';
import { readWords, type Words } from './words.ts';

/** One folder of templates. */
export interface Language {
  /** `zh-CN`. */
  tag: string;
  words: Words;
  has(template: string): boolean;
  /**
   * Throws a Miswritten that names the template and the missing value, or an Error when there is no such
   * template.
   */
  fill(template: string, view: object): string;
}

export interface Languages {
  /**
   * The same tag, otherwise another of the same language, otherwise English, for readers of languages without
   * templates.
   */
  for(locale: string): Language;
}

export function readLanguages(templatesDir: string, onMistake: OnMistake = stop): Languages {
  const languages = tagsIn(templatesDir).flatMap(
    (tag) => unless(onMistake, () => readLanguage(join(templatesDir, tag), tag, onMistake)) ?? [],
  );
  const ofLanguage = (wanted: string): Language | undefined =>
    languages.find(({ tag }) => primary(tag) === wanted);
  return {
    for(locale) {
      const found =
        languages.find(({ tag }) => tag === locale) ?? ofLanguage(primary(locale)) ?? ofLanguage('en');
      if (!found) throw new Error(`There are templates neither for ${locale} nor in English.`);
      return found;
    },
  };
}

/** A language is a folder with a word list. */
export const tagsIn = (templatesDir: string): string[] =>
  readdirSync(templatesDir)
    .filter((name) => existsSync(join(templatesDir, name, 'words.json')))
    .toSorted();

/** The engine that reads the templates of one language. */
export function engineFor(folder: string, tag: string): Liquid {
  const engine = new Liquid({
    root: folder,
    partials: join(folder, 'parts'),
    extname: '.liquid',
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    cache: true,
    outputEscape: oneLine,
  });
  engine.registerFilter('plural', pluralOf(tag));
  return engine;
}

/** Throws a Miswritten with the line of the mistake. */
export function parsed(engine: Liquid, folder: string, tag: string, file: string): Template[] {
  const { text } = readTemplate(folder, tag, file);
  try {
    return engine.parse(text, join(folder, file));
  } catch (fault) {
    throw miswritten(`${tag}/${file}`, fault);
  }
}

const primary = (tag: string): string => tag.split('-')[0]?.toLowerCase() ?? '';

function readLanguage(folder: string, tag: string, onMistake: OnMistake): Language {
  const engine = engineFor(folder, tag);
  const files = templatesIn(folder).map((file) => ({
    name: file.slice(0, -'.liquid'.length),
    template: unless(onMistake, () => parsed(engine, folder, tag, file)),
  }));
  const templates = new Map(files.map(({ name, template }) => [name, template]));
  return {
    tag,
    words: readWords(join(folder, 'words.json'), tag),
    has: (name) => templates.get(name) !== undefined,
    fill: (name, view) => filled(engine, templates.get(name), `${tag}/${name}`, view),
  };
}

/**
 * A value is part of a sentence. A typed text must not begin a paragraph or a list, nor add a line to a
 * header.
 */
const oneLine = (value: unknown): string =>
  withoutTurns(String(value))
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();

function filled(engine: Liquid, template: Template[] | undefined, name: string, view: object): string {
  if (!template) throw new Error(`There is no template ${name}.`);
  try {
    const text: unknown = engine.renderSync(template, view);
    return String(text)
      .replace(/[ \t]+$/gm, '')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
  } catch (fault) {
    throw miswritten(`${name}.liquid`, fault);
  }
}
