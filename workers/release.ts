import { Connection } from '@temporalio/client';
import { readEnv } from '../config/env.ts';
import { makeCurrent, releases } from './deployment.ts';

/**
 * Prints the workers' versions that the engine knows. With the name of a version, makes that one current,
 * forward or back.
 */
async function main(): Promise<void> {
  const [, , wanted] = process.argv;
  const { temporal } = readEnv();
  if (!temporal) throw new Error('TEMPORAL_ADDRESS is missing: the address of the engine.');
  const connection = await Connection.connect(temporal);
  if (wanted !== undefined) await makeCurrent(connection, temporal.namespace, wanted);
  const { current, known } = await releases(connection, temporal.namespace);
  if (known.length === 0) console.log('The engine knows no version yet: start a worker.');
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
