import { setTimeout as pause } from 'node:timers/promises';
import { journalContext, type JournalContext } from '../client/cli/pages/journal-sentences.ts';
import type { JournalEntry } from '../domain/claim/journal.ts';
import { sentencesOf } from './story-sentences.ts';

const listenEveryMs = 500;

export interface Listener {
  /** Tells what has been journalled up to now; resolves when it is told. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Tells what stands in a claim's journal as it grows: who was told what by which channel, and who acted. */
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
  // One at a time, or something would be told twice. A look that fails is made up for by the next one.
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
