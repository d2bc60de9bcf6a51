import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { importLimits } from '../../../config/import-limits.ts';
import type { ImportMap } from '../../../config/import-map.ts';
import { present } from '../../../domain/present.ts';

/**
 * One row of a table. `line` is where it begins in the file, as an editor counts, quoted line breaks and all.
 */
export interface TableRow {
  line: number;
  cells: string[];
  /**
   * Quotation marks where none may stand: in which cell the first is, and the line to which the row goes on,
   * read as it is.
   */
  misquoted?: { cell: number; toLine: number };
}

/** A table that was read through once, so that nothing in it can stop the import half-way. */
export interface Table {
  columns: string[];
  /** Without the header and empty lines. */
  size: number;
  encoding: string;
  rows(): AsyncIterable<TableRow>;
}

type Encoding = NonNullable<ImportMap['csv']['encoding']>;
type Delimiter = NonNullable<ImportMap['csv']['delimiter']>;

/**
 * Opens a CSV file as a spreadsheet saves it: UTF-8 with or without a byte order mark, UTF-16 with one,
 * GB18030, or what the mapping
 * says; commas, semicolons or tabs. Throws an Error with one sentence: no such file, empty, another encoding,
 * too many rows, a
 * quotation mark that never closes, no header, or a header with a column twice or a quotation mark amiss.
 */
export async function openTable(file: string, csv: ImportMap['csv']): Promise<Table> {
  const encoding = await encodingOf(file, csv.encoding);
  const rows = (delimiter: Delimiter): AsyncIterable<TableRow> => rowsOf(file, encoding, delimiter);
  const delimiter = csv.delimiter ?? delimiterOf(await firstLine(file, encoding));
  let columns: string[] | undefined;
  let size = 0;
  for await (const { cells, misquoted } of rows(delimiter)) {
    if (!columns && misquoted)
      throw new Error(
        `${file} has a quotation mark in its header where none may stand: a name with one is put in quotation marks, and those within it are doubled.`,
      );
    if (columns) size += 1;
    else
      columns = withoutBlankEnd(
        cells.map((cell) => cell.trim()),
        0,
      );
    if (size > importLimits.rows)
      throw new Error(
        `${file} has more than ${importLimits.rows.toLocaleString('en')} rows; split it into several files.`,
      );
  }
  if (!columns || columns.length === 0)
    throw new Error(`${file} is empty; its first line should name the columns.`);
  const twice = columns.find((name, index) => columns?.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${file} has the column "${twice}" twice; name each differently.`);
  if (size === 0) throw new Error(`${file} has a header and no rows.`);
  const width = columns.length;
  return { columns, size, encoding, rows: () => below(rows(delimiter), width) };
}

async function* below(header: AsyncIterable<TableRow>, width: number): AsyncGenerator<TableRow> {
  let isHeader = true;
  for await (const { cells, ...row } of header) {
    if (!isHeader) yield { ...row, cells: withoutBlankEnd(cells, width) };
    isHeader = false;
  }
}

/** Spreadsheets write cells that were never filled behind the others. */
function withoutBlankEnd(cells: string[], width: number): string[] {
  const last = cells.findLastIndex((cell, index) => index < width || cell.trim() !== '');
  return cells.slice(0, last + 1);
}

async function* rowsOf(file: string, encoding: Encoding, delimiter: Delimiter): AsyncGenerator<TableRow> {
  const parser = parse({
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    raw: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    info: true,
    max_record_size: importLimits.rowCharacters,
  });
  // What goes wrong in reading ends the parser with that fault, which the loop below then throws.
  pipeline(Readable.from(withLineFeeds(decoded(file, encoding))), parser, () => undefined);
  try {
    // The parser tells where a row ends.
    for await (const { record, info, raw } of parser) {
      const cell = misquotedCell(raw, delimiter);
      yield {
        line: info.lines - lineFeedsIn(record),
        cells: record,
        ...present({ misquoted: cell === undefined ? undefined : { cell, toLine: info.lines } }),
      };
    }
  } catch (fault) {
    throw asSentence(fault, file);
  }
}

/** The parser reads on as well as it can; what it made of a stray quotation mark is not to be filed. */
function misquotedCell(raw: string, delimiter: Delimiter): number | undefined {
  if (!raw.includes('"')) return undefined;
  const [row, wellQuoted] = [
    raw.replace(/^\n+|\n$/g, ''),
    new RegExp(`(?:"[^"]*(?:""[^"]*)*"|[^"${delimiter}]*)(?:${delimiter}|$)`, 'y'),
  ];
  for (let cell = 0; wellQuoted.lastIndex < row.length; cell += 1) if (!wellQuoted.test(row)) return cell;
  return undefined;
}

const lineFeedsIn = (cells: string[]): number =>
  cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);

/** One way to end a line, whatever the file's, within cells too: so lines are counted as an editor does. */
async function* withLineFeeds(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const part of parts) {
    const text = held + part;
    held = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - held.length).replaceAll(/\r\n?/g, '\n');
  }
  if (held) yield '\n';
}

async function* decoded(file: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const bytes of createReadStream(file)) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

const isNotThatEncoding = (fault: unknown): boolean =>
  typeof fault === 'object' &&
  fault !== null &&
  'code' in fault &&
  fault.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';

function asSentence(fault: unknown, file: string): unknown {
  if (fault instanceof CsvError && fault.code === 'CSV_MAX_RECORD_SIZE')
    return new Error(
      `${file} has a row of more than ${importLimits.rowCharacters.toLocaleString('en')} characters, near line ${String(fault.lines)}; probably a quotation mark is never closed.`,
    );
  if (fault instanceof CsvError)
    return new Error(
      `${file} is no table that can be read, near line ${String(fault.lines)}: ${fault.message}.`,
    );
  if (isNotThatEncoding(fault))
    return new Error(
      `${file} is not text in the encoding that was expected; save it as UTF-8, or name its encoding in the mapping (csv.encoding).`,
    );
  return fault;
}

/**
 * As the mapping says; else by its byte order mark, or by what the whole file can be: GB18030 only if it
 * cannot be UTF-8.
 */
async function encodingOf(file: string, named: Encoding | undefined): Promise<Encoding> {
  const start = await firstBytes(file, 3);
  if (start[0] === 0xfe && start[1] === 0xff)
    throw new Error(`${file} is text in UTF-16 of the other byte order; save it as UTF-8.`);
  const marked = markOf(start);
  if (named && marked && named !== marked)
    throw new Error(
      `${file} begins with the byte order mark of ${marked}, and the mapping says ${named} (csv.encoding); leave that out of the mapping, or name ${marked}.`,
    );
  const known = named ?? marked;
  if (known) return known;
  if (await canBe(file, 'utf-8')) return 'utf-8';
  if ((await canBe(file, 'gb18030')) && (await isMostlyChinese(file))) return 'gb18030';
  throw new Error(
    `${file} is neither UTF-8 nor Chinese text in GB18030; save it as UTF-8, or name its encoding in the mapping (csv.encoding).`,
  );
}

function markOf([first, second, third]: Uint8Array): Encoding | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : undefined;
}

async function canBe(file: string, encoding: Encoding): Promise<boolean> {
  try {
    for await (const part of decoded(file, encoding)) if (part.includes('\0')) return false;
    return true;
  } catch (fault) {
    if (isNotThatEncoding(fault)) return false;
    throw fault;
  }
}

/**
 * Western text of one byte a letter passes for GB18030 by chance (Müller is M黮ler there): its accents are
 * followed by plain letters,
 * where the second byte of a usual Chinese character is above them too.
 */
async function isMostlyChinese(file: string): Promise<boolean> {
  const pairs = { chinese: 0, other: 0 };
  let isFirst = true;
  for await (const bytes of createReadStream(file)) {
    for (const byte of new Uint8Array(bytes)) {
      if (!isFirst) pairs[byte >= 0xa1 ? 'chinese' : 'other'] += 1;
      isFirst = !isFirst || byte < 0x81;
    }
  }
  return pairs.chinese > pairs.other;
}

async function firstBytes(file: string, length: number): Promise<Uint8Array> {
  const handle = await open(file).catch((fault: unknown) => {
    throw unreadable(file, fault);
  });
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } catch (fault) {
    throw unreadable(file, fault);
  } finally {
    await handle.close();
  }
}

const whyUnreadable: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'you may not read it',
};

function unreadable(file: string, fault: unknown): Error {
  const code =
    typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : String(fault);
  return new Error(`${file} cannot be read: ${whyUnreadable[code] ?? code}.`, { cause: fault });
}

async function firstLine(file: string, encoding: Encoding): Promise<string> {
  let text = '';
  try {
    for await (const part of decoded(file, encoding)) {
      text += part;
      if (/[\r\n]/.test(text)) break;
    }
  } catch (fault) {
    throw asSentence(fault, file);
  }
  return text.split(/[\r\n]/)[0] ?? '';
}

/** Whichever the header has most of, outside quotation marks. */
function delimiterOf(header: string): Delimiter {
  const plain = header.replace(/"[^"]*"/g, '');
  const count = (each: Delimiter): number => plain.split(each).length;
  const delimiters: Delimiter[] = [',', ';', '\t'];
  return delimiters.toSorted((a, b) => count(b) - count(a))[0] ?? ',';
}
