import { appendFileSync, closeSync, existsSync, fstatSync, ftruncateSync, mkdirSync, openSync, readFileSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** Which import a log is of; its first line. */
const about = z.object({ import: z.string(), source: z.string() });
export type About = z.infer<typeof about>;

/**
 * What an import has filed, a line of JSON each, for `import undo`. A claim is written down before it is filed, since filing may
 * succeed and nobody hear of it; how it ended is written after.
 */
const line = z.object({ claim: z.string(), line: z.number(), state: z.enum(['filing', 'filed', 'already-filed', 'not-filed', 'withdrawn']) });
type Line = z.infer<typeof line>;
/** `interrupted`: an earlier run was filing it when it ended. */
type Known = Line['state'] | 'interrupted';

export interface ImportLog {
  of: About;
  note(state: Line['state'], row: { claim: string; line: number }): void;
}

/** A claim that an import filed. `certain`: Lipei said so; else nobody heard its answer. */
export interface Own {
  claim: string;
  line: number;
  certain: boolean;
}

/**
 * Opens the log of an import to go on with it; with `of` a new one too. Throws an Error with one sentence for a file that is another
 * import's log, no log, or cannot be written.
 */
export function openLog(file: string, of?: About): ImportLog {
  const known = inSentences(file, () => firstLineOf(file));
  const its = known === undefined ? of : about.safeParse(asJson(known)).data;
  if (!its) throw new Error(`${file} is not the log of an import.`);
  if (of && (its.import !== of.import || its.source !== of.source)) throw new Error(`${file} is the log of the import of ${its.import} as "${its.source}"; put this import's elsewhere with --out.`);
  const append = (entry: object): void => appendFileSync(file, `${JSON.stringify(entry)}\n`);
  if (known === undefined) inSentences(file, () => append(its));
  return { of: its, note: (state, { claim, line: at }) => append({ claim, line: at, state }) };
}

/**
 * In the order of their filing: what the import filed and has not withdrawn; what was there before it is not its own. Throws an Error
 * with one sentence for a file that is no log of an import. A line that a crash cut off is left out.
 */
export function ownClaims(file: string): Own[] {
  const [first = '', ...rest] = inSentences(file, () => readFileSync(file, 'utf8')).split('\n').slice(0, -1);
  if (!about.safeParse(asJson(first)).success) throw new Error(`${file} is not the log of an import.`);
  const states = new Map<string, { claim: string; line: number; state: Known }>();
  for (const [index, text] of rest.entries()) {
    const { data: entry } = line.safeParse(asJson(text));
    if (!entry) throw new Error(`${file} is not the log of an import: line ${index + 2} is none that an import writes.`);
    states.set(entry.claim, { ...entry, state: after(states.get(entry.claim)?.state, entry.state) });
  }
  return [...states.values()].filter(({ state }) => isOwn(state)).map(({ claim, line: at, state }) => ({ claim, line: at, certain: state === 'filed' }));
}

const isOwn = (state: Known | undefined): boolean => state === 'filed' || state === 'filing' || state === 'interrupted';

/** A later run asks for everything again: what is there already is this import's if an earlier run of it filed it, or died doing so. */
function after(before: Known | undefined, state: Line['state']): Known {
  if (state === 'filing' && isOwn(before)) return before === 'filing' ? 'interrupted' : (before ?? 'filing');
  if (state === 'already-filed') return before === 'filed' || before === 'interrupted' ? 'filed' : 'already-filed';
  return state;
}

/** What a log begins with, undefined for a new one; the end of a line that a crash cut off is taken away, so that the next is whole. */
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
    const code = typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : String(fault);
    throw new Error(`${file} cannot be opened (${code}); is that its name, and may you write there?`, { cause: fault });
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
