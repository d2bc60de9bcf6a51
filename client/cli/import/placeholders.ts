import { placeholder, type ImportMap } from '../../../config/import-map.ts';
import { present } from '../../../domain/present.ts';
import type { Table } from './table.ts';

interface Placeholder {
  name: string;
  values?: string;
}

const builtIn = ['@reference', '@today'];

const placeholdersIn = (map: ImportMap): Placeholder[] => [
  ...(map.reference === undefined ? [] : [{ name: map.reference }]),
  ...textsIn(map.notice)
    .flatMap((text) => [...text.matchAll(placeholder)])
    .map(([, name = '', values]) => ({ name, ...present({ values }) })),
];

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** One sentence about the first column or table that the mapping names and that does not exist. */
export function mistakeInMap(table: Table, map: ImportMap): string | undefined {
  const unknown = placeholdersIn(map).find(
    ({ name, values }) =>
      (!name.startsWith('@') && !table.columns.includes(name)) ||
      (values !== undefined && !map.tables[values]) ||
      (name.startsWith('@') && !builtIn.includes(name)),
  );
  return unknown && sentenceAbout(unknown, table, map);
}

function sentenceAbout({ name, values }: Placeholder, { columns }: Table, { tables }: ImportMap): string {
  if (name.startsWith('@') && !builtIn.includes(name))
    return `The mapping names {${name}}, but only {@reference} and {@today} exist.`;
  if (!name.startsWith('@') && !columns.includes(name))
    return `The mapping names the column "${name}", but the file has only ${columns.join(', ')}.`;
  const known = Object.keys(tables).join(', ') || 'none';
  return `The mapping names the table "${values}", but it has only these tables: ${known}.`;
}
