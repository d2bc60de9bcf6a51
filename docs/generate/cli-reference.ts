import type { Argument, Command, Option } from 'commander';
import { program } from '../../client/cli/program.ts';

/** The commands of docs/cli.md, from the program itself. */
export function cliReference(): string {
  const lipei = program();
  const head = [lipei.description(), general, '## Options of every command', optionTable(lipei.options)];
  return ['', ...head, ...leaves(lipei).map(section), ''].join('\n\n').trimEnd().replace(/^\n/, '');
}

const general = [
  'Options may stand anywhere. With `--json` standard output holds one JSON value and nothing else: the',
  'answer, or the problem. Standard error says so when `--limit` cut a list. The exit code is 0 when a',
  'command did its work, 1 when Lipei denies it or cannot be reached, and 2 when the command line or',
  'its input is wrong; a sentence on standard error then says why. Outside the local stack the token in',
  '`LIPEI_TOKEN` says who acts.',
].join('\n');

/** A command with commands below it does nothing by itself, unless it takes something. */
const leaves = (command: Command): Command[] => [
  ...(command.commands.length === 0 || command.registeredArguments.length > 0 ? [command] : []),
  ...command.commands.flatMap(leaves),
];

function section(command: Command): string {
  const { registeredArguments: given, options } = command;
  const usage = ['bin/lipei', pathOf(command), ...given.map(upper), ...options.map(usageOf)].join(' ');
  const tables = [
    given.length > 0 && argumentTable(given),
    options.length > 0 && optionTable(options),
  ].filter((each) => each !== false);
  return [
    `## ${pathOf(command)}`,
    `${capitalised(command.description())}.`,
    `\`\`\`\n${usage}\n\`\`\``,
    ...tables,
  ].join('\n\n');
}

const argumentTable = (given: readonly Argument[]): string =>
  rows(
    'argument',
    given.map((argument) => [upper(argument), withChoices(argument)]),
  );

const optionTable = (options: readonly Option[]): string =>
  rows(
    'option',
    options.map((option) => [flagsOf(option), withChoices(option)]),
  );

const rows = (head: string, lines: string[][]): string =>
  [`| ${head} | |`, '|---|---|', ...lines.map(([name, text]) => `| \`${name}\` | ${text} |`)].join('\n');

const withChoices = ({ description, argChoices }: { description: string; argChoices?: string[] }): string =>
  argChoices ? `${description}: ${argChoices.map((each) => `\`${each}\``).join(', ')}` : description;

const pathOf = (command: Command): string =>
  command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

const upper = (argument: Argument): string => argument.name().toUpperCase();

const usageOf = (option: Option): string => (option.mandatory ? flagsOf(option) : `[${flagsOf(option)}]`);

const flagsOf = ({ flags }: Option): string =>
  flags.replace(/<(.*)>/, (_, name: string) => name.toUpperCase());

const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
