import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../../local/processes/ports.ts';
import { startPostgres } from '../../local/servers/postgres.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('what was recorded is there again after a restart, under the same password', async () => {
  const [dataDir, port] = [temporaryDirectory(), await freePort()];
  const first = await startPostgres({ dataDir, port });
  await ask(first.ownersUrl, "CREATE TABLE claim (number text); INSERT INTO claim VALUES ('理赔-1')");
  await first.stop();

  const second = await startPostgres({ dataDir, port });
  const found = await ask(second.ownersUrl, "SELECT number, upper('é') AS upper FROM claim");
  await second.stop();
  expect(found).toEqual([{ number: '理赔-1', upper: 'É' }]);
  expect(second.ownersUrl).toBe(first.ownersUrl);
  expect(statSync(join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
});

test('it cannot be reached without the password', async () => {
  const [dataDir, port] = [temporaryDirectory(), await freePort()];
  const postgres = await startPostgres({ dataDir, port, durable: false });
  const refusal = await ask(`postgresql://lipei:guess@127.0.0.1:${port}/lipei`, 'SELECT 1').catch(
    (error: unknown) => error,
  );
  await postgres.stop();
  expect(refusal).toMatchObject({ message: expect.stringContaining('password authentication failed') });
});

test('it starts again after it was killed, though its lock now names another process', async () => {
  const [dataDir, port] = [temporaryDirectory(), await freePort()];
  const killed = await startPostgres({ dataDir, port });
  await ask(killed.ownersUrl, "CREATE TABLE claim (number text); INSERT INTO claim VALUES ('kept')");
  const lock = join(dataDir, 'postgres', 'postmaster.pid');
  const [pid, ...rest] = readFileSync(lock, 'utf8').split('\n');
  process.kill(Number(pid), 'SIGKILL');
  expect(await killed.ended).toMatch(/^PostgreSQL ended \(SIGKILL\); see .+postgres\.log\.$/);
  writeFileSync(lock, [process.pid, ...rest].join('\n'));

  const again = await startPostgres({ dataDir, port });
  const found = await ask(again.ownersUrl, 'SELECT number FROM claim');
  await again.stop();
  expect(found).toEqual([{ number: 'kept' }]);
});

test('a server that an earlier start left running is ended and not joined', async () => {
  const [dataDir, port] = [temporaryDirectory(), await freePort()];
  const left = await startPostgres({ dataDir, port, durable: false });
  const next = await startPostgres({ dataDir, port, durable: false });
  expect(await left.ended).toMatch(/^PostgreSQL ended \(exit code 0/);
  await next.stop();
});

test('a port that is taken is said so', async () => {
  const port = await freePort();
  const other = createServer();
  await new Promise<void>((listening) => other.listen(port, '127.0.0.1', listening));
  const refusal = await startPostgres({ dataDir: temporaryDirectory(), port }).catch(
    (error: unknown) => error,
  );
  await new Promise((closed) => other.close(closed));
  expect(refusal).toMatchObject({ message: `Port ${port} is taken, so PostgreSQL cannot listen there.` });
});

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
