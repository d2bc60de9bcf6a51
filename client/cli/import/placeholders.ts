import { placeholder, type ImportMap } from '../../../config/import-map.ts';
import { present } from '../../../domain/present.ts';
import type { Table } from './table.ts';

interface Placeholder {
  name: string;
  values?: string;
}

const placeholdersIn = (value: unknown): Placeholder[] =>
  textsIn(value)
    .flatMap((text) => [...text.matchAll(placeholder)])
    .map(([, name = '', values]) => ({ name, ...present({ values }) }));

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/**
 * One sentence about the first column or table that the texts of a mapping name and that does not exist;
 * `builtIn` has the names that are no column.
 */
export function mistakeInMap(
  { columns }: Pick<Table, 'columns'>,
  { tables }: Pick<ImportMap, 'tables'>,
  texts: object,
  builtIn: readonly string[] = [],
): string | undefined {
  const isMissing = (name: string): boolean =>
    name.startsWith('@') ? !builtIn.includes(name) : !columns.includes(name);
  const unknown = placeholdersIn(texts).find(
    ({ name, values }) => isMissing(name) || (values !== undefined && !tables[values]),
  );
  if (!unknown) return undefined;
  const { name, values } = unknown;
  if (isMissing(name) && name.startsWith('@')) {
    const known = builtIn.map((each) => `{${each}}`).join(' and ');
    return known
      ? `The mapping names {${name}}, but only ${known} exist.`
      : `The mapping names {${name}}, which does not exist for policies and staff.`;
  }
  if (isMissing(name))
    return `The mapping names the column "${name}", but the file has only ${columns.join(', ')}.`;
  const known = Object.keys(tables).join(', ') || 'none';
  return `The mapping names the table "${values}", but it has only these tables: ${known}.`;
}
