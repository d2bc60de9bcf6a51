import { DateTime } from 'luxon';
import { placeholder, type ImportMap } from '../../../config/import-map.ts';
import { hashOf } from '../../../domain/hash.ts';
import { firstLines, occurrences } from './occurrences.ts';
import type { TableRow, Table } from './table.ts';
import { present } from '../../../domain/present.ts';

/** Why a row is not filed: where, and what would be right. */
export interface Reject {
  line: number;
  column: string;
  reason: string;
}

/** A notice of loss as the row has it; whether it is one the API says. */
export interface RowNotice {
  source: string;
  reference: string;
  [field: string]: unknown;
}

export type Mapped = { kind: 'notice'; line: number; notice: RowNotice } | ({ kind: 'reject' } & Reject);

/** A row that cannot become a notice of loss, because of this column. */
class BadCell extends Error {
  readonly column: string;

  constructor(column: string, reason: string) {
    super(reason);
    this.column = column;
  }
}

/**
 * Makes notices of loss of a table's rows. Throws an Error with one sentence when the mapping names a column
 * or a table that
 * is not there. The same file gives the same references on any day.
 */
export function noticesOf(table: Table, map: ImportMap, now: Date): AsyncIterable<Mapped> {
  const unknown = placeholdersIn(map).find(
    ({ name, values }) =>
      (!name.startsWith('@') && !table.columns.includes(name)) ||
      (values !== undefined && !map.tables[values]) ||
      (name.startsWith('@') && !builtIn.includes(name)),
  );
  if (unknown) throw new Error(sentenceAbout(unknown, table, map));
  return mapped(table, map, now);
}

async function* mapped(table: Table, map: ImportMap, now: Date): AsyncGenerator<Mapped> {
  const naming =
    map.reference === undefined ? namingByWhatItSays(table) : namingByColumn(map.reference, table);
  for await (const row of table.rows()) {
    try {
      if (row.misquoted) throw misquoted(row.line, row.misquoted, table);
      const reference = naming(row);
      yield { kind: 'notice', line: row.line, notice: noticeOf(row, reference, table, map, now) };
    } catch (fault) {
      if (!(fault instanceof BadCell)) throw fault;
      yield { kind: 'reject', line: row.line, column: fault.column, reason: fault.message };
    }
  }
}

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

function sentenceAbout({ name, values }: Placeholder, { columns }: Table, { tables }: ImportMap): string {
  if (name.startsWith('@') && !builtIn.includes(name))
    return `The mapping names {${name}}; there are {@reference} and {@today}.`;
  if (!name.startsWith('@') && !columns.includes(name))
    return `The mapping names the column "${name}", which the file has not; it has ${columns.join(', ')}.`;
  return `The mapping names the table "${values}", which it has not; it has ${Object.keys(tables).join(', ') || 'none'}.`;
}

function misquoted(
  line: number,
  { cell, toLine }: NonNullable<TableRow['misquoted']>,
  { columns }: Table,
): BadCell {
  const swallowed = toLine > line ? `; as it is, the row goes on to line ${toLine}` : '';
  return new BadCell(
    columns[cell] ?? '',
    `has a quotation mark where none may stand: put the cell in quotation marks and double those within it${swallowed}`,
  );
}

/** What the row says and for the how-manieth time the file says so: never when it was imported. */
function namingByWhatItSays({ size }: Table): (row: TableRow) => string {
  const counted = occurrences(size);
  return ({ cells }) => {
    const hash = hashOf({ cells: cells.map((cell) => cell.trim()) });
    const occurrence = counted(hash);
    return occurrence === 1 ? hash.slice(0, 20) : `${hash.slice(0, 20)}-${occurrence}`;
  };
}

/** A row's own name. Two rows with one name would be one claim, and the second one lost. */
function namingByColumn(column: string, { columns, size }: Table): (row: TableRow) => string {
  const firstLineOf = firstLines(size);
  return ({ line, cells }) => {
    const name = valueIn(column, cells, columns).normalize('NFC');
    if (!name) throw new BadCell(column, 'is empty; it names the row');
    const first = firstLineOf(hashOf({ name }), line);
    if (first !== line)
      throw new BadCell(column, `"${name}" names line ${first} already; each row needs a name of its own`);
    return name;
  };
}

function noticeOf(row: TableRow, reference: string, table: Table, map: ImportMap, now: Date): RowNotice {
  if (row.cells.length !== table.columns.length)
    throw new BadCell('', `the row has ${row.cells.length} cells, the header ${table.columns.length}`);
  const filled = (expression: string): string => filledIn(expression, { row, reference, table, map, now });
  const { policy, lossAt, place, description, parties, items } = map.notice;
  return {
    source: map.source,
    reference,
    policy: filled(policy),
    lossAt: instantOf(filled(lossAt), lossAt, map),
    place: filled(place),
    description: filled(description),
    parties: parties.map((party) =>
      withoutEmpty(
        Object.fromEntries(
          Object.entries(party).map(([field, expression]) => [field, filled(String(expression))]),
        ),
      ),
    ),
    items: items.map(({ object, party, claimed }) => ({
      object: filled(object),
      party: filled(party),
      claimed: amountOf(filled(claimed), claimed, map),
    })),
  };
}

/**
 * The columns that a field of the notice is made of, for a field as the API names it, such as
 * items[0].claimed; else the field itself.
 */
export function columnOf(field: string, map: ImportMap): string {
  const expression = field
    .split(/[.[\]]+/)
    .filter(Boolean)
    .reduce<unknown>((value, key) => Object.entries(value ?? {}).find(([name]) => name === key)?.[1], {
      ...map.notice,
      ...present({ reference: map.reference === undefined ? undefined : `{${map.reference}}` }),
    });
  return (typeof expression === 'string' && columnsIn(expression)) || field;
}

/** A contact that the row does not give is no contact. */
const withoutEmpty = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));

interface Filling {
  row: TableRow;
  reference: string;
  table: Table;
  map: ImportMap;
  now: Date;
}

function filledIn(expression: string, { row, reference, table, map, now }: Filling): string {
  return expression
    .replace(placeholder, (_, name: string, values?: string) => {
      if (name === '@reference') return reference;
      if (name === '@today')
        return DateTime.fromJSDate(now, { zone: map.dates.zone }).startOf('day').toISO() ?? '';
      const cell = valueIn(name, row.cells, table.columns);
      const { [cell]: meant, '*': otherwise } =
        values === undefined ? { [cell]: cell } : (map.tables[values] ?? {});
      const value = meant ?? otherwise;
      if (value === undefined)
        throw new BadCell(name, `"${cell}" is not in the table "${values}" of the mapping`);
      return value;
    })
    .trim();
}

function valueIn(column: string, cells: string[], columns: string[]): string {
  const cell = (cells[columns.indexOf(column)] ?? '').trim();
  if (isFormula(cell))
    throw new BadCell(
      column,
      `begins with "${cell.charAt(0)}", as a formula does; save the file with values`,
    );
  return cell;
}

/** What a spreadsheet would compute; a negative number or a telephone number is none. */
const isFormula = (cell: string): boolean =>
  /^[=@]/.test(cell) || (/^[+-]/.test(cell) && !/^[+-][\d\s().,-]*$/.test(cell));

const columnsIn = (expression: string): string =>
  [...expression.matchAll(placeholder)].map(([, name]) => name).join(', ');

function instantOf(text: string, expression: string, { dates: { format, zone } }: ImportMap): string {
  if (expression.includes('{@today}')) return text;
  const at = DateTime.fromFormat(text, format, { zone });
  if (!at.isValid) throw new BadCell(columnsIn(expression), `"${text}" is not a date written as ${format}`);
  return at.toISO();
}

function amountOf(text: string, expression: string, { numbers: { decimal, thousands } }: ImportMap): string {
  const bare = text
    .replace(currencySign, '')
    .replaceAll(/[\u00a0\u202f]/g, ' ')
    .trim();
  const plain = (thousands ? bare.split(thousands).join('') : bare).replace(decimal, '.');
  const isGrouped =
    !thousands ||
    new RegExp(`^-?\\d{1,3}(?:${escaped(thousands)}\\d{3})*(?:${escaped(decimal)}\\d+)?$`).test(bare) ||
    !bare.includes(thousands);
  if (isGrouped && /^\d+(?:\.\d+)?$/.test(plain)) return plain;
  throw new BadCell(
    columnsIn(expression),
    `"${text}" is not an amount such as 1${thousands ?? ''}234${decimal}50`,
  );
}

const currencySign = /^(?:[$€£¥￥]|[A-Z]{3}|US\$)|(?:[$€£¥￥元]|[A-Z]{3})$/;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
