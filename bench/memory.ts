import { setTimeout as pause } from 'node:timers/promises';
import { openGround, type Setup, type Ground } from './ground.ts';
import { closedLoop } from './load.ts';
import { file, noLatencies } from './large-payment.ts';
import type { Side } from './sides.ts';

/**
 * Resident memory of a worker before and after so many claims came into its cache, each waiting for people.
 */
export interface Memory {
  side: Side;
  open: number;
  bytesBefore: number;
  bytesAfter: number;
}

/** The cache then has room for all of them. */
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

/** Resolves when the worker has had nothing to do for two seconds. */
async function atRest({ cpuMs }: Ground): Promise<void> {
  for (let before = cpuMs().worker; ;) {
    await pause(2_000);
    const after = cpuMs().worker;
    if (after - before < 60) return;
    before = after;
  }
}
