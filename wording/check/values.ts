import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Liquid, StaticAnalysis } from 'liquidjs';
import { engineFor, parsed } from '../renderer/languages.ts';
import { unless } from '../renderer/mistakes.ts';
import { isPart } from '../renderer/template-file.ts';
import { names, workNames } from '../renderer/view.ts';
import { workFile } from './files.ts';
import type { LanguageFiles, Mistake, Templates } from './mistake.ts';

/** Values that no message has, also in conditions, and values that are set but not used. */
export const valueMistakes = ({ languages }: Templates): Mistake[] => languages.flatMap(inLanguage);

function inLanguage(language: LanguageFiles): Mistake[] {
  const engine = engineFor(language.folder, language.tag);
  return language.files.filter((file) => !isPart(file)).flatMap((file) => inFile(engine, language, file));
}

/** A part is read with each message that uses it, and has the values that the message gives it. */
function inFile(engine: Liquid, language: LanguageFiles, file: string): Mistake[] {
  const { tag, folder } = language;
  // A file that cannot be parsed is reported already, when the renderer read it.
  const template = unless(
    () => undefined,
    () => parsed(engine, folder, tag, file),
  );
  if (!template) return [];
  // A missing part cannot be analysed either; `check/files.ts` reports it.
  const analysis = unless(
    () => undefined,
    () => engine.analyzeSync(template),
  );
  return analysis ? unknownValues(analysis, language, file) : [];
}

interface Found {
  path: string[];
  file: string;
  line: number;
}

function unknownValues(
  { variables, globals, locals }: StaticAnalysis,
  { tag, folder }: LanguageFiles,
  file: string,
): Mistake[] {
  const placed = (analysis: StaticAnalysis['variables']): Found[] =>
    Object.values(analysis)
      .flat()
      .map(({ segments, location }) => ({
        path: pathOf(segments),
        line: location.row,
        file: `${tag}/${partOr(file, location.file)}`,
      }));
  const [all, given, own] = [placed(variables), new Set(Object.keys(globals)), placed(locals)];
  const isSet = (name: string): boolean => Object.hasOwn(locals, name);
  const unknown = all
    .filter(({ path: [name = ''] }) => !isSet(name))
    .flatMap(({ path, ...place }) => {
      const what = mistakeIn(path, {
        given,
        file,
        listOf: (name) => listIn(join(folder, place.file.slice(tag.length + 1)), name),
      });
      return what === undefined ? [] : [{ ...place, what }];
    });
  const unused = own
    .filter(({ path: [name = ''] }) => !Object.hasOwn(variables, name))
    .map(({ path, ...place }) => ({
      ...place,
      what: `"${path[0]}" is set but not used: use it or take it out`,
    }));
  return [...unknown, ...unused];
}

/** `documents[0].name` is a document's name, as in a loop. */
const pathOf = (segments: unknown[]): string[] =>
  segments.filter((segment) => typeof segment !== 'number').map(String);

const partOr = (file: string, path: string | undefined): string =>
  path && /[\\/]parts[\\/]/.test(path) ? `parts/${basename(path)}` : file;

/** The text around a message has that message too. */
function knownIn(file: string): object {
  if (file === workFile) return workNames;
  return file.startsWith('around/') ? { ...names, subject: true, body: true, text: true } : names;
}

/** The scope of a value: the values that the message gives, and the list of a loop. */
interface Scope {
  file: string;
  given: Set<string>;
  listOf(name: string): string | undefined;
}

function mistakeIn([name = '', ...below]: string[], { given, file, listOf }: Scope): string | undefined {
  const known = new Map(Object.entries(knownIn(file)));
  if (name === 'forloop') return undefined;
  if (known.has(name)) return mistakeBelow(name, known.get(name), below);
  if (given.has(name))
    return `"${[name, ...below].join('.')}" is no value: there are ${[...known.keys()].join(', ')}`;
  return mistakeBelow(name, entryOf(name, known, listOf), below);
}

/** The names of an entry of a loop, which may be a loop over a list of another loop's entry. */
function entryOf(
  name: string,
  known: ReadonlyMap<string, unknown>,
  listOf: (name: string) => string | undefined,
): unknown {
  const [list = '', ...inside] = (listOf(name) ?? 'documents').split('.');
  const start = known.has(list) || inside.length === 0 ? known.get(list) : entryOf(list, known, listOf);
  return inside.reduce<unknown>(
    (below, next) =>
      typeof below === 'object' && below !== null ? new Map(Object.entries(below)).get(next) : undefined,
    start,
  );
}

/** `{% for each in waiting %}`, `{% for task in each.tasks %}` */
const listIn = (path: string, name: string): string | undefined =>
  new RegExp(`\\{%-?\\s*for\\s+${name}\\s+in\\s+([\\w.]+)`).exec(readFileSync(path, 'utf8'))?.[1];

function mistakeBelow(name: string, known: unknown, [next, ...below]: string[]): string | undefined {
  if (next === undefined) return undefined;
  const inside = new Map(Object.entries(typeof known === 'object' && known !== null ? known : {}));
  if (inside.has(next)) return mistakeBelow(`${name}.${next}`, inside.get(next), below);
  return inside.size === 0
    ? `"${name}.${next}" is no value: write "${name}"`
    : `"${name}.${next}" is no value: ${name} has ${[...inside.keys()].join(', ')}`;
}
