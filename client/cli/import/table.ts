import { importLimits } from '../../../config/import-limits.ts';
import type { ImportMap } from '../../../config/import-map.ts';
import { cutOff, encodingOf, endsWithLine } from './encoding.ts';
import { firstLine, rowsOf, type Delimiter, type TableRow } from './rows.ts';

/** A table that was read once from beginning to end, so that nothing in it can stop the import half-way. */
export interface Table {
  columns: string[];
  /** Without the header and empty lines. */
  size: number;
  encoding: string;
  rows(): AsyncIterable<TableRow>;
}

/**
 * Opens a CSV file as a spreadsheet saves it: UTF-8 with or without a byte order mark, UTF-16 with one,
 * GB18030, or the encoding that is named; commas, semicolons or tabs. Throws an Error with one sentence: no
 * such file, empty, another encoding, too many rows, a quotation mark that is never closed, cut off in its
 * last row, no header, or a header with a column twice or a quotation mark in the wrong place.
 */
export async function openTable(file: string, csv: ImportMap['csv']): Promise<Table> {
  const encoding = await encodingOf(file, csv.encoding);
  const start = await firstLine(file, encoding);
  const named = separatorIn(start, file);
  const rows = (delimiter: Delimiter): AsyncIterable<TableRow> => {
    const all = rowsOf(file, encoding, delimiter);
    return named === undefined ? all : withoutFirst(all);
  };
  const delimiter = csv.delimiter ?? named ?? delimiterOf(start);
  let columns: string[] | undefined;
  let size = 0;
  let last: string[] = [];
  for await (const { cells, misquoted } of rows(delimiter)) {
    last = cells;
    if (!columns && misquoted)
      throw new Error(
        `${file} has a quotation mark in the wrong place in its header. ` +
          'Put the name in quotation marks, and double those within it.',
      );
    if (columns) size += 1;
    else
      columns = withoutBlankEnd(
        cells.map((cell) => cell.trim()),
        0,
      );
    if (size > importLimits.rows)
      throw new Error(
        `${file} has more than ${importLimits.rows.toLocaleString('en')} rows. Split it into several files.`,
      );
  }
  if (!columns || columns.length === 0)
    throw new Error(`${file} is empty. Its first line should name the columns.`);
  const twice = columns.find((name, index) => columns?.indexOf(name) !== index);
  if (twice !== undefined)
    throw new Error(`${file} has the column "${twice}" twice. Each column needs another name.`);
  if (size === 0) throw new Error(`${file} has a header and no rows.`);
  const width = columns.length;
  if (last.length < width && !(await endsWithLine(file)))
    throw new Error(cutOff(file, `with ${last.length} cells in its last row, of ${width}`));
  return { columns, size, encoding, rows: () => below(rows(delimiter), width) };
}

async function* below(table: AsyncIterable<TableRow>, width: number): AsyncGenerator<TableRow> {
  for await (const { cells, ...row } of withoutFirst(table))
    yield { ...row, cells: withoutBlankEnd(cells, width) };
}

async function* withoutFirst(rows: AsyncIterable<TableRow>): AsyncGenerator<TableRow> {
  let isFirst = true;
  for await (const row of rows) {
    if (!isFirst) yield row;
    isFirst = false;
  }
}

/** A first line such as `sep=;`, which Excel reads and writes, names the separator. Throws an Error. */
function separatorIn(start: string, file: string): Delimiter | undefined {
  const named = /^"?sep=(.)"?$/i.exec(start)?.[1];
  if (named === undefined) return undefined;
  const known = delimiters.find((each) => each === named);
  if (known) return known;
  throw new Error(
    `${file} names the separator "${named}" in its first line; it must be a comma, a semicolon or a tab.`,
  );
}

/** Spreadsheets write empty cells behind the others. */
function withoutBlankEnd(cells: string[], width: number): string[] {
  const last = cells.findLastIndex((cell, index) => index < width || cell.trim() !== '');
  return cells.slice(0, last + 1);
}

const delimiters: readonly Delimiter[] = [',', ';', '\t'];

/** The most frequent separator of the header, outside quotation marks. */
function delimiterOf(header: string): Delimiter {
  const plain = header.replace(/"[^"]*"/g, '');
  const count = (each: Delimiter): number => plain.split(each).length;
  return delimiters.toSorted((a, b) => count(b) - count(a))[0] ?? ',';
}
