import { Argument, Option, type Command } from 'commander';
import type { Field, FieldKind, Fields } from '../../../domain/claim/fields.ts';
import { present } from '../../../domain/present.ts';
import { dayOrMoment, list, moment } from '../input/arguments.ts';

/** One value that is typed for an act; `name` is its name in the API. */
export interface Param {
  name: string;
  /** A value that names a thing is an argument, in order; one that explains it is an option. */
  place: 'argument' | 'option' | 'pair' | 'flag';
  needed: boolean;
  help: string;
  /** The placeholder of the value in the help: `<code>`. */
  value: string;
  choices?: readonly string[];
  usual?: string;
  parse?(written: string, before?: unknown): unknown;
}

const byPosition: readonly FieldKind[] = [
  'item',
  'party',
  'document',
  'notification',
  'staff',
  'id',
  'choice',
  'words',
];

const parsers: Partial<Record<FieldKind, (written: string) => unknown>> = {
  day: dayOrMoment,
  moment,
  list,
};

/** What the command line also accepts, beside the API's own form. */
const howTyped: Partial<Record<FieldKind, string>> = {
  party: ', or its role if only one party has it',
  list: ', separated by commas',
};

const values: Partial<Record<FieldKind, string>> = {
  staff: 'code',
  day: 'date',
  list: 'kinds',
  words: 'text',
};

export const paramsOf = (fields: Fields): Param[] =>
  Object.entries(fields).map(([name, field]) => ({
    name,
    place: placeOf(field, field.needed),
    needed: field.needed,
    help: `${field.help}${howTyped[field.is] ?? ''}`,
    value: values[field.is] ?? field.is,
    ...present({ choices: field.choices, parse: parsers[field.is] }),
  }));

function placeOf({ is }: Field, needed: boolean): Param['place'] {
  if (is === 'yes-no') return 'pair';
  return needed && byPosition.includes(is) ? 'argument' : 'option';
}

/** Adds the values to a command as arguments and options. Returns the names of its arguments in order. */
export function addParams(command: Command, params: readonly Param[]): string[] {
  const positions = params.filter(({ place }) => place === 'argument');
  for (const param of positions) command.addArgument(argumentOf(param));
  for (const param of params.filter(({ place }) => place !== 'argument'))
    for (const option of optionsOf(param)) command.addOption(option);
  return positions.map(({ name }) => name);
}

function optionsOf(param: Param): Option[] {
  if (param.place === 'flag') return [new Option(`--${inKebab(param.name)}`, param.help)];
  return param.place === 'pair' ? pairOf(param) : [optionOf(param)];
}

function argumentOf({ name, help, choices, parse }: Param): Argument {
  const argument = new Argument(`<${name}>`, help);
  if (choices) argument.choices([...choices]);
  if (parse) argument.argParser(parse);
  return argument;
}

function optionOf({ name, help, value, needed, choices, usual, parse }: Param): Option {
  const option = new Option(`--${inKebab(name)} <${value}>`, help);
  if (choices) option.choices([...choices]);
  if (parse) option.argParser(parse);
  if (usual !== undefined) option.default(usual);
  return needed && usual === undefined ? option.makeOptionMandatory() : option;
}

/** `--on-scene` and `--not-on-scene`: one of them must be typed; there is no default. */
const pairOf = ({ name, help }: Param): Option[] => [
  new Option(`--${inKebab(name)}`, help).conflicts(notOf(name)),
  new Option(`--not-${inKebab(name)}`, 'the opposite'),
];

const notOf = (name: string): string => `not${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/**
 * The typed values by name; a pair becomes true or false. `missing` names a pair of which neither was typed.
 */
export function typedIn(
  params: readonly Param[],
  positions: Record<string, unknown>,
  options: Record<string, unknown>,
): { given: Record<string, unknown>; missing?: string } {
  const given: Record<string, unknown> = {};
  let missing: string | undefined;
  for (const { name, place } of params) {
    if (place === 'argument') given[name] = positions[name];
    else if (place === 'option' || place === 'flag') given[name] = options[name];
    else if (options[name] === true || options[notOf(name)] === true) given[name] = options[name] === true;
    else missing = name;
  }
  return { given, ...present({ missing }) };
}

export const inKebab = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
