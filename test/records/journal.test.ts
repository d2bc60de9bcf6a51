import { intactJournal } from '../../records/journal/journal-check.ts';
import { journalKeeper, type JournalBatch } from '../../activities/journal.ts';
import { standingOf, takeOwnership } from '../../records/claims/owner.ts';
import { rebuildClaim } from '../../records/claims/projection.ts';
import { connectDatabase, type Database } from '../../records/database.ts';
import { openClaim, decide } from '../../domain/claim/decide.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import { anOpening, aPolicy, noticedAt, rules, aNote } from '../support/builders.ts';
import { ownDatabase } from '../support/runtime.ts';

let database: Database;
beforeAll(async () => {
  database = connectDatabase(await ownDatabase());
});
afterAll(() => database.$disconnect());

/** The first entries of a claim: opened, acknowledged, covered. */
function entriesOf(number: string): JournalEntry[] {
  const world = { now: noticedAt, rules };
  const opened = openClaim(anOpening({ number }), world);
  const acknowledged = decide(opened.claim, { kind: 'acknowledge' }, world);
  if (acknowledged.kind === 'denied') throw new Error(acknowledged.sentence);
  const covered = decide(acknowledged.claim, { kind: 'check-cover', policy: aPolicy() }, world);
  if (covered.kind === 'denied') throw new Error(covered.sentence);
  return [...opened.entries, ...acknowledged.entries, ...covered.entries];
}

const batch = (claim: string, entries: JournalEntry[], run = 'run-1'): JournalBatch => ({
  claim,
  rules: rules.pack.versions,
  entries,
  stored: (entries[0]?.seq ?? 1) - 1,
  run,
});
/** No history has what the records lack. */
const append = (claim: string, entries = entriesOf(claim), run = 'run-1'): Promise<void> =>
  journalKeeper(database, async () => 'missing')(batch(claim, entries, run)).then(() => undefined);
const readModel = async (number: string) => [
  await database.claim.findUnique({ where: { number } }),
  await database.expectation.findMany({ where: { claim: number }, orderBy: { id: 'asc' } }),
];

test('appending the same entries twice, or overlapping ones, appends them once', async () => {
  const entries = entriesOf('LTWCE-00001');
  await append('LTWCE-00001', entries.slice(0, 3));
  await append('LTWCE-00001', entries.slice(0, 3));
  await append('LTWCE-00001', entries);
  expect(await intactJournal(database, 'LTWCE-00001')).toEqual({
    kind: 'intact',
    claim: 'LTWCE-00001',
    entries: JSON.parse(JSON.stringify(entries)),
  });
});

test('another entry under a taken number is not taken: the records win', async () => {
  const entries = entriesOf('LDVRG-00001');
  await append('LDVRG-00001', entries);
  const before = await readModel('LDVRG-00001');
  await expect(
    append('LDVRG-00001', [
      { kind: 'note-added', note: aNote(), seq: entries.length, at: noticedAt, by: 'lipei' },
    ]),
  ).rejects.toMatchObject({ type: 'NotTheOwner', nonRetryable: true });
  expect(await readModel('LDVRG-00001')).toEqual(before);
});

test('a run that does not own the claim stores nothing, not even what is stored already', async () => {
  const entries = entriesOf('LWNRS-00001');
  await append('LWNRS-00001', entries.slice(0, 2));
  const another = journalKeeper(database, async () => 'records-win');
  const fault = { type: 'NotTheOwner', nonRetryable: true };
  for (const some of [entries.slice(2), entries.slice(0, 2), []])
    await expect(another(batch('LWNRS-00001', some, 'run-2'))).rejects.toMatchObject(fault);
  expect(await database.journalEntry.count({ where: { claim: 'LWNRS-00001' } })).toBe(2);
  await takeOwnership(database, { claim: 'LWNRS-00001', run: 'run-2', after: 'run-1' });
  await append('LWNRS-00001', entries.slice(2), 'run-2');
  expect(await takeOwnership(database, { claim: 'LWNRS-00001', run: 'run-3', after: 'run-1' })).toBe(false);
  expect(await takeOwnership(database, { claim: 'LWNRS-00001', run: 'run-4', after: 'anybody' })).toBe(true);
  expect(await standingOf(database, 'LWNRS-00001')).toEqual({ owner: 'run-4', seq: entries.length });
});

test('what the records lack is put back first, and then the entries follow', async () => {
  const entries = entriesOf('LBACK-00001');
  await append('LBACK-00001', entries.slice(0, 1));
  const putsBack = async (): Promise<'put-back'> => {
    await append('LBACK-00001', entries.slice(0, 2));
    return 'put-back';
  };
  await journalKeeper(database, putsBack)(batch('LBACK-00001', entries.slice(2)));
  expect(await intactJournal(database, 'LBACK-00001')).toMatchObject({ entries: { length: entries.length } });
});

test('an entry after a gap is a fault that no retry fixes, and changes nothing', async () => {
  const entries = entriesOf('LGAPS-00001');
  const fault = { type: 'JournalDiverged', nonRetryable: true };
  await expect(append('LGAPS-00001', entries.slice(1))).rejects.toMatchObject(fault);
  expect(await database.journalEntry.count({ where: { claim: 'LGAPS-00001' } })).toBe(0);
  await append('LGAPS-00001', entries.slice(0, 1));
  await expect(append('LGAPS-00001', entries.slice(2))).rejects.toMatchObject(fault);
  expect(await database.journalEntry.count({ where: { claim: 'LGAPS-00001' } })).toBe(1);
});

test.each(['UPDATE journal_entry SET entry = entry', 'DELETE FROM journal_entry', 'TRUNCATE journal_entry'])(
  '%s is refused',
  async (statement) => {
    await append('LKEEP-00001');
    await expect(database.$executeRawUnsafe(statement)).rejects.toThrow('never changed');
  },
);

test.each([
  [
    'edits',
    'LEDTD-00001',
    "UPDATE journal_entry SET entry = replace(entry, 'longkou', 'penglai') WHERE claim = 'LEDTD-00001' AND seq = 1",
    1,
  ],
  ['takes out', 'LEDTD-00002', "DELETE FROM journal_entry WHERE claim = 'LEDTD-00002' AND seq = 2", 2],
  [
    'ascribes to somebody else',
    'LEDTD-00003',
    "UPDATE journal_entry SET by = 'M-601' WHERE claim = 'LEDTD-00003' AND seq = 3",
    3,
  ],
  [
    'edits and hashes anew',
    'LEDTD-00004',
    "UPDATE journal_entry SET entry = replace(entry, 'lipei', 'M-601'), hash = encode(sha256(convert_to(previous_hash || E'\\n' || replace(entry, 'lipei', 'M-601'), 'UTF8')), 'hex') WHERE claim = 'LEDTD-00004' AND seq = 2",
    2,
  ],
])('an entry that somebody %s past the trigger is named by the check', async (_, claim, statement, at) => {
  await append(claim);
  await database.$transaction([
    database.$executeRawUnsafe('ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_keep'),
    database.$executeRawUnsafe(statement),
    database.$executeRawUnsafe('ALTER TABLE journal_entry ENABLE TRIGGER journal_entry_keep'),
  ]);
  expect(await intactJournal(database, claim)).toEqual({ kind: 'broken', claim, at });
});

test('the read model that is made anew from the journal is the one that was there', async () => {
  await append('LRBLD-00001');
  const before = await readModel('LRBLD-00001');
  await database.claim.update({ where: { number: 'LRBLD-00001' }, data: { stage: 'wrong' } });
  expect(await rebuildClaim(database, 'LRBLD-00001')).toBe(entriesOf('LRBLD-00001').length);
  expect(await readModel('LRBLD-00001')).toEqual(before);
});

test('twenty claims at once keep twenty whole journals', async () => {
  const numbers = Array.from({ length: 20 }, (_, index) => `LMANY-000${String(index).padStart(2, '0')}`);
  await Promise.all(numbers.map((number) => append(number)));
  const checks = await Promise.all(numbers.map((number) => intactJournal(database, number)));
  expect(checks.every(({ kind }) => kind === 'intact')).toBe(true);
});
