import { Client } from 'pg';
import { grantProgramRights, ownersFunctions, rightsWith, type Rights } from '../../prisma/program-rights.ts';
import { asBooks, asProgram, ownDatabase } from '../support/runtime.ts';

let ownersUrl: string;
let [owner, program, books]: Client[] = [];
beforeAll(async () => {
  ownersUrl = await ownDatabase();
  [owner, program, books] = [ownersUrl, asProgram(ownersUrl), asBooks(ownersUrl)].map(
    (url) => new Client({ connectionString: url }),
  );
  await Promise.all([owner?.connect(), program?.connect(), books?.connect()]);
});
afterAll(async () => {
  await Promise.all([owner?.end(), program?.end(), books?.end()]);
});

const asked = async (sql: string): Promise<Record<string, unknown>[]> =>
  (await program?.query(sql))?.rows ?? [];

/** What a role really may do, also by what everybody may, and by roles that it belongs to. */
const held = `
  SELECT c.relname AS name,
    has_table_privilege(c.oid, 'SELECT') AS reads,
    has_table_privilege(c.oid, 'INSERT') AS adds,
    ARRAY(SELECT a.attname::text FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND has_column_privilege(c.oid, a.attnum, 'UPDATE')
      ORDER BY a.attname) AS changes,
    has_table_privilege(c.oid, 'DELETE') AS deletes,
    has_table_privilege(c.oid, 'TRUNCATE') OR has_table_privilege(c.oid, 'TRIGGER')
      OR has_table_privilege(c.oid, 'REFERENCES') OR has_table_privilege(c.oid, 'MAINTAIN') AS more
  FROM pg_class c
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relnamespace = 'public'::regnamespace
  ORDER BY c.relname`;

test('programs have the rights of the table on every table of the records, and no others', async () => {
  for (const isOfBooks of [false, true]) {
    const expected = Object.entries<Rights>(rightsWith(isOfBooks)).map(
      ([name, { adds, changes, deletes }]) => ({
        name,
        reads: true,
        adds: adds ?? false,
        changes: (changes ?? []).toSorted(),
        deletes: deletes ?? false,
        more: false,
      }),
    );
    const ofMigrations = {
      name: '_prisma_migrations',
      reads: false,
      adds: false,
      changes: [],
      deletes: false,
      more: false,
    };
    const found = await (isOfBooks ? books : program)?.query(held);
    expect(found?.rows).toEqual(
      [ofMigrations, ...expected].toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    );
  }
});

test('functions with the rights of the owner are named, and nobody can slip them another table', async () => {
  const functions = await asked(`
    SELECT proname::text AS name, proconfig AS settings FROM pg_proc
    WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY proname`);
  expect(functions).toEqual(
    ownersFunctions.toSorted().map((name) => ({ name, settings: ['search_path=public, pg_temp'] })),
  );
});

test('nothing that is made later is open to programs by default, and they belong to no other role', async () => {
  expect(await asked('SELECT FROM pg_default_acl')).toEqual([]);
  expect(await asked('SELECT FROM pg_auth_members WHERE member = current_user::regrole')).toEqual([]);
  await owner?.query('CREATE TABLE made_later (id INT)');
  await grantProgramRights(ownersUrl, new URL(asProgram(ownersUrl)).username);
  await expect(asked('SELECT * FROM made_later')).rejects.toThrow('permission denied');
  await owner?.query('DROP TABLE made_later');
});

test.each([
  'TRUNCATE journal_entry',
  'TRUNCATE claim CASCADE',
  'ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_keep',
  'DROP TRIGGER journal_entry_keep ON journal_entry',
  'DROP TABLE journal_entry',
  "SET session_replication_role = 'replica'",
  'CREATE TABLE mine (id INT)',
  'CREATE FUNCTION mine() RETURNS INT LANGUAGE sql AS $$ SELECT 1 $$',
  "UPDATE person SET limits = '{}'",
  'DELETE FROM person_change',
  'UPDATE payment SET amount_minor = 1',
  "UPDATE notification SET recipient = 'party-2'",
  'DELETE FROM staff_notification',
  "SELECT setval('signed_line_id_seq', 1)",
])('%s: no program may', async (statement) => {
  await expect(asked(statement)).rejects.toThrow(/permission denied|must be (owner|able)/);
});

test('a role that is missing, or that owns the tables, gets no rights', async () => {
  await expect(grantProgramRights(ownersUrl, 'nobody_of_that_name')).rejects.toThrow(
    'There is no role "nobody_of_that_name" for the programs. Make it once, with a password: CREATE ROLE',
  );
  await expect(grantProgramRights(ownersUrl, new URL(ownersUrl).username)).rejects.toThrow(
    'owns the tables, so it may change the journal',
  );
});

test('the text of a message that was sent stays, and one that waits may go to a new contact', async () => {
  await owner?.query(
    `INSERT INTO notification (claim, kind, seq, channel, reference, recipient, template, locale, sealed,
       body_sha256, state, planned_at, purpose, facts, contact)
     SELECT 'L0000-00001', 'progress', seq, 'sms', 'r' || seq, 'party-1', 't', 'zh-CN', E'key\ntext', 'h',
       state, now(), 'progress', '{}', 'c'
     FROM (VALUES (1, 'planned'), (2, 'accepted')) AS given (seq, state)`,
  );
  await asked("UPDATE notification SET sealed = E'key\nother', contact = 'd' WHERE reference = 'r1'");
  await asked("UPDATE notification SET sealed = E'new key\ntext' WHERE reference = 'r2'");
  await expect(asked("UPDATE notification SET contact = 'd' WHERE reference = 'r2'")).rejects.toThrow(
    'the text of r2 and its address are never changed',
  );
  await expect(
    asked("UPDATE notification SET sealed = E'key\nother' WHERE reference = 'r2'"),
  ).rejects.toThrow('never changed');
});
