import { originOf, type Composed } from '../../../config/rules/compose.ts';
import type { RuleBook } from '../../../config/rules/load.ts';
import type { RuleVersions } from '../../../domain/rules/pack.ts';
import { table } from '../table.ts';

/** One value of the rules, and its file. */
export interface ShownValue {
  /** Path in the rules, such as `ladders.document.0.after`. */
  path: string;
  value: unknown;
  /** The part that has it: `<kind>/<name>@<version>`, a file in `rules/`. */
  part: string;
  /** The value in the part, if the pace has changed it. */
  was?: string;
  /** The pace that has changed it. */
  pace?: string;
}

export interface ShownRules {
  line: string;
  jurisdiction: string;
  parts: RuleVersions;
  values: ShownValue[];
}

export function shownRules({ pack, origins }: Composed): ShownRules {
  const { versions, line, jurisdiction, ...rest } = pack;
  const values = leavesOf(rest, '').map(({ path, value }): ShownValue => {
    const origin = originOf(path, origins);
    const shown: ShownValue = { path, value, part: origin?.part ?? '' };
    if (origin?.was !== undefined) shown.was = origin.was;
    if (origin?.pace !== undefined) shown.pace = origin.pace;
    return shown;
  });
  return { line, jurisdiction, parts: versions, values };
}

export const rulesPage = ({ line, jurisdiction, parts, values }: ShownRules): string =>
  [
    `${line} in ${jurisdiction}, made of ${filesOf(parts).join(', ')}`,
    '',
    table(['Rule', 'From', 'Value'], rowsOf(values)),
  ].join('\n');

/** The lines in force, with the parts of each under the ordinary pace, and the paces there are. */
export function listedRules(book: RuleBook) {
  return {
    rules: book
      .inForce('ordinary')
      .map(({ line, jurisdiction, versions }) => ({ line, jurisdiction, parts: versions })),
    paces: book.paces(),
  };
}

export const rulesListPage = ({ rules, paces }: ReturnType<typeof listedRules>): string =>
  [
    table(
      ['Line', 'Jurisdiction', 'Parts'],
      rules.map(({ line, jurisdiction, parts }) => [line, jurisdiction, filesOf(parts).join('\n')]),
    ),
    '',
    `Paces: ${paces.join(', ')}`,
  ].join('\n');

const filesOf = ({ line, jurisdiction, ladders, channels, pace }: RuleVersions): string[] => [
  `lines/${line}`,
  `jurisdictions/${jurisdiction}`,
  ...ladders.map((name) => `ladders/${name}`),
  `channels/${channels}`,
  `pace/${pace}`,
];

interface Leaf {
  path: string;
  value: unknown;
}

/** A list of words or numbers is one value; other lists and objects are taken apart. */
function leavesOf(value: unknown, path: string): Leaf[] {
  const isList = Array.isArray(value);
  if (typeof value !== 'object' || value === null || (isList && !value.some(isObject)))
    return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path ? `${path}.${key}` : key));
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/**
 * One element of a list, such as a rung, is one row. If the pace has changed a value, the value in the part
 * follows in brackets.
 */
function rowsOf(values: ShownValue[]): string[][] {
  const rows = Map.groupBy(values, ({ path }) => /^.+?\.\d+(?=\.)/.exec(path)?.[0] ?? path);
  return [...rows].map(([path, group]) => [path, sourceOf(group), valueOf(path, group)]);
}

const valueOf = (row: string, group: ShownValue[]): string =>
  group
    .map((each) => {
      const was = each.was === undefined ? '' : ` (${each.was})`;
      return `${labelOf(row, each)}${inWords(each.value)}${was}`;
    })
    .join(', ');

const sourceOf = (group: ShownValue[]): string =>
  [...new Set(group.flatMap(({ part, pace }) => (pace === undefined ? [part] : [part, pace])))].join(', ');

const labelOf = (row: string, { path }: ShownValue): string =>
  path === row ? '' : `${path.slice(row.length + 1)} `;

const inWords = (value: unknown): string => {
  if (Array.isArray(value)) return value.length > 0 ? value.join(' ') : 'none';
  return value === null ? 'none' : String(value);
};
