import type { ClaimNumber } from '../../domain/ids.ts';
import type { Engine } from './engine.ts';
import { unavailable, type Unavailable } from './faults.ts';
import { claimRuns } from './runs.ts';
import { lookAtAllClaims } from './watch.ts';

/** Two at once are harmless: the engine starts one. */
export async function resume(
  { client, taskQueue, within, lookWithinMs }: Engine,
  claim: ClaimNumber,
  isOnRecord: boolean,
): Promise<{ kind: 'taken-up' | 'running' | 'unknown' } | Unavailable> {
  const runs = claimRuns(client, taskQueue);
  try {
    return await within(Date.now() + lookWithinMs, async () => {
      const newest = await runs.newest(claim);
      if (!newest && !isOnRecord) return { kind: 'unknown' };
      if (!newest?.isRunning && (await runs.takeUp(claim)) === 'started') return { kind: 'taken-up' };
      await runs.compare(claim);
      return { kind: 'running' };
    });
  } catch (fault) {
    return unavailable(fault);
  }
}

export async function lookAtAll({
  client,
  within,
  lookWithinMs,
}: Engine): Promise<{ kind: 'asked' } | Unavailable> {
  try {
    await within(Date.now() + lookWithinMs, () => lookAtAllClaims(client));
    return { kind: 'asked' };
  } catch (fault) {
    return unavailable(fault);
  }
}
