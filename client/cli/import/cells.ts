import { DateTime } from 'luxon';
import { placeholder, type ImportMap } from '../../../config/import-map.ts';
import { writtenAmount } from '../../../config/notice/written-amount.ts';
import type { TableRow } from './rows.ts';
import type { Table } from './table.ts';

/** A row that cannot become a notice of loss, because of this column. */
export class BadCell extends Error {
  readonly column: string;

  constructor(column: string, reason: string) {
    super(reason);
    this.column = column;
  }
}

interface Filling {
  row: TableRow;
  reference: string;
  table: Table;
  map: ImportMap;
  now: Date;
}

export function filledIn(expression: string, { row, reference, table, map, now }: Filling): string {
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

export function instantOf(text: string, expression: string, { dates: { format, zone } }: ImportMap): string {
  if (expression.includes('{@today}')) return text;
  const at = DateTime.fromFormat(text, format, { zone });
  if (!at.isValid) throw new BadCell(columnsIn(expression), `"${text}" is not a date written as ${format}`);
  return at.toISO();
}

/** With its currency sign, if it has one: the API compares it with the policy's currency. */
export function amountOf(
  text: string,
  expression: string,
  { numbers: { decimal, thousands } }: ImportMap,
): string {
  const { number = text, sign = '' } = writtenAmount(text) ?? {};
  const plain = (thousands ? number.split(thousands).join('') : number).replace(decimal, '.');
  const isGrouped =
    !thousands ||
    new RegExp(`^-?\\d{1,3}(?:${escaped(thousands)}\\d{3})*(?:${escaped(decimal)}\\d+)?$`).test(number) ||
    !number.includes(thousands);
  if (isGrouped && /^\d+(?:\.\d+)?$/.test(plain)) return sign ? `${sign} ${plain}` : plain;
  throw new BadCell(
    columnsIn(expression),
    `"${text}" is not an amount such as 1${thousands ?? ''}234${decimal}50`,
  );
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
