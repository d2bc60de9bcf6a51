import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../local/processes/ports.ts';
import { booksRole, programRole, startPostgres } from '../../local/servers/postgres.ts';
import { timeSkippingServer } from '../../local/tools.ts';
import { migrateFor } from '../../prisma/migrate.ts';
import { workflowBundle } from '../../workers/workflow-bundle.ts';
import { runtimeVariable } from './runtime.ts';

/**
 * One PostgreSQL with a migrated template database, and one bundle of the workflow code, for all test files.
 */
export default async function setUp(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'lipei-test-'));
  const [postgres, code] = await Promise.all([
    startPostgres({ dataDir: directory, port: await freePort(), durable: false }),
    workflowBundle(),
    timeSkippingServer(),
  ]);
  await migrateFor(postgres.ownersUrl, programRole, booksRole);
  const bundle = join(directory, 'workflows.js');
  writeFileSync(bundle, code);
  const file = join(directory, 'runtime.json');
  writeFileSync(
    file,
    JSON.stringify({
      databaseUrl: postgres.ownersUrl,
      programsUrl: postgres.programsUrl,
      booksUrl: postgres.booksUrl,
      bundle,
    }),
  );
  process.env[runtimeVariable] = file;
  Object.assign(globalThis, {
    stopTestRuntime: async () => {
      await postgres.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  });
}
