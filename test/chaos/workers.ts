import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startNode, type Child } from '../../local/processes/child.ts';

/** How long each runs before the next one is restarted: it has taken up work by then. */
const apartMs = 4_000;

/**
 * Two more workers of the same release beside that of `up`, each stopped and started again in turn for so
 * long, as a rollout does.
 */
export async function restartInTurn(
  { dataDir, settings }: { dataDir: string; settings: Record<string, string> },
  forMs: number,
): Promise<{ restarts: number }> {
  const start = (name: string): Promise<Child> =>
    startNode({
      name: `Worker ${name}`,
      script: 'workers/main.ts',
      settings: { ...settings, LIPEI_DATA: dataDir, LIPEI_PACE: 'demo' },
      logFile: join(dataDir, 'logs', `worker-${name}.log`),
      recordFile: join(dataDir, 'run', `worker-${name}.json`),
      stopWithinMs: 7_000,
    });
  const workers = await Promise.all(['a', 'b'].map(async (name) => ({ name, child: await start(name) })));
  let restarts = 0;
  for (const until = Date.now() + forMs; Date.now() < until;) {
    for (const worker of workers) {
      await worker.child.stop();
      worker.child = await start(worker.name);
      restarts += 1;
      await pause(apartMs);
    }
  }
  await Promise.all(workers.map(({ child }) => child.stop()));
  return { restarts };
}
