import { setTimeout as pause } from 'node:timers/promises';
import { about, type About } from '../client/cli/pages/journal-sentences.ts';
import { heard } from './heard.ts';
import type { Scene } from './scene.ts';

const listenEveryMs = 500;

/** Tells what stands in the claim's journal as it grows: who was told what by which channel, and who acted. */
export function overhear(scene: Scene): { stop(): Promise<void> } {
  const end = new AbortController();
  let told = 0;
  let known: About | undefined;

  const catchUp = async (): Promise<void> => {
    const entries = await scene.journal();
    known ??= entries.length > 0 ? about(entries) : undefined;
    const fresh = entries.filter(({ seq }) => seq > told);
    told = entries.at(-1)?.seq ?? told;
    if (known) for (const sentence of heard(fresh, known)) scene.say(sentence);
  };
  const running = (async () => {
    while (!end.signal.aborted) {
      // A look that fails is made up for by the next one; the story itself notices when nothing works any more.
      await catchUp().catch(() => undefined);
      await pause(listenEveryMs);
    }
    await catchUp().catch(() => undefined);
  })();

  return {
    async stop() {
      end.abort();
      await running;
    },
  };
}
