import { connectDatabase, type Database } from '../../../records/database.ts';
import { changesOfPolicy, comparePolicies } from '../../../records/policies/policy-history.ts';
import { imported, keepUnit, policyRow } from '../../support/policy-rows.ts';
import { asBooks, ownDatabase } from '../../support/runtime.ts';

let owner: Database;
let books: Database;
beforeAll(async () => {
  const url = await ownDatabase();
  [owner, books] = [connectDatabase(url), connectDatabase(asBooks(url))];
  await keepUnit(owner);
  await imported(books, [policyRow('H-1'), policyRow('H-2'), policyRow('H-3')]);
  await imported(books, [policyRow('H-1', { branch: 'longkou', to: '2026-12-01' })]);
});
afterAll(async () => {
  await owner.$disconnect();
  await books.$disconnect();
});

/** Statements of the owner of the tables, who sets the triggers aside. */
const past = (...statements: string[]) =>
  owner.$transaction([
    owner.$executeRaw`ALTER TABLE policy DISABLE TRIGGER USER`,
    owner.$executeRaw`ALTER TABLE policy_change DISABLE TRIGGER USER`,
    ...statements.map((each) => owner.$executeRawUnsafe(each)),
    owner.$executeRaw`ALTER TABLE policy ENABLE TRIGGER USER`,
    owner.$executeRaw`ALTER TABLE policy_change ENABLE TRIGGER USER`,
  ]);

const found = async () => (await comparePolicies(owner, '')).faults.map(({ of, what }) => `${of} ${what}`);

test('a policy has a history: who added and replaced its versions, with which role', async () => {
  const sum = { 'third-party-vehicle': { excessMinor: 0, sumInsuredMinor: 100_000_000 } };
  expect(await changesOfPolicy(books, 'H-1')).toMatchObject([
    { role: 'lipei_books', before: null, after: { version: 1, objects: sum } },
    { before: { version: 1 }, after: { replaced_by: expect.any(String) } },
    { before: null, after: { version: 2, valid_to: expect.stringMatching(/^2026-11-30/) } },
  ]);
  expect(JSON.stringify(await changesOfPolicy(books, 'H-1'))).not.toContain('sealed');
});

test.each([
  ["UPDATE policy SET objects = '{}'", 'never changed'],
  ["UPDATE policy SET valid_to = '2099-01-01'", 'never changed'],
  ["UPDATE policy SET people = '[]' WHERE replaced_at IS NULL", 'never changed'],
  ['UPDATE policy SET replaced_at = NULL', 'never changed'],
  ['DELETE FROM policy', 'never changed'],
  ['TRUNCATE policy', 'never changed'],
  ["UPDATE policy_change SET role = 'other'", 'never changed'],
  ['DELETE FROM policy_change', 'never changed'],
  ['TRUNCATE policy_change', 'never changed'],
])('nobody may %s, not even the owner of the tables', async (statement, why) => {
  await expect(owner.$executeRawUnsafe(statement)).rejects.toThrow(why);
});

test('wrapping its key anew is no change', async () => {
  await books.$executeRaw`UPDATE policy SET key = 'other:' || key WHERE number = 'H-2'`;
  expect(await found()).toEqual([]);
});

test('what was changed, added or deleted past the triggers is found, and so is a line that is gone', async () => {
  expect(await found()).toEqual([]);
  await past(
    `UPDATE policy SET objects = jsonb_set(objects, '{insured-vehicle,sumInsuredMinor}', '1') WHERE number = 'H-2'`,
    `DELETE FROM policy WHERE number = 'H-3'`,
    `UPDATE policy SET replaced_at = NULL, replaced_by = NULL WHERE number = 'H-1' AND version = 1`,
    `INSERT INTO policy (number, version, line, jurisdiction, branch, currency, valid_from, valid_to, objects)
       SELECT 'H-9', 1, line, jurisdiction, branch, currency, valid_from, valid_to, objects
       FROM policy WHERE number = 'H-1' AND version = 1`,
    `DELETE FROM policy_change WHERE number = 'H-1' AND version = 1 AND what = 'added'`,
  );
  expect(await found()).toEqual(['H-1/1 differs', 'H-2/1 differs', 'H-3/1 differs', 'H-9/1 differs']);
  await past(`UPDATE policy SET replaced_at = r.at, replaced_by = r.by FROM (
    SELECT recorded_at AS at, import AS by FROM policy WHERE number = 'H-1' AND version = 2) r
    WHERE number = 'H-1' AND version = 1`);
  expect((await found())[0]).toBe('H-1/1 gap');
});
