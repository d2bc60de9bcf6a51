import { importLimits } from '../../../config/import-limits.ts';
import { cutOff, decoded, encodingOf, endsWithLine, type Encoding } from './encoding.ts';

/** A line of a file, as an editor counts; without its text where that is too long. */
export interface Line {
  line: number;
  text?: string;
}

/** A file of JSON Lines that was read once from beginning to end. */
export interface JsonLines {
  /** Lines that are not empty. */
  size: number;
  encoding: string;
  lines(): AsyncIterable<Line>;
}

/**
 * Opens a file with one JSON value a line, in the encoding that is named or that it is recognised to have.
 * Throws an Error with one sentence: no such file, empty, another encoding, too many lines, or cut off: its
 * last line has no end, and is no JSON.
 */
export async function openJsonLines(file: string, named: Encoding | undefined): Promise<JsonLines> {
  const encoding = await encodingOf(file, named);
  let size = 0;
  let last: Line | undefined;
  for await (const each of linesOf(file, encoding)) {
    size += 1;
    last = each;
    if (size > importLimits.rows)
      throw new Error(
        `${file} has more than ${importLimits.rows.toLocaleString('en')} lines. Split it into several files.`,
      );
  }
  if (!last) throw new Error(`${file} is empty. It should have one JSON object a line.`);
  if (!isJson(last.text ?? '') && !(await endsWithLine(file)))
    throw new Error(cutOff(file, `in the middle of line ${last.line}`));
  return { size, encoding, lines: () => linesOf(file, encoding) };
}

/** Lines with something in them. A line that is longer than a row may be has no text. */
async function* linesOf(file: string, encoding: Encoding): AsyncGenerator<Line> {
  let [line, kept, isTooLong] = [1, '', false];
  const whole = (text: string): Line[] => {
    if (isTooLong || text.length > importLimits.rowCharacters) return [{ line }];
    return text.trim() === '' ? [] : [{ line, text }];
  };
  for await (const part of decoded(file, encoding)) {
    const pieces = part.split('\n');
    for (const piece of pieces.slice(0, -1)) {
      yield* whole(kept + piece);
      [line, kept, isTooLong] = [line + 1, '', false];
    }
    const rest = pieces.at(-1) ?? '';
    isTooLong ||= kept.length + rest.length > importLimits.rowCharacters;
    kept = isTooLong ? '' : kept + rest;
  }
  yield* whole(kept);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
