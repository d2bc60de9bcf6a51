import { DateTime } from 'luxon';
import { assertNever } from '../../../domain/assert-never.ts';
import { fieldAt, nearestField, type BookName } from '../../../config/books/fields.ts';
import { importLimits } from '../../../config/import-limits.ts';
import type { BookMap } from '../../../config/import-map.ts';
import { amountOf, BadCell, columnsIn, filledIn } from './cells.ts';
import type { JsonLines } from './json-lines.ts';
import { rejectOf, requireWhole, type Reject } from './notices.ts';
import { mistakeInMap } from './placeholders.ts';
import type { TableRow } from './rows.ts';
import type { Table } from './table.ts';

/** A row for a book, in the form in which the API takes it, or why it is none. */
export type BookRow = { kind: 'row'; line: number; value: unknown } | ({ kind: 'reject' } & Reject);

/** The rows of a file for a book. */
export interface BookRows {
  size: number;
  encoding: string;
  rows(): AsyncIterable<BookRow>;
  /** The column that fills a field, named as the API names it; the field itself where none does. */
  columnOf(field: string): string;
}

export const rowsOfLines = ({ size, encoding, lines }: JsonLines): BookRows => ({
  size,
  encoding,
  columnOf: (field) => field,
  async *rows() {
    for await (const { line, text } of lines())
      yield text === undefined ? tooLong(line) : parsedLine(line, text);
  },
});

const tooLong = (line: number): BookRow => ({
  kind: 'reject',
  line,
  column: '',
  reason: `the line has more than ${importLimits.rowCharacters.toLocaleString('en')} characters`,
});

function parsedLine(line: number, text: string): BookRow {
  try {
    const value: unknown = JSON.parse(text);
    return { kind: 'row', line, value };
  } catch (fault) {
    const why = fault instanceof SyntaxError ? fault.message.replace(/ \(line 1 column \d+\)$/, '') : '';
    return { kind: 'reject', line, column: '', reason: `the line is not JSON: ${why}` };
  }
}

/**
 * The rows of a table. Without a mapping its columns are named as the fields. Throws an Error with one
 * sentence when a column or a table that the mapping names does not exist, or a column is no field.
 */
export function rowsOfTable(book: BookName, table: Table, given: BookMap | undefined): BookRows {
  const map = given ?? mapOfColumns(book, table);
  const mistake = mistakeInMap(table, map, map.row);
  if (mistake !== undefined) throw new Error(mistake);
  const fields = Object.entries(map.row).map(([path, expression]) => fieldIn(book, path, expression));
  return {
    size: table.size,
    encoding: table.encoding,
    columnOf: (field) => columnOf(field, map),
    async *rows() {
      for await (const row of table.rows()) {
        try {
          requireWhole(row, table);
          yield { kind: 'row', line: row.line, value: valueOf(row, fields, table, map) };
        } catch (fault) {
          yield rejectOf(row, fault);
        }
      }
    },
  };
}

/** The mapping of a table whose columns are named as the fields. */
function mapOfColumns(book: BookName, { columns }: Table): BookMap {
  const wrong = columns.find((column) => !fieldAt(book, column));
  if (wrong !== undefined)
    throw new Error(
      `The column "${wrong}" is no field of ${book}; the nearest is "${nearestField(book, wrong)}". ` +
        'Give a mapping with --map FILE: how the columns fill the fields.',
    );
  return {
    for: book,
    source: '',
    csv: {},
    numbers: { decimal: '.' },
    dates: { format: 'yyyy-MM-dd', toIsLastDay: false },
    lists: ';',
    tables: {},
    row: Object.fromEntries(columns.map((column) => [column, `{${column}}`])),
  };
}

interface Field {
  path: string;
  /** `['people', 0, 'name']`. */
  steps: (string | number)[];
  kind: NonNullable<ReturnType<typeof fieldAt>>['kind'];
  expression: string;
  /** No column has a part in it. */
  isConstant: boolean;
}

const fieldIn = (book: BookName, path: string, expression: string): Field => ({
  path,
  expression,
  steps: stepsOf(path),
  kind: fieldAt(book, path)?.kind ?? 'text',
  isConstant: columnsIn(expression) === '',
});

const stepsOf = (path: string): (string | number)[] =>
  path
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));

type Value = string | number | boolean | string[];

/** The tree of the fields that have something in their cells. */
function valueOf(row: TableRow, fields: Field[], table: Table, map: BookMap): object {
  const filled = fields.map((field) => ({ field, text: filledIn(field.expression, { row, table, map }) }));
  const currency = filled.find(({ field }) => field.path === 'currency')?.text;
  // An element of a list that has constants alone is none: the policy of this row has no second driver.
  const isThere = (element: string): boolean =>
    filled.some(({ field, text }) => !field.isConstant && text !== '' && elementOf(field) === element);
  const all: [Field, Value][] = filled
    .filter(({ field, text }) => text !== '' && (elementOf(field) === '' || isThere(elementOf(field))))
    .map(({ field, text }) => [field, readAs(field, text, map, currency)]);
  return treeOf(all.map(([{ steps }, value]) => [steps, value]));
}

/** `people[1]`; empty for a field outside of lists. */
const elementOf = ({ path }: Field): string => /^[^[]*\[\d+\]/.exec(path)?.[0] ?? '';

function readAs(field: Field, text: string, map: BookMap, currency: string | undefined): Value {
  const { kind, expression, path, steps } = field;
  switch (kind) {
    case 'text':
      return text;
    case 'list':
      return text.split(map.lists).flatMap((part) => part.trim() || []);
    case 'number':
      return Number(amountOf(text, expression, map).number);
    case 'amount': {
      const { number, sign, currencies } = amountOf(text, expression, map);
      const own = path.startsWith('limits.') ? String(steps.at(-1)) : currency;
      if (own !== undefined && currencies && !currencies.includes(own))
        throw new BadCell(columnsIn(expression), `"${text}" is in ${sign}, and it should be in ${own}`);
      return number;
    }
    case 'truth':
      if (text === 'true' || text === 'false') return text === 'true';
      throw new BadCell(
        columnsIn(expression),
        `"${text}" is neither true nor false; give the mapping a table`,
      );
    case 'day':
    case 'moment':
      return dateOf(field, text, map.dates);
    default:
      return assertNever(kind);
  }
}

/** A day as `2026-12-24`, a moment with its zone. */
function dateOf({ kind, path, expression }: Field, text: string, dates: BookMap['dates']): string {
  const { format, zone = 'UTC', toIsLastDay } = dates;
  const at = DateTime.fromFormat(text, format, { zone });
  if (!at.isValid) throw new BadCell(columnsIn(expression), `"${text}" is not a date written as ${format}`);
  const counted = path === 'to' && toIsLastDay ? at.plus({ days: 1 }) : at;
  return kind === 'moment' && dates.zone !== undefined ? counted.toISO() : counted.toISODate();
}

/** `[[['people', 0, 'name'], 'Ada']]` as `{people: [{name: 'Ada'}]}`. A list has no gaps. */
function treeOf(values: [steps: (string | number)[], value: Value][]): object {
  const here = Map.groupBy(values, ([[first = '']]) => first);
  const entries = [...here].map(([step, those]): [string | number, unknown] => {
    const [only] = those;
    const isLeaf = only !== undefined && only[0].length === 1;
    return [step, isLeaf ? only[1] : treeOf(those.map(([[, ...rest], value]) => [rest, value]))];
  });
  return entries.every(([step]) => typeof step === 'number')
    ? entries.toSorted(([one], [other]) => Number(one) - Number(other)).map(([, value]) => value)
    : Object.fromEntries(entries);
}

function columnOf(field: string, { row }: BookMap): string {
  const expression = row[field] ?? row[field.replace(/\[\d+\]$/, '')];
  return (expression !== undefined && columnsIn(expression)) || field;
}
