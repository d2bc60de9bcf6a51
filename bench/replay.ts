import { Worker } from '@temporalio/worker';
import { dataConverter } from '../security/data-converter.ts';
import type { Setup } from './ground.ts';
import type { Recorded } from './recorded-claim.ts';
import type { Side } from './sides.ts';

/**
 * How many histories a second are replayed, without an engine. A worker does this for claims that are not in
 * its cache.
 */
export interface ReplayRate {
  side: Side;
  perSecond: number;
}

/** Both sides in turn: A B B A. */
export async function replayRate(
  { claim, bare }: { claim: Recorded; bare: Recorded },
  setup: Setup,
  times: number,
): Promise<ReplayRate[]> {
  const rates: ReplayRate[] = [];
  for (const side of ['bare', 'no effects', 'no effects', 'bare'] as const) {
    const [recorded, code] = side === 'bare' ? [bare, setup.bare] : [claim, setup.real];
    rates.push({ side, perSecond: await rateOf(recorded, code, times) });
  }
  return rates;
}

async function rateOf({ workflowId, history, keys }: Recorded, code: string, times: number): Promise<number> {
  const options = {
    workflowBundle: { code },
    dataConverter: dataConverter(keys.keyring, keys),
    replayName: 'bench',
  };
  let since = 0;
  let replayed = -1;
  for await (const { error } of Worker.runReplayHistories(
    options,
    repeated({ workflowId, history }, times + 1),
  )) {
    if (error) throw error;
    if (replayed < 0) since = performance.now(); // the first one compiles
    replayed += 1;
  }
  return replayed / ((performance.now() - since) / 1000);
}

function* repeated<T>(value: T, times: number): Generator<T> {
  for (let done = 0; done < times; done += 1) yield value;
}
