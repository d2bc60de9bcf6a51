import { Argument, Option, type Command } from 'commander';
import type { Field, FieldKind, Fields } from '../../../domain/claim/fields.ts';
import { present } from '../../../domain/present.ts';
import { dayOrMoment, list, moment } from '../input/arguments.ts';

/** What somebody types for an act, by the name that the API knows it by. */
export interface Param {
  name: string;
  /** What names a thing stands as an argument, in order; what explains it is an option. */
  place: 'argument' | 'option' | 'pair';
  needed: boolean;
  help: string;
  /** What stands for the value: `<code>`. */
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
];

const parsers: Partial<Record<FieldKind, (written: string) => unknown>> = {
  day: dayOrMoment,
  moment,
  list,
};

/** What the command line takes beside what the API does. */
const howTyped: Partial<Record<FieldKind, string>> = {
  party: ', or its role where only one has it',
  list: ', with commas',
};

const values: Partial<Record<FieldKind, string>> = { staff: 'code', day: 'date', list: 'kinds' };

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

/** Adds what is typed to a command, and gives the names of its arguments in order. */
export function addParams(command: Command, params: readonly Param[]): string[] {
  const positions = params.filter(({ place }) => place === 'argument');
  for (const param of positions) command.addArgument(argumentOf(param));
  for (const param of params.filter(({ place }) => place !== 'argument'))
    for (const option of param.place === 'pair' ? pairOf(param) : [optionOf(param)])
      command.addOption(option);
  return positions.map(({ name }) => name);
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

/** `--on-scene` and `--not-on-scene`: what is to be said is never taken for granted. */
const pairOf = ({ name, help }: Param): Option[] => [
  new Option(`--${inKebab(name)}`, help).conflicts(notOf(name)),
  new Option(`--not-${inKebab(name)}`, 'or not so'),
];

const notOf = (name: string): string => `not${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** What was typed, by name; a pair becomes yes or no. Undefined names a pair of which nothing was said. */
export function typedIn(
  params: readonly Param[],
  positions: Record<string, unknown>,
  options: Record<string, unknown>,
): { given: Record<string, unknown>; unsaid?: string } {
  const given: Record<string, unknown> = {};
  let unsaid: string | undefined;
  for (const { name, place } of params) {
    if (place === 'argument') given[name] = positions[name];
    else if (place === 'option') given[name] = options[name];
    else if (options[name] === true || options[notOf(name)] === true) given[name] = options[name] === true;
    else unsaid = name;
  }
  return { given, ...present({ unsaid }) };
}

export const inKebab = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
