import { Connection } from '@temporalio/client';
import { readEnv } from '../config/env.ts';
import { makeCurrent, releases } from './deployment.ts';

/**
 * Says which releases of the workers the engine knows; with the name of one it makes that the current one,
 * forward or back.
 */
async function main(): Promise<void> {
  const [, , wanted] = process.argv;
  const { temporal } = readEnv();
  if (!temporal) throw new Error('TEMPORAL_ADDRESS is missing: it says where the engine is.');
  const connection = await Connection.connect(temporal);
  if (wanted !== undefined) await makeCurrent(connection, temporal.namespace, wanted);
  const { current, known } = await releases(connection, temporal.namespace);
  if (known.length === 0) console.log('The engine knows no release yet: start a worker.');
  for (const { buildId, since } of known)
    console.log(
      `${buildId === current ? 'current ' : '        '}${buildId}${since ? `  first seen ${since}` : ''}`,
    );
  await connection.close();
}

main().catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exit(1);
});
