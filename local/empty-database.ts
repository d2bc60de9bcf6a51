import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './processes/ports.ts';
import { startPostgres } from './servers/postgres.ts';

/** Calls `work` with an empty database, and removes the database afterwards. */
export async function withEmptyDatabase<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lipei-empty-'));
  const postgres = await startPostgres({ dataDir, port: await freePort(), durable: false });
  try {
    return await work(postgres.ownersUrl);
  } finally {
    await postgres.stop();
    rmSync(dataDir, { recursive: true });
  }
}
