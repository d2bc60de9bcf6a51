import { openGround, type Setup } from './ground.ts';
import { noLatencies, payLargeLoss, type Latencies } from './large-payment.ts';
import type { Side } from './sides.ts';
import { runYardstick } from './yardstick/load.ts';

export interface LoadOptions {
  /** Claims that are measured, after `warmUp` further ones. */
  claims: number;
  warmUp: number;
  /** How many are open at once: when one is paid, the next is filed. */
  inFlight: number;
}

/** The figures of one run on a new ground. */
export interface Run {
  side: Side;
  claimsPerSecond: number;
  /** CPU milliseconds a claim. */
  cpuMs: Record<'server' | 'worker', number>;
  latencies: Latencies;
}

export async function runLoad(
  side: Side,
  setup: Setup,
  { claims, warmUp, inFlight }: LoadOptions,
): Promise<Run> {
  const ground = await openGround(side, setup);
  try {
    const pay = (latencies: Latencies): Promise<unknown> =>
      side === 'yardstick' ? runYardstick(ground, latencies) : payLargeLoss(ground, side, latencies);
    await closedLoop(warmUp, inFlight, () => pay(noLatencies()));
    const latencies = noLatencies();
    const [before, since] = [ground.cpuMs(), performance.now()];
    await closedLoop(claims, inFlight, () => pay(latencies));
    const [after, seconds] = [ground.cpuMs(), (performance.now() - since) / 1000];
    return {
      side,
      claimsPerSecond: claims / seconds,
      cpuMs: {
        server: (after.server - before.server) / claims,
        worker: (after.worker - before.worker) / claims,
      },
      latencies,
    };
  } finally {
    await ground.stop();
  }
}

/** Calls `act` so many `times`, at most `inFlight` at once. */
export async function closedLoop(
  times: number,
  inFlight: number,
  act: () => Promise<unknown>,
): Promise<void> {
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < times) {
      begun += 1;
      await act();
    }
  };
  await Promise.all(Array.from({ length: Math.min(times, inFlight) }, lane));
}
