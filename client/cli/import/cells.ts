import { DateTime } from 'luxon';
import { placeholder, type ImportMap } from '../../../config/import-map.ts';
import { writtenAmount, type WrittenAmount } from '../../../config/notice/written-amount.ts';
import type { TableRow } from './rows.ts';
import type { Table } from './table.ts';

/** A row that cannot become what it should be, because of this column. */
export class BadCell extends Error {
  readonly column: string;

  constructor(column: string, reason: string) {
    super(reason);
    this.column = column;
  }
}

interface Filling {
  row: TableRow;
  table: Table;
  map: Pick<ImportMap, 'tables'>;
  /** Values that no column has: `{@today}`. */
  own?: Readonly<Record<string, string>>;
}

export function filledIn(expression: string, { row, table, map, own = {} }: Filling): string {
  return expression
    .replace(placeholder, (_, name: string, values?: string) => {
      const given = own[name];
      if (given !== undefined) return given;
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

export function valueIn(column: string, cells: string[], columns: string[]): string {
  const cell = (cells[columns.indexOf(column)] ?? '').trim();
  if (isFormula(cell))
    throw new BadCell(column, `begins with "${cell.charAt(0)}" like a formula; save the file with values`);
  return cell;
}

/**
 * A text that a spreadsheet would compute: its value is missing. Words behind a dash are words: what goes out
 * to a spreadsheet is neutralised there (`rejectsFile`).
 */
const isFormula = (cell: string): boolean => /^(?:=|[@+-]\s*[A-Za-z.]+\d*[(|!])/.test(cell);

export const columnsIn = (expression: string): string =>
  [...expression.matchAll(placeholder)].map(([, name]) => name).join(', ');

export const startOfDay = (now: Date, zone: string): string =>
  DateTime.fromJSDate(now, { zone }).startOf('day').toISO() ?? '';

export function instantOf(text: string, expression: string, { dates: { format, zone } }: ImportMap): string {
  if (expression.includes('{@today}')) return text;
  const at = DateTime.fromFormat(text, format, { zone });
  if (!at.isValid) throw new BadCell(columnsIn(expression), `"${text}" is not a date written as ${format}`);
  return at.toISO();
}

/** An amount without thousands signs, and with a point before its decimals. */
export function amountOf(
  text: string,
  expression: string,
  { numbers: { decimal, thousands } }: Pick<ImportMap, 'numbers'>,
): WrittenAmount {
  const { number = text, sign = '', currencies } = writtenAmount(text) ?? {};
  const plain = (thousands ? number.split(thousands).join('') : number).replace(decimal, '.');
  const isGrouped =
    !thousands ||
    new RegExp(`^-?\\d{1,3}(?:${escaped(thousands)}\\d{3})*(?:${escaped(decimal)}\\d+)?$`).test(number) ||
    !number.includes(thousands);
  if (isGrouped && /^\d+(?:\.\d+)?$/.test(plain)) return { number: plain, sign, currencies };
  throw new BadCell(
    columnsIn(expression),
    `"${text}" is not an amount such as 1${thousands ?? ''}234${decimal}50`,
  );
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
