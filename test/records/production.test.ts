import { Client } from 'pg';
import { connectDatabase, type Database } from '../../records/database.ts';
import { weakRecords } from '../../records/production.ts';
import { watchKeys } from '../../records/keys/key-watch.ts';
import { programRole } from '../support/program-role.ts';
import { ownDatabase } from '../support/runtime.ts';
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
  const url = new URL(ownersUrl);
  const client = new Client({ connectionString: ownersUrl });
  await client.connect();
  await client.query("CREATE ROLE owner_of_tables LOGIN PASSWORD 'x'");
  await client.query('ALTER TABLE journal_entry OWNER TO owner_of_tables');
  await client.query('GRANT SELECT ON person, policy TO owner_of_tables');
  await client.end();
  [url.username, url.password] = ['owner_of_tables', 'x'];
  expect(await weakRecords(as(url.href))).toEqual([
    expect.stringMatching(/owns the tables, so it may change/),
  ]);
});

test('a role with the rights of programs is taken, and cannot change the journal or the tables', async () => {
  const database = as(await programRole(await ownDatabase()));
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
  const database = as(await programRole(await ownDatabase()));
  await database.person.createMany({
    data: [person, { ...person, code: 'C-302', email: 'li@claims.example.com' }],
  });
  expect(await weakRecords(database)).toEqual([
    'The records have the samples C-301: production needs records of its own.',
  ]);
});
