import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { freePort } from '../../local/ports.ts';
import { startPostgres } from '../../local/postgres.ts';
import { timeSkippingServer } from '../../local/tools.ts';
import { migrate } from '../../prisma/migrate.ts';
import { workflowsPath } from '../../workers/workflows-path.ts';
import { failureConverterPath } from '../../security/data-converter.ts';
import { runtimeFile } from './runtime.ts';

/** One PostgreSQL with a migrated template database, and one bundle of the workflow code, for all test files. */
export default async function setUp(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'lipei-test-'));
  const [postgres, { code }] = await Promise.all([
    startPostgres({ dataDir: directory, port: await freePort(), durable: false }),
    bundleWorkflowCode({ workflowsPath, failureConverterPath, logger: new DefaultLogger('ERROR') }),
    timeSkippingServer(),
  ]);
  await migrate(postgres.url);
  const bundle = join(directory, 'workflows.js');
  writeFileSync(bundle, code);
  mkdirSync(dirname(runtimeFile), { recursive: true });
  writeFileSync(runtimeFile, JSON.stringify({ databaseUrl: postgres.url, bundle }));
  Object.assign(globalThis, { stopTestRuntime: () => postgres.stop() });
}
