import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Liquid, type Template } from 'liquidjs';
import { readWords, type Words } from './words.ts';

/** One folder of templates. */
export interface Language {
  /** `zh-CN`. */
  tag: string;
  words: Words;
  has(template: string): boolean;
  /** Throws an Error with the template and the value that it lacks, or that there is no such template. */
  fill(template: string, view: object): string;
}

export interface Languages {
  /** The same tag, else another of the same language, else English for whoever reads a language that we do not write. */
  for(locale: string): Language;
}

export function readLanguages(templatesDir: string): Languages {
  const languages = tagsIn(templatesDir).map((tag) => readLanguage(join(templatesDir, tag), tag));
  const ofLanguage = (wanted: string): Language | undefined => languages.find(({ tag }) => primary(tag) === wanted);
  return {
    for(locale) {
      const found = languages.find(({ tag }) => tag === locale) ?? ofLanguage(primary(locale)) ?? ofLanguage('en');
      if (!found) throw new Error(`There are templates neither for ${locale} nor in English.`);
      return found;
    },
  };
}

const tagsIn = (templatesDir: string): string[] => readdirSync(templatesDir).filter((name) => existsSync(join(templatesDir, name, 'words.json'))).toSorted();

const primary = (tag: string): string => tag.split('-')[0]?.toLowerCase() ?? '';

function readLanguage(folder: string, tag: string): Language {
  const engine = new Liquid({ root: folder, partials: join(folder, 'parts'), extname: '.liquid', strictVariables: true, strictFilters: true, lenientIf: true, cache: true, outputEscape: oneLine });
  const templates = new Map(filesIn(folder).map((file): [string, Template[]] => [file.slice(0, -'.liquid'.length), parsed(engine, tag, file)]));
  return { tag, words: readWords(join(folder, 'words.json'), tag), has: (name) => templates.has(name), fill: (name, view) => filled(engine, templates.get(name), `${tag}/${name}`, view) };
}

/** Parts are read by the templates that use them. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.liquid'))
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll(sep, '/'));

/** A value is part of a sentence: what people typed can neither begin a paragraph nor a list, nor add a line to a header. */
const oneLine = (value: unknown): string => String(value).replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

function parsed(engine: Liquid, tag: string, file: string): Template[] {
  try {
    return engine.parseFileSync(file);
  } catch (fault) {
    throw new Error(`Template ${tag}/${file}: ${reasonOf(fault)}.`, { cause: fault });
  }
}

function filled(engine: Liquid, template: Template[] | undefined, name: string, view: object): string {
  if (!template) throw new Error(`There is no template ${name}.`);
  try {
    const text: unknown = engine.renderSync(template, view);
    return String(text).replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n').trim();
  } catch (fault) {
    throw new Error(`Template ${name}: ${reasonOf(fault)}.`, { cause: fault });
  }
}

/** `undefined variable: amount, line:3, col:5`: liquid's own words without the folders of this machine. */
const reasonOf = (fault: unknown): string => (fault instanceof Error ? fault.message.replace(/file:\S*[\\/](?=[^\\/]+$)/, '') : String(fault));
