import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError, type Command } from 'commander';
import { program } from '../../client/cli/program.ts';
import { optionsLast } from '../../client/cli/words.ts';
import { projectRoot } from '../../config/env.ts';
import { claimNumber } from '../../domain/ids.ts';
import { samplePeople } from '../../local/sample-company.ts';
import { sampleNames } from '../../local/samples.ts';

/** Written for people; docs/cli.md is written from the program itself. */
const pages = [
  'README.md',
  'samples/README.md',
  'templates/README.md',
  ...pagesIn('docs'),
  ...pagesIn('docs/how-to'),
].filter((page) => page !== 'docs/cli.md');

function pagesIn(folder: string): string[] {
  const at = join(projectRoot, folder);
  if (!existsSync(at)) return [];
  return readdirSync(at)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

const content = (page: string): string => readFileSync(join(projectRoot, page), 'utf8');

/** What stands behind `bin/lipei`, to the end of the line or of the code, without comment and redirection. */
const commandsIn = (text: string): string[] =>
  [...text.matchAll(/bin\/lipei(?= )([^`\n]*)/g)].map(([, words = '']) =>
    words.replace(/\s+(?:#|\/\/|>|\||&&|\u2026|…).*$/, '').trim(),
  );

const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain);

/**
 * A command in a page may leave out what follows from the sentence around it, and may have a word in capitals
 * in the place of a choice (`KIND`); nothing else.
 */
const isLeftOut = (error?: CommanderError): boolean =>
  error?.code === 'commander.missingArgument' ||
  error?.code === 'commander.missingMandatoryOptionValue' ||
  /value '[A-Z]+' is invalid/.test(error?.message ?? '');

async function mistakeIn(line: string): Promise<CommanderError | undefined> {
  const lipei = onlyRead(program());
  try {
    await lipei.parseAsync(optionsLast(wordsOf(standIns(line)), lipei), { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? undefined : error;
  }
}

/** Words in capitals stand for what people put there; where a number is read, one is put there. */
const standIns = (line: string): string =>
  line.replace(/(--(?:limit|rate|days|port-base)) [A-Z]+/g, '$1 9').replace(/\bAMOUNT\b/g, '4800');

/** The same commands, of which none does anything. */
function onlyRead(command: Command): Command {
  command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {}, outputError: () => {} });
  for (const sub of command.commands) onlyRead(sub);
  const isGroup = command.commands.length > 0 && command.registeredArguments.length === 0;
  return isGroup ? command : command.action(() => {});
}

const all = pages.flatMap((page) => commandsIn(content(page)).map((line): [string, string] => [page, line]));

test('commands are found where there are some, and a wrong one is seen', async () => {
  expect(all.filter(([page]) => page === 'README.md').length).toBeGreaterThan(15);
  const codes = ['claims lst', 'claims show', 'claims list --overdu', 'release current'].map(
    async (line) => (await mistakeIn(line))?.code,
  );
  expect(await Promise.all(codes)).toEqual([
    'commander.unknownCommand',
    'commander.missingArgument',
    'commander.unknownOption',
    'commander.unknownCommand',
  ]);
});

test.each(all)('%s: bin/lipei %s', async (page, line) => {
  const mistake = await mistakeIn(line);
  // What the README shows is copied; elsewhere a command may stand in a sentence without its arguments.
  expect(page !== 'README.md' && isLeftOut(mistake) ? undefined : mistake?.message).toBeUndefined();
});

test('every claim and every person that a page names is among the samples', () => {
  const claims = sampleNames().map((name) => claimNumber('samples', name));
  const codes = samplePeople().map(({ code }) => code);
  const named = ['README.md', 'samples/README.md', ...pagesIn('docs/how-to')].map(content).join('\n');
  const numbers = [...named.matchAll(/\bL[0-9A-Z]{4}-[0-9A-Z]{5}\b/g)].map(([number]) => number);
  expect(numbers.length).toBeGreaterThan(10);
  expect(numbers.filter((number) => !claims.some((each) => each === number))).toEqual([]);
  const persons = [...named.matchAll(/\b[A-Z]-\d{3}\b/g)].map(([code]) => code);
  expect(persons.filter((code) => !codes.includes(code))).toEqual([]);
});

test('the samples’ own page says under which number each of them is filed', () => {
  const page = content('samples/README.md');
  for (const name of sampleNames())
    expect(page).toContain(`| \`${name}\` | ${claimNumber('samples', name)} |`);
});
