import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * What an import has filed, a line of JSON each, for `import undo`. A claim is written down before it is filed, since filing may
 * succeed and nobody hear of it; how it ended is written after.
 */
const line = z.object({ claim: z.string(), line: z.number(), state: z.enum(['filing', 'filed', 'already-filed', 'not-filed', 'withdrawn']) });
type State = z.infer<typeof line>['state'];
/** `interrupted`: an earlier run was filing it when it ended. */
type Known = State | 'interrupted';

export interface ImportLog {
  note(state: State, row: { claim: string; line: number }): void;
  /** In the order of their filing: what this import filed and has not withdrawn; what was there before it is not its own. */
  own(): { claim: string; line: number }[];
}

/** Throws an Error with one sentence for a file that is no log of an import. A line that a crash cut off is left out. */
export function openLog(file: string): ImportLog {
  const states = new Map<string, { claim: string; line: number; state: Known }>();
  const put = (entry: { claim: string; line: number; state: State }): void => {
    states.set(entry.claim, { ...entry, state: after(states.get(entry.claim)?.state, entry.state) });
  };
  for (const entry of entriesOf(file)) put(entry);
  return {
    note: (state, row) => {
      const entry = { claim: row.claim, line: row.line, state };
      appendFileSync(file, `${JSON.stringify(entry)}\n`);
      put(entry);
    },
    own: () => [...states.values()].filter(({ state }) => isOwn(state)),
  };
}

const isOwn = (state: Known | undefined): boolean => state === 'filed' || state === 'filing' || state === 'interrupted';

/** A later run asks for everything again: what is there already is this import's if an earlier run of it filed it, or died doing so. */
function after(before: Known | undefined, state: State): Known {
  if (state === 'filing' && isOwn(before)) return before === 'filing' ? 'interrupted' : (before ?? 'filing');
  if (state === 'already-filed') return before === 'filed' || before === 'interrupted' ? 'filed' : 'already-filed';
  return state;
}

function entriesOf(file: string): z.infer<typeof line>[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text.slice(0, text.lastIndexOf('\n') + 1).split('\n').filter(Boolean).map((each, index) => {
    const entry = line.safeParse(asJson(each));
    if (!entry.success) throw new Error(`${file} is not the log of an import: line ${index + 1} is none that an import writes.`);
    return entry.data;
  });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
