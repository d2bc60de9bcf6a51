import type { FastifyBaseLogger } from 'fastify';

/** Work that is done again and again until it is stopped. */
export interface Rounds {
  /** Does it once more, behind the round that is under way. */
  round(): Promise<void>;
  /** Ends after the round that is under way. */
  stop(): Promise<void>;
}

/**
 * Does the work so many milliseconds after another, one round at a time; a round that takes longer is waited
 * for. A fault ends its round alone: it is logged with the sentence, and without its words, which may be
 * personal.
 */
export function inRounds(
  work: () => Promise<void>,
  { everyMs, log, failed }: { everyMs: number; log: FastifyBaseLogger; failed: string },
): Rounds {
  let last: Promise<void> = Promise.resolve();
  let underWay = 0;
  const once = async (): Promise<void> => {
    try {
      await work();
    } catch (fault) {
      log.warn({ fault: fault instanceof Error ? fault.name : 'unknown' }, `${failed}; it is tried again`);
    } finally {
      underWay -= 1;
    }
  };
  const round = (): Promise<void> => {
    underWay += 1;
    last = last.then(once);
    return last;
  };
  const timer = setInterval(() => void (underWay === 0 && round()), everyMs).unref();
  return {
    round,
    async stop() {
      clearInterval(timer);
      await last;
    },
  };
}
