import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nextMigration } from '../prisma/migrate.ts';
import { freePort } from './processes/ports.ts';
import { startPostgres } from './servers/postgres.ts';

/**
 * `npm run next-migration` prints the SQL that leads from the migrations to the schema, tried out in a
 * database that is thrown away.
 */
async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lipei-migrations-'));
  const postgres = await startPostgres({ dataDir, port: await freePort(), durable: false });
  try {
    console.log(await nextMigration(postgres.url));
  } finally {
    await postgres.stop();
    rmSync(dataDir, { recursive: true });
  }
}

await main();
