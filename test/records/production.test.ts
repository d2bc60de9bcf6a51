import { Client } from 'pg';
import { connectDatabase, type Database } from '../../records/database.ts';
import { grantProgramRights } from '../../prisma/program-rights.ts';
import { weakRecords } from '../../records/production.ts';
import { watchKeys } from '../../records/keys/key-watch.ts';
import { asProgram, ownDatabase } from '../support/runtime.ts';
import { testKeyring, testRoots } from '../support/test-keyring.ts';

let ownersUrl: string;
const opened: Database[] = [];
beforeAll(async () => {
  ownersUrl = await ownDatabase();
});
afterAll(() => Promise.all(opened.map((each) => each.$disconnect())));

function as(url: string): Database {
  const database = connectDatabase(url);
  opened.push(database);
  return database;
}

async function ask(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** Roles belong to the whole server, and a database to one test. */
async function withRole(url: string, name: string): Promise<string> {
  const address = new URL(url);
  await ask(url, `CREATE ROLE ${name} LOGIN PASSWORD 'of a test'`);
  [address.username, address.password] = [name, 'of a test'];
  return address.href;
}

const person = {
  code: 'C-301',
  name: '郭丽娜',
  email: 'guo.lina@lipei.example.test',
  roles: ['handler'],
  branch: 'longkou',
  limits: {},
};

test('a superuser is refused in production, and the start says so (R16)', async () => {
  const database = as(ownersUrl);
  expect(await weakRecords(database)).toEqual([
    expect.stringMatching(/^The role "\w+" of DATABASE_URL is a superuser, so it may change the journal: /),
  ]);
  const watch = {
    database,
    keys: { keyring: testKeyring(), roots: testRoots },
    warn: () => undefined,
    fail: () => undefined,
  };
  await expect(watchKeys({ ...watch, production: true })).rejects.toThrow('is a superuser');
  (await watchKeys({ ...watch, production: false }))();
});

test('so is a role that owns the tables', async () => {
  const database = as(await withRole(ownersUrl, 'owner_of_tables'));
  await ask(ownersUrl, 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO owner_of_tables');
  await ask(ownersUrl, 'ALTER TABLE journal_entry OWNER TO owner_of_tables');
  expect(await weakRecords(database)).toEqual([expect.stringMatching(/owns the tables, so it may change/)]);
});

test('so is one that may change what is only added to; one that lacks its rights learns how to get them', async () => {
  const url = await ownDatabase();
  const database = as(await withRole(url, 'too_free'));
  expect(await weakRecords(database)).toEqual([
    expect.stringMatching(
      /^The role "too_free" of DATABASE_URL may not read attachment, .+ OWNERS-URL too_free/,
    ),
  ]);
  await grantProgramRights(url, 'too_free');
  expect(await weakRecords(database)).toEqual([]);
  await ask(url, 'GRANT UPDATE (entry) ON journal_entry TO too_free');
  await ask(url, 'GRANT DELETE ON note TO too_free');
  expect(await weakRecords(database)).toEqual([
    expect.stringMatching(/may change or delete what is in journal_entry, note: give it the rights/),
  ]);
  await grantProgramRights(url, 'too_free');
  expect(await weakRecords(database)).toEqual([]);
});

test('a role with the rights of programs is taken, and cannot change the journal or the tables', async () => {
  const database = as(asProgram(await ownDatabase()));
  expect(await weakRecords(database)).toEqual([]);
  for (const statement of [
    "UPDATE journal_entry SET entry = '{}'",
    'DELETE FROM journal_entry',
    'TRUNCATE journal_entry',
    'ALTER TABLE journal_entry DISABLE TRIGGER ALL',
    'DROP TABLE notification',
  ])
    await expect(database.$executeRawUnsafe(statement)).rejects.toThrow(/permission denied|must be owner/);
});

test('sample people and policies are named', async () => {
  const url = await ownDatabase();
  const database = as(asProgram(url));
  await as(url).person.createMany({
    data: [person, { ...person, code: 'C-302', email: 'li@claims.example.com' }],
  });
  expect(await weakRecords(database)).toEqual([
    'The records have the samples C-301: production needs records of its own.',
  ]);
});
