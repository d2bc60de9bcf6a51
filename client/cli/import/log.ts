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
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { assertNever } from '../../../domain/assert-never.ts';

/** Which import a log is of; its first line. */
const importHeader = z.object({ import: z.string(), source: z.string() });
export type ImportHeader = z.infer<typeof importHeader>;

/**
 * What an import has filed, a line of JSON each, for `import undo`. A claim is written down before it is
 * filed, since filing may
 * succeed and nobody hear of it, and when; how it ended is written after.
 */
const line = z.object({
  claim: z.string(),
  line: z.number(),
  state: z.enum(['filing', 'filed', 'already-filed', 'not-filed', 'withdrawn']),
  at: z.string(),
});
type Line = z.infer<typeof line>;
/** `interrupted`: Lipei was asked to file it, nobody heard the answer, and it was asked again. */
type Known = Line['state'] | 'interrupted';

export interface ImportLog {
  of: ImportHeader;
  note(state: Line['state'], row: { claim: string; line: number }): void;
}

/**
 * A claim that an import filed. `certain`: Lipei said so; else nobody heard its answer, and it may be
 * another's that was there before `askedAt`.
 */
export interface Own {
  claim: string;
  line: number;
  certain: boolean;
  /** When this import first asked for it. */
  askedAt: string;
}

/**
 * Opens the log of an import to go on with it; with `of` a new one too. Throws an Error with one sentence for
 * a file that is another
 * import's log, no log, or cannot be written.
 */
export function openLog(file: string, of?: ImportHeader): ImportLog {
  const known = inSentences(file, () => firstLineOf(file));
  const its = known === undefined ? of : importHeader.safeParse(asJson(known)).data;
  if (!its) throw new Error(`${file} is not the log of an import.`);
  if (of && (its.import !== of.import || its.source !== of.source))
    throw new Error(
      `${file} is the log of the import of ${its.import} as "${its.source}"; put this import's elsewhere with --out.`,
    );
  const append = (entry: object): void => appendFileSync(file, `${JSON.stringify(entry)}\n`);
  if (known === undefined) inSentences(file, () => append(its));
  return {
    of: its,
    note: (state, { claim, line: row }) => append({ claim, line: row, state, at: new Date().toISOString() }),
  };
}

/**
 * In the order of their filing: what the import filed and has not withdrawn; what was there before it is not
 * its own. Throws an Error
 * with one sentence for a file that is no log of an import. A line that a crash cut off is left out.
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
      throw new Error(`${file} is not the log of an import: line ${read} is none that an import writes.`);
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

/** A later run asks for everything again; what has been heard once stands. */
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

/** Every whole line, read bit by bit: a log is as long as its import. */
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
 * What a log begins with, undefined for a new one; the end of a line that a crash cut off is taken away, so
 * that the next is whole.
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
    throw new Error(`${file} cannot be opened (${code}); is that its name, and may you write there?`, {
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
