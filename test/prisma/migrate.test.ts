import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../../local/processes/ports.ts';
import { startPostgres, type Postgres } from '../../local/servers/postgres.ts';
import { migrate, nextMigration } from '../../prisma/migrate.ts';
import { wholeMigration, wholeMigrationFile } from '../../prisma/whole-migration.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const journal = 'CREATE TABLE "entry" ("seq" INTEGER NOT NULL, CONSTRAINT "entry_pkey" PRIMARY KEY ("seq"));';
const unchangeable = `
CREATE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'never updated; never deleted'; END
$$;
CREATE TRIGGER entry_unchangeable BEFORE UPDATE OR DELETE ON "entry" FOR EACH ROW EXECUTE FUNCTION reject();`;

const dataDir = mkdtempSync(join(tmpdir(), 'lipei-migrate-'));
let postgres: Postgres;

beforeAll(async () => {
  postgres = await startPostgres({ dataDir, port: await freePort(), durable: false });
});

afterAll(async () => {
  await postgres.stop();
  rmSync(dataDir, { recursive: true });
});

test('migrations are applied in order and once, functions with semicolons too', async () => {
  const url = await emptyDatabase('in_order');
  const migrations = migrationsOf({ '20260102_unchangeable': unchangeable, '20260101_journal': journal });
  expect(await migrate(url, migrations)).toEqual({ applied: ['20260101_journal', '20260102_unchangeable'] });
  expect(await migrate(url, migrations)).toEqual({ applied: [] });
  await expect(ask(url, 'INSERT INTO entry VALUES (1); DELETE FROM entry')).rejects.toThrow(
    'never updated; never deleted',
  );
});

test('of two that migrate at once, one applies and the other waits', async () => {
  const url = await emptyDatabase('at_once');
  const migrations = migrationsOf({ '20260101_journal': journal });
  const results = await Promise.all([migrate(url, migrations), migrate(url, migrations)]);
  expect(results.map(({ applied }) => applied.length).toSorted()).toEqual([0, 1]);
});

test('a migration that fails leaves nothing behind and gives its reason', async () => {
  const url = await emptyDatabase('failing');
  const migrations = migrationsOf({
    '20260101_half': 'CREATE TABLE "half" (id INTEGER); CREATE TABLE "half" (id INTEGER);',
  });
  await expect(migrate(url, migrations)).rejects.toThrow(/relation "half" already exists/);
  expect(await ask(url, "SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
});

test.each<[string, Record<string, string>]>([
  ['has another text by now', { '20260101_journal': `${journal} -- changed` }],
  ['is gone', { '20260102_unchangeable': unchangeable }],
])('a database is left alone where a migration of its own %s', async (_, later) => {
  const url = await emptyDatabase(`left_alone_${Object.keys(later)[0]}`);
  await migrate(url, migrationsOf({ '20260101_journal': journal }));
  await expect(migrate(url, migrationsOf(later))).rejects.toThrow(
    'Other migrations made these records (20260101_journal)',
  );
  expect(await ask(url, 'SELECT count(*)::int AS triggers FROM pg_trigger')).toEqual([{ triggers: 0 }]);
});

test('what the schema has beyond the migrations is the next migration', async () => {
  const schema = join(temporaryDirectory(), 'schema.prisma');
  writeFileSync(
    schema,
    'datasource db {\n  provider = "postgresql"\n}\nmodel entry {\n  seq Int @id\n  kind String?\n}\n',
  );
  const sql = await nextMigration(
    await emptyDatabase('next'),
    migrationsOf({ '20260101_journal': journal }),
    schema,
  );
  expect(sql).toContain('ALTER TABLE "entry" ADD COLUMN     "kind" TEXT;');
});

test('our migration is what schema and functions make of it (npm run migration)', async () => {
  expect(readFileSync(wholeMigrationFile, 'utf8')).toBe(await wholeMigration(await emptyDatabase('whole')));
});

test('our own migrations lead to our own schema', async () => {
  expect(await nextMigration(await emptyDatabase('ours'))).toContain('This is an empty migration');
});

function migrationsOf(scripts: Record<string, string>): string {
  const directory = temporaryDirectory();
  for (const [name, sql] of Object.entries(scripts)) {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, 'migration.sql'), sql);
  }
  return directory;
}

async function emptyDatabase(name: string): Promise<string> {
  await ask(postgres.ownersUrl, `CREATE DATABASE ${name}`);
  return postgres.ownersUrl.replace(/[^/]+$/, name);
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
