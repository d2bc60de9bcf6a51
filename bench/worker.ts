import { NativeConnection, Runtime, DefaultLogger } from '@temporalio/worker';
import { Connection } from '@temporalio/client';
import { readEnv } from '../config/env.ts';
import { dataConverter } from '../security/data-converter.ts';
import { loadKeys } from '../security/key-folder.ts';
import { createWorker } from '../workers/claims-worker.ts';
import { makeCurrent } from '../workers/deployment.ts';
import { bareActivities, withoutEffects } from './effects.ts';

/**
 * `node bench/worker.ts real|bare|yardstick BUNDLE`: a worker with the options and codec of
 * `workers/main.ts`, whose activities have no effects.
 */
async function main(): Promise<void> {
  const [, , kind = '', codePath = ''] = process.argv;
  const { temporal, keys } = readEnv();
  const { keyring, roots } = loadKeys(keys);
  if (!temporal) throw new Error('TEMPORAL_ADDRESS is missing.');
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
  const connection = await NativeConnection.connect(temporal);
  const settings = {
    connection,
    namespace: temporal.namespace,
    dataConverter: dataConverter(keyring, { roots }),
    workflowBundle: { codePath },
    buildId: kind,
  };
  const worker = await createWorker(settings, kind === 'real' ? withoutEffects() : bareActivities);
  process.once('SIGTERM', () => worker.shutdown());
  process.once('disconnect', () => worker.shutdown());
  const running = worker.run();
  await Promise.race([makeCurrent(await Connection.connect(temporal), temporal.namespace, kind), running]);
  process.send?.({ ready: true });
  await running;
  process.exit(0);
}

main().catch((fault: unknown) => {
  console.error(fault);
  process.exit(1);
});
