import canonicalize from 'canonicalize';
import { Client } from 'pg';
import { journalKeeper } from '../../activities/journal.ts';
import { dayIn } from '../../config/today.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import { authorityDoubt, historyOf } from '../../domain/people/past-authority.ts';
import { intactJournal } from '../../records/journal/journal-check.ts';
import { connectDatabase, type Database } from '../../records/database.ts';
import { authorityChanges, historyFaults } from '../../records/staff/authority-history.ts';
import { act, anOpening, handler, pack, sure, yuan } from '../support/builders.ts';
import { keepRecords } from '../support/records.ts';
import { asProgram, ownDatabase } from '../support/runtime.ts';
import { SignedClaim } from '../support/signed-claim.ts';

/**
 * What somebody can do who writes into the database: with the role of the programs, and as the owner of the
 * tables who sets the triggers aside. What the owner does is found by the check of the records.
 */
let [database, program]: Database[] = [];
let [owner, writer]: Client[] = [];
const claim = 'L0000-00001';

beforeAll(async () => {
  const ownersUrl = await ownDatabase();
  [database, program] = [connectDatabase(ownersUrl), connectDatabase(asProgram(ownersUrl))];
  [owner, writer] = [ownersUrl, asProgram(ownersUrl)].map((url) => new Client({ connectionString: url }));
  await Promise.all([owner?.connect(), writer?.connect()]);
  await keepRecords(sure(database));
  // The journal of a claim as a worker stores it: with the role of the programs.
  const journal = new SignedClaim(anOpening({ number: claim })).instructed(yuan(4800));
  const entries: JournalEntry[] = JSON.parse(JSON.stringify(journal.does(handler, act.notes()).entries));
  const stores = journalKeeper(sure(program), async () => 'missing');
  await stores({ claim, rules: pack.versions, entries, stored: 0, run: 'run-1' });
});
afterAll(async () => {
  await Promise.all([owner?.end(), writer?.end(), database?.$disconnect(), program?.$disconnect()]);
});

const rows = async (): Promise<{ seq: number; kind: string; entry: string }[]> =>
  (
    await sure(owner).query(
      `SELECT seq, kind, entry FROM journal_entry WHERE claim = '${claim}' ORDER BY seq`,
    )
  ).rows;
const assessed = async () => sure((await rows()).find(({ kind }) => kind === 'assessed'));
const state = () => intactJournal(sure(database), claim);

const rehashed = `
  DO $$
  DECLARE row RECORD; before TEXT := '';
  BEGIN
    FOR row IN SELECT * FROM journal_entry WHERE claim = '${claim}' ORDER BY seq LOOP
      UPDATE journal_entry SET previous_hash = before,
        hash = encode(sha256(convert_to(before || E'\n' || row.entry, 'UTF8')), 'hex')
        WHERE claim = '${claim}' AND seq = row.seq RETURNING hash INTO before;
    END LOOP;
  END $$`;
const changed = `
  UPDATE journal_entry SET entry = replace(entry, '480000', '980000') WHERE claim = '${claim}' AND kind = 'assessed'`;

/** The seven edits, each as statements. */
const edits: [edit: string, statements: string[]][] = [
  ['change an entry', [changed]],
  ['recompute the chain', [changed, rehashed]],
  [
    'change a proof',
    [
      `UPDATE journal_entry SET entry = replace(entry, '"signature":"', '"signature":"A') WHERE claim = '${claim}'`,
    ],
  ],
  ['cut the tail', [`DELETE FROM journal_entry WHERE claim = '${claim}' AND seq > 5`]],
  ['delete a journal', [`DELETE FROM journal_entry WHERE claim = '${claim}'`]],
  ['delete all journals', ['TRUNCATE journal_entry']],
  [
    'change a limit for a minute',
    [`UPDATE person SET limits = '{"motor": {"CNY": 9000000000}}' WHERE code = 'R-501'`],
  ],
];

const asideFor = (table: string) => [
  `ALTER TABLE ${table} DISABLE TRIGGER USER`,
  `ALTER TABLE ${table} ENABLE TRIGGER USER`,
];

/** Tries statements in a transaction that is taken back; gives the first refusal. */
async function tried(client: Client, statements: readonly string[]): Promise<string | undefined> {
  await client.query('BEGIN');
  try {
    for (const statement of statements) await client.query(statement);
    return undefined;
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  } finally {
    await client.query('ROLLBACK');
  }
}

test.each(edits)('with the role of the programs nobody can %s', async (_, statements) => {
  expect(await tried(sure(writer), statements)).toMatch(/^permission denied for table/);
  const aside = [...asideFor('journal_entry'), "SET session_replication_role = 'replica'"];
  for (const way of aside)
    expect(await tried(sure(writer), [way])).toMatch(/must be owner|permission denied/);
});

test.each(edits)(
  'the owner cannot %s either without setting triggers aside, unless it is kept in a history',
  async (edit, statements) => {
    if (edit.startsWith('change a limit')) {
      const before = (await authorityChanges(sure(database))).length;
      await sure(owner).query(sure(statements[0]));
      await sure(owner).query(
        `UPDATE person SET limits = '{"motor": {"CNY": 5000000}}' WHERE code = 'R-501'`,
      );
      expect(await authorityChanges(sure(database))).toHaveLength(before + 2);
      return;
    }
    expect(await tried(sure(owner), statements)).toBe('the journal is never changed');
  },
);

test('a forged last entry can be added with the role of the programs, as it is theirs to add; it has no proof, and nobody takes it away again', async () => {
  const { length } = await rows();
  const forged = {
    seq: length + 1,
    at: '2026-11-23T03:00:00.000Z',
    by: 'M-601',
    kind: 'approved',
    item: 'item-1',
    of: 'x',
  };
  await sure(writer).query("INSERT INTO journal_entry VALUES ($1, $2, $3, $4, $5, $6, '', '')", [
    claim,
    forged.seq,
    forged.at,
    forged.by,
    forged.kind,
    canonicalize(forged),
  ]);
  const removal = `DELETE FROM journal_entry WHERE claim = '${claim}' AND seq = ${forged.seq}`;
  expect(await tried(sure(writer), [removal])).toMatch(/^permission denied/);
  expect((await rows()).at(-1)).toMatchObject({ seq: forged.seq, kind: 'approved' });
  await past([removal]);
});

/** What only the owner of the tables can do: setting the journal's triggers aside. */
async function past(statements: readonly string[]): Promise<void> {
  const [off = '', on = ''] = asideFor('journal_entry');
  await sure(owner).query(['BEGIN', off, ...statements, on, 'COMMIT'].join(';\n'));
}

test.each([
  ['the certificate', '"until":"2028-', '"until":"2038-'],
  ['the signature', '"signature":"', '"signature":"A'],
  ['the signed text', '\\"act\\":\\"assess\\"', '\\"act\\":\\"verify\\"'],
])('the hash of an entry covers %s of its proof', async (_, from, to) => {
  const { seq, entry } = await assessed();
  expect(entry).toContain(from);
  expect(await state()).toMatchObject({ kind: 'intact' });
  const set = (text: string): Promise<void> =>
    past([`UPDATE journal_entry SET entry = $text$${text}$text$ WHERE claim = '${claim}' AND seq = ${seq}`]);
  await set(entry.replace(from, to));
  expect(await state()).toEqual({ kind: 'broken', claim, at: seq });
  await set(entry);
  expect(await state()).toMatchObject({ kind: 'intact' });
});

const limit = (minor: number): string =>
  `UPDATE person SET limits = '{"motor": {"CNY": ${minor}}}' WHERE code = 'R-502'`;

test('a limit that the owner changes for a minute past the history is more than the person had, in what they signed then', async () => {
  const [off = '', on = ''] = asideFor('person');
  await sure(owner).query([off, limit(9_000_000_000), on].join(';'));
  expect(await historyFaults(sure(database))).toEqual([{ kind: 'person', of: 'R-502', what: 'differs' }]);
  const at = new Date(Date.now() + 120_000).toISOString();
  await sure(owner).query([off, limit(50_000_000), on].join(';'));
  expect(await historyFaults(sure(database))).toEqual([]);
  const history = historyOf({ changes: await authorityChanges(sure(database)), units: [] }, dayIn);
  const by = { kind: 'staff', code: 'R-502', roles: ['reviewer'], branch: 'longkou', conflicts: [] } as const;
  const signed = {
    by: { ...by, roles: [...by.roles], conflicts: [], limitMinor: 9_000_000_000 },
    at,
    act: 'approve',
  };
  expect(authorityDoubt(history, signed, { line: 'motor', currency: 'CNY' })).toBe(
    `R-502 signed approve at ${at} with a limit of 9000000000, and had 50000000.`,
  );
});
