import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
} from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { assertNever } from '../../../domain/assert-never.ts';

/** The first line of a log: the file that was imported, and its source. */
const importHeader = z.object({ import: z.string(), source: z.string() });
export type ImportHeader = z.infer<typeof importHeader>;

/**
 * A line of JSON for each state of a claim, for `import undo`. A claim is logged before it is filed, because
 * its answer may be lost; the result is logged after it.
 */
const line = z.object({
  claim: z.string(),
  line: z.number(),
  state: z.enum(['filing', 'filed', 'already-filed', 'not-filed', 'withdrawn']),
  at: z.string(),
});
type Line = z.infer<typeof line>;
/** `interrupted`: the answer to the first request was lost, and the import asked again. */
type Known = Line['state'] | 'interrupted';

/** `FILE.import.jsonl` in the directory of `--out`, for a table; a log stands for itself. */
export const logOf = (file: string, out: string): string =>
  file.endsWith('.import.jsonl') ? resolve(file) : resolve(out, `${basename(file)}.import.jsonl`);

export interface ImportLog {
  of: ImportHeader;
  note(state: Line['state'], row: { claim: string; line: number }): void;
}

/**
 * A claim that an import filed. `certain`: Lipei confirmed it. Otherwise the answer was lost, and the claim
 * may be older than `askedAt`: then somebody else filed it.
 */
export interface Own {
  claim: string;
  line: number;
  certain: boolean;
  /** When this import first asked for it. */
  askedAt: string;
}

/**
 * Opens the log of an import to continue it; with `of` a new one too. Throws an Error with one sentence: the
 * file is another import's log, is no log, or cannot be written.
 */
export function openLog(file: string, of?: ImportHeader): ImportLog {
  const known = inSentences(file, () => firstLineOf(file));
  const its = known === undefined ? of : importHeader.safeParse(asJson(known)).data;
  if (!its) throw new Error(`${file} is not the log of an import.`);
  if (of && (its.import !== of.import || its.source !== of.source))
    throw new Error(
      `${file} is the log of the import of ${its.import} as "${its.source}". ` +
        'Choose another directory for this import with --out.',
    );
  const append = (entry: object): void => appendFileSync(file, `${JSON.stringify(entry)}\n`);
  if (known === undefined) inSentences(file, () => append(its));
  return {
    of: its,
    note: (state, { claim, line: row }) => append({ claim, line: row, state, at: new Date().toISOString() }),
  };
}

/**
 * The claims that the import filed and has not withdrawn, in the order of filing. Older claims are left out,
 * and so is a line that a crash cut off. Throws an Error with one sentence for a file that is no log of an
 * import.
 */
export function ownClaims(file: string): Own[] {
  const rows = new Map<string, LogRow>();
  let read = 0;
  for (const text of linesOf(file)) {
    read += 1;
    if (read === 1 && !importHeader.safeParse(asJson(text)).success)
      throw new Error(`${file} is not the log of an import.`);
    if (read === 1) continue;
    const { data: entry } = line.safeParse(asJson(text));
    if (!entry)
      throw new Error(
        `${file} is not the log of an import: an import does not write a line such as line ${read}.`,
      );
    rows.set(entry.claim, after(rows.get(entry.claim), entry));
  }
  if (read === 0) throw new Error(`${file} is not the log of an import.`);
  return [...rows.values()]
    .filter(({ state }) => state === 'filed' || isUncertain(state))
    .map(({ claim, line: row, state, askedAt }) => ({
      claim,
      line: row,
      certain: state === 'filed',
      askedAt,
    }));
}

interface LogRow {
  claim: string;
  line: number;
  state: Known;
  askedAt: string;
}

const after = (before: LogRow | undefined, { claim, line: row, state, at }: Line): LogRow => ({
  claim,
  line: row,
  state: stateAfter(before?.state, state),
  askedAt: before && isUncertain(before.state) ? before.askedAt : at,
});

/** A later run asks for everything again; an answer that came once stays valid. */
function stateAfter(before: Known | undefined, state: Line['state']): Known {
  switch (state) {
    case 'filing':
      if (isUncertain(before)) return 'interrupted';
      return before === 'filed' || before === 'already-filed' ? before : 'filing';
    case 'already-filed':
      return before === 'filed' || before === 'interrupted' ? before : 'already-filed';
    case 'not-filed':
      return before === 'filed' ? before : 'not-filed';
    case 'filed':
    case 'withdrawn':
      return state;
    default:
      return assertNever(state);
  }
}

const isUncertain = (state: Known | undefined): boolean => state === 'filing' || state === 'interrupted';

/** Every whole line, read in pieces: a log is as long as its import. */
function* linesOf(file: string): Generator<string> {
  const handle = inSentences(file, () => openSync(file, 'r'));
  const [decoder, buffer] = [new StringDecoder('utf8'), Buffer.alloc(lineBytes)];
  const readOn = (): number => inSentences(file, () => readSync(handle, buffer));
  try {
    let rest = '';
    for (let read = readOn(); read > 0; read = readOn()) {
      const lines = `${rest}${decoder.write(buffer.subarray(0, read))}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    closeSync(handle);
  }
}

/**
 * The first line of a log, undefined for a new one. Deletes the piece of a line that a crash cut off, so that
 * the next line is whole.
 */
function firstLineOf(file: string): string | undefined {
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) return undefined;
  const handle = openSync(file, 'r+');
  try {
    const { size } = fstatSync(handle);
    ftruncateSync(handle, lastLineEnd(handle, size));
    return size === 0 ? undefined : textAt(handle, 0).split('\n')[0];
  } finally {
    closeSync(handle);
  }
}

const lineBytes = 10_000;

function textAt(handle: number, from: number): string {
  const buffer = Buffer.alloc(lineBytes);
  return buffer.toString('latin1', 0, readSync(handle, buffer, 0, lineBytes, from));
}

function lastLineEnd(handle: number, size: number): number {
  const from = Math.max(0, size - lineBytes);
  return from + textAt(handle, from).lastIndexOf('\n') + 1;
}

function inSentences<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (fault) {
    const code =
      typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : String(fault);
    throw new Error(`${file} cannot be opened (${code}). Check its name, and that you may write there.`, {
      cause: fault,
    });
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
