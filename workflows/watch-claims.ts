import { condition, continueAsNew, proxyActivities, setHandler } from '@temporalio/workflow';
import type { WatchActivities } from '../activities/watch-claims.ts';
import { lookNowSignal } from './contract.ts';
import { seldom } from './effects.ts';

/** A look changes nothing that is well. Without an end: the next one would do the same. */
const watch = proxyActivities<WatchActivities>({
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '1 minute',
  retry: { ...seldom.retry, initialInterval: '5 seconds', maximumInterval: '5 minutes' },
});

/** Looks in one run: a few hundred events. */
const looksARun = 60;

/** Where the answer cannot be read, because its key was retired. */
const usualMs = 10 * 60_000;

/**
 * Watches, for ever, that each open claim has a run and that the run agrees with the records: one workflow
 * for all claims. A signal has it look at once, and ask every claim to compare itself.
 */
export async function watchClaims(isAsked = false): Promise<void> {
  let asked = isAsked;
  setHandler(lookNowSignal, () => void (asked = true), {
    description: 'Look at once, and have every claim compare itself with the records; anybody may send it',
  });
  for (let look = 0; look < looksARun; look += 1) {
    const all = asked;
    asked = false;
    const waitMs: unknown = await watch.watchClaims({ all });
    await condition(() => asked, typeof waitMs === 'number' ? waitMs : usualMs);
  }
  return continueAsNew<typeof watchClaims>(asked);
}
