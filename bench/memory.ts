import { setTimeout as pause } from 'node:timers/promises';
import { openGround, type Setup, type Ground } from './ground.ts';
import { closedLoop } from './load.ts';
import { file, noLatencies } from './large-payment.ts';
import type { Side } from './sides.ts';

/** Of a worker with so many claims that wait for people, all of them in its cache. */
export interface Memory {
  side: Side;
  open: number;
  bytesBefore: number;
  bytesAfter: number;
}

/** Room for all of them in the cache, and more. */
const heapMegabytes = 1536;

export async function memoryOf(side: Side, setup: Setup, open: number): Promise<Memory> {
  const ground = await openGround(side, setup, heapMegabytes);
  try {
    await closedLoop(20, 10, () => file(ground, side, noLatencies()));
    await atRest(ground);
    const bytesBefore = ground.workerBytes();
    await closedLoop(open, 50, () => file(ground, side, noLatencies()));
    await atRest(ground);
    return { side, open, bytesBefore, bytesAfter: ground.workerBytes() };
  } finally {
    await ground.stop();
  }
}

/** The worker has had nothing to do for two seconds. */
async function atRest({ cpuMs }: Ground): Promise<void> {
  for (let before = cpuMs().worker; ;) {
    await pause(2_000);
    const after = cpuMs().worker;
    if (after - before < 60) return;
    before = after;
  }
}
