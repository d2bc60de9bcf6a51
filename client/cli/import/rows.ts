import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { importLimits } from '../../../config/import-limits.ts';
import type { ImportMap } from '../../../config/import-map.ts';
import { present } from '../../../domain/present.ts';
import { decoded, howToFixEncoding, isNotThatEncoding, type Encoding } from './encoding.ts';

/** One row of a table. `line` is its first line in the file, as an editor counts, with quoted line breaks. */
export interface TableRow {
  line: number;
  cells: string[];
  /**
   * A quotation mark in the wrong place: the index of its cell, and the last line of the row, read as it is.
   */
  misquoted?: { cell: number; toLine: number };
}

export type Delimiter = NonNullable<ImportMap['csv']['delimiter']>;

export async function* rowsOf(
  file: string,
  encoding: Encoding,
  delimiter: Delimiter,
): AsyncGenerator<TableRow> {
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
  // A fault in reading ends the parser; the loop below then throws it.
  pipeline(Readable.from(withLineFeeds(decoded(file, encoding))), parser, () => undefined);
  try {
    // The parser gives the line where a row ends.
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

/** The parser guesses after a stray quotation mark; such a row must not be filed. */
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

/** Every line ends with a line feed, within cells too, so that lines are counted as in an editor. */
async function* withLineFeeds(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let kept = '';
  for await (const part of parts) {
    const text = kept + part;
    kept = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - kept.length).replaceAll(/\r\n?/g, '\n');
  }
  if (kept) yield '\n';
}

export async function firstLine(file: string, encoding: Encoding): Promise<string> {
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

function asSentence(fault: unknown, file: string): unknown {
  if (fault instanceof CsvError && fault.code === 'CSV_MAX_RECORD_SIZE')
    return new Error(
      `${file} has a row of more than ${importLimits.rowCharacters.toLocaleString('en')} characters, ` +
        `near line ${String(fault.lines)}. Probably a quotation mark is never closed.`,
    );
  if (fault instanceof CsvError && fault.code === 'CSV_QUOTE_NOT_CLOSED')
    return new Error(
      `${file} ends within quotation marks that begin near line ${String(fault.lines)}: it was cut off, or ` +
        'a quotation mark is never closed. Nothing was changed.',
    );
  if (fault instanceof CsvError)
    return new Error(
      `${file} cannot be read as a table, near line ${String(fault.lines)}: ${fault.message}.`,
    );
  if (isNotThatEncoding(fault))
    return new Error(`${file} is not text in the expected encoding. ${howToFixEncoding}`);
  return fault;
}
