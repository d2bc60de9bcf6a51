import { setTimeout as pause } from 'node:timers/promises';
import { journalContext, type JournalContext } from '../client/cli/pages/journal-sentences.ts';
import type { JournalEntry } from '../domain/claim/journal.ts';
import { sentencesOf } from './story-sentences.ts';

const listenEveryMs = 500;

export interface Listener {
  /** Narrates the entries up to now; resolves when they are narrated. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Narrates a claim's journal as it grows: each notification with its channel, and each act with its author.
 */
export function narrateJournal(
  journal: () => Promise<JournalEntry[]>,
  say: (sentence: string) => void,
  titles: Map<string, string>,
): Listener {
  const end = new AbortController();
  let lastSeq = 0;
  let known: JournalContext | undefined;
  let narrating = Promise.resolve();

  const narrateNew = async (): Promise<void> => {
    const entries = await journal();
    known ??= entries.length > 0 ? journalContext(entries) : undefined;
    const fresh = entries.filter(({ seq }) => seq > lastSeq);
    lastSeq = entries.at(-1)?.seq ?? lastSeq;
    if (known) for (const sentence of sentencesOf(fresh, known, titles)) say(sentence);
  };
  // One at a time, so that nothing is narrated twice. After a failed look the next one narrates the rest.
  const catchUp = (): Promise<void> => (narrating = narrating.then(narrateNew).catch(() => undefined));
  const running = (async () => {
    for (; !end.signal.aborted; await pause(listenEveryMs)) await catchUp();
    await catchUp();
  })();

  return {
    catchUp,
    async stop() {
      end.abort();
      await running;
    },
  };
}
