import { setTimeout as sleep } from 'node:timers/promises';

/** Tasks beside the requests, such as the delivery of accepted messages. `stop` ends them all. */
export interface Beside {
  /** Resolves when the task is done or `stop` has ended it. */
  run(task: (wait: (ms: number) => Promise<void>, signal: AbortSignal) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export function beside(): Beside {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const { signal } = stopping;
  return {
    run(task) {
      const wait = (ms: number): Promise<void> => sleep(ms, undefined, { signal });
      const done = task(wait, signal)
        .catch((error: unknown) => {
          if (!signal.aborted) throw error;
        })
        .finally(() => running.delete(done));
      running.add(done);
      return done;
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
