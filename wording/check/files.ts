import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { workTemplate } from '../renderer/renderer.ts';
import { isMessage, templatesIn } from '../renderer/template-file.ts';
import { notificationChannels, notificationKinds } from '../../domain/messages/notifications.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import { channelsOf } from './channels.ts';
import type { LanguageFiles, Mistake, Templates } from './mistake.ts';

const around = [
  'around/customer.liquid',
  'around/letter.liquid',
  'around/repeated-sms.liquid',
  'around/staff.liquid',
];

/** The mail to staff about their work; no claim sends it. */
export const workFile = `${workTemplate}.liquid`;

/** Files that a language lacks, also parts that its messages name, and files without a use. */
export function fileMistakes({ folder, languages }: Templates, packs: RulePack[]): Mistake[] {
  const wanted = [
    ...new Set([
      ...due(packs),
      ...languages.flatMap(({ files }) => files.filter((file) => isMessage(file) && isKnown(file))),
    ]),
  ];
  const missing = languages.flatMap(({ tag, files }) =>
    wanted.filter((file) => !files.includes(file)).map((file) => missingIn(tag, file, languages)),
  );
  const look = existsSync(join(folder, 'email.html.liquid'))
    ? []
    : [{ file: 'email.html.liquid', what: 'is missing: it is the layout of all emails' }];
  return [...look, ...wordless(folder), ...missing, ...languages.flatMap(astray)];
}

/** A folder of templates is a language only if it has a word list. */
const wordless = (folder: string): Mistake[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() &&
        !existsSync(join(folder, entry.name, 'words.json')) &&
        templatesIn(join(folder, entry.name)).length > 0,
    )
    .map(({ name }) => ({
      file: `${name}/words.json`,
      what: 'is missing, so no message uses this language: write it like another language’s',
    }));

const due = (packs: RulePack[]): string[] => [
  ...around,
  workFile,
  ...notificationKinds.flatMap((kind) =>
    channelsOf(kind, packs).map((channel) => `${kind}.${channel}.liquid`),
  ),
];

function missingIn(tag: string, file: string, languages: LanguageFiles[]): Mistake {
  const other = languages.find(({ files }) => files.includes(file));
  return {
    file: `${tag}/${file}`,
    what: other
      ? `is missing: write it like ${other.tag}/${file}`
      : 'is missing: claims send this message, so write it',
  };
}

const kinds: readonly string[] = notificationKinds;
const channels: readonly string[] = notificationChannels;

function isKnown(file: string): boolean {
  const [kind = '', channel = '', ...rest] = file.split('.');
  return kinds.includes(kind) && channels.includes(channel) && rest.join('.') === 'liquid';
}

interface Rendering {
  file: string;
  part: string;
  line: number;
}

/** Every part that a file of the language names. */
const renderings = ({ folder, files }: LanguageFiles): Rendering[] =>
  files.flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .flatMap((text, index) =>
        [...text.matchAll(/\{%-?\s*(?:render|include)\s+["']([^"']+)["']/g)].map(([, name = '']) => ({
          file,
          part: `parts/${name}.liquid`,
          line: index + 1,
        })),
      ),
  );

function astray(language: LanguageFiles): Mistake[] {
  const named = renderings(language);
  return [...unknownParts(language, named), ...unusedFiles(language, named)];
}

const unknownParts = ({ tag, files }: LanguageFiles, named: Rendering[]): Mistake[] =>
  named
    .filter(({ part }) => !files.includes(part))
    .map(({ file, part, line }) => ({
      file: `${tag}/${file}`,
      line,
      what: `there is no part "${basename(part, '.liquid')}": correct the name, or write ${part}`,
    }));

function unusedFiles({ tag, files }: LanguageFiles, named: Rendering[]): Mistake[] {
  const isUsed = (file: string): boolean => around.includes(file) || named.some(({ part }) => part === file);
  const badNames = files.filter((file) => isMessage(file) && file !== workFile && !isKnown(file));
  const useless = files.filter((file) => !isMessage(file) && !isUsed(file));
  return [
    ...badNames.map((file) => ({
      file: `${tag}/${file}`,
      what:
        'is used by no message: name it KIND.CHANNEL.liquid, ' +
        `the channel being ${channels.join(', ')} and the kind one of ${kinds.join(', ')}`,
    })),
    ...useless.map((file) => ({
      file: `${tag}/${file}`,
      what: 'is used by no message: take it out, or render it where it belongs',
    })),
  ];
}
