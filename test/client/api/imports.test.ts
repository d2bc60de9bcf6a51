import { signedLines } from '../../../records/journal/signed-lines.ts';
import { policyRow } from '../../support/policy-rows.ts';
import { testRoots, testSigning } from '../../support/test-keyring.ts';
import { askAt, openDoor, recordsWithBooks, type Door } from './door.ts';
import { until, type Answered } from './office.ts';

let records: Awaited<ReturnType<typeof recordsWithBooks>>;
let door: Door;

beforeAll(async () => {
  records = await recordsWithBooks();
  const { database, books } = records;
  door = await openDoor({ records: { database, books, roots: testRoots, signing: testSigning } });
});
afterAll(async () => {
  await door.close();
  await records.close();
});

const ask = (by: string, method: 'GET' | 'POST', path: string, body?: object): Promise<Answered> =>
  askAt(door, by, { method, path, body });

const opened = async (by = 'O-951', book = 'policies'): Promise<string> =>
  (await ask(by, 'POST', '/imports', { book, source: 'core system' })).body.id;

const numbered = (rows: unknown[]) => ({ rows: rows.map((value, index) => ({ line: index + 1, value })) });

const ended = (id: string): Promise<Answered> =>
  until(
    () => ask('O-951', 'GET', `/imports/${id}`),
    ({ body }) => !['checking', 'taking'].includes(body.state),
  );

async function taken(rows: unknown[], dryRun = false): Promise<Answered['body']> {
  const id = await opened();
  await ask('O-951', 'POST', `/imports/${id}/rows`, numbered(rows));
  expect((await ask('O-951', 'POST', `/imports/${id}/take`, { dryRun })).status).toBe(202);
  return (await ended(id)).body;
}

const versions = (number: string) =>
  records.books.policy.findMany({
    where: { number },
    orderBy: { version: 'asc' },
    select: { replacedAt: true },
  });

test('rows are sent and change nothing; then all are taken, with a signed line; the same again changes nothing', async () => {
  const id = await opened();
  const rows = numbered([policyRow('I-1'), policyRow('I-2'), policyRow('I-3', { to: '2025-01-01' })]);
  const sent = await ask('O-951', 'POST', `/imports/${id}/rows`, rows);
  expect(sent).toMatchObject({ status: 200, body: { added: 3, before: 0, rejected: 1 } });
  // The answer was lost, and the request is repeated: also with another row on a line.
  const again = await ask('O-951', 'POST', `/imports/${id}/rows`, {
    rows: [{ line: 2, value: policyRow('I-9') }],
  });
  expect(again.body).toEqual({ added: 0, before: 1, rejected: 0 });
  const tried = await ask('O-951', 'POST', `/imports/${id}/take`, { dryRun: true });
  expect(tried).toMatchObject({ status: 202, body: { state: 'checking' } });
  expect((await ended(id)).body).toMatchObject({
    state: 'open',
    counts: { rows: 3, added: 2, changed: 0, same: 0, rejected: 1 },
  });
  expect(await versions('I-1')).toEqual([]);

  await ask('O-951', 'POST', `/imports/${id}/take`, {});
  expect((await ended(id)).body).toMatchObject({
    state: 'taken',
    by: 'O-951',
    source: 'core system',
    counts: { rows: 3, added: 2, changed: 0, same: 0, rejected: 1 },
  });
  expect(await versions('I-1')).toHaveLength(1);
  const repeated = await ask('O-951', 'POST', `/imports/${id}/take`, {});
  expect(repeated).toMatchObject({ status: 202, body: { state: 'taken' } });
  const lines = await signedLines(records.owner, { act: 'take-import' });
  expect(lines).toMatchObject([{ by: 'O-951' }]);
  expect(JSON.parse(lines[0]?.proof.signed ?? '').fields).toEqual({
    import: id,
    book: 'policies',
    source: 'core system',
    rows: 3,
    rejected: 1,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect((await ask('M-601', 'GET', `/imports/${id}/rejects`)).body).toEqual([
    { line: 3, mistakes: [{ field: 'to', reason: expect.stringContaining('ends before it starts') }] },
  ]);
  expect((await ask('M-601', 'GET', `/imports/${id}/rejects?after=3`)).body).toEqual([]);
  // What was taken is in the book alone.
  await until(
    () => records.owner.stagedRow.count({ where: { import: id } }),
    (rowsLeft) => rowsLeft === 1,
  );
  expect((await taken([policyRow('I-2'), policyRow('I-1')])).counts).toMatchObject({ added: 0, same: 2 });
});

test('an import is undone by somebody else, once; what a later one has changed stays and is named', async () => {
  const first = await taken([policyRow('U-1'), policyRow('U-2')]);
  await taken([policyRow('U-2', { to: '2026-12-01' })]);
  const undoing = await ask('M-601', 'POST', `/imports/${first.id}/undo`, {});
  expect(undoing).toMatchObject({ status: 202, body: { undoes: first.id, by: 'M-601' } });
  expect((await ended(undoing.body.id)).body).toMatchObject({
    state: 'taken',
    counts: { restored: 1, left: [expect.stringContaining('U-2')] },
  });
  expect(await records.books.policy.count({ where: { number: 'U-1', replacedAt: null } })).toBe(0);
  expect(await records.books.policy.count({ where: { number: 'U-2', replacedAt: null } })).toBe(1);
  expect(await signedLines(records.owner, { act: 'undo-import' })).toMatchObject([{ by: 'M-601' }]);
  const denied = [
    await ask('M-601', 'POST', `/imports/${first.id}/undo`, {}),
    await ask('M-601', 'POST', `/imports/${undoing.body.id}/undo`, {}),
  ];
  expect(denied.map(({ status }) => status)).toEqual([409, 409]);
  expect(denied[0]?.body.detail).toContain('is undone; only one that was taken can be undone');
  expect(denied[1]?.body.detail).toContain('is itself an undoing');
  const { body: all } = await ask('O-951', 'GET', '/imports');
  expect(all[0]).toMatchObject({ id: undoing.body.id, source: 'undo of core system' });
});

test('what is wrong with a request has a sentence, and changes nothing', async () => {
  const id = await opened();
  const wrong: [by: string, path: string, body: object, status: number, words: string][] = [
    ['C-301', '/imports', { book: 'policies', source: 'x' }, 403, 'operations, manager'],
    ['A-991', '/imports', { book: 'staff', source: 'x' }, 403, 'auditors change nothing'],
    ['O-951', '/imports', { book: 'claims', source: 'x' }, 400, 'one of policies, staff'],
    ['O-951', '/imports', { book: 'policies', source: '' }, 400, 'source'],
    ['O-951', '/imports/nothing/rows', numbered([{}]), 404, 'There is no import nothing'],
    ['O-951', `/imports/${id}/take`, {}, 409, 'has no rows'],
    ['O-951', `/imports/${id}/undo`, {}, 409, 'is open; only one that was taken'],
    ['M-601', `/imports/${id}/rows`, numbered([{}]), 403, 'is that of O-951'],
    ['M-601', `/imports/${id}/take`, {}, 403, 'is that of O-951'],
    ['O-951', `/imports/${id}/rows`, { rows: [] }, 400, 'at least one row'],
    [
      'O-951',
      `/imports/${id}/rows`,
      numbered(Array.from({ length: 501 }, () => ({}))),
      400,
      'at most 500 rows',
    ],
    [
      'O-951',
      `/imports/${id}/rows`,
      { rows: [{ line: 0, value: {} }] },
      400,
      'rows[0].line must be 1 or more',
    ],
    [
      'O-951',
      `/imports/${id}/rows`,
      numbered(['x'.repeat(9_000_000)]),
      413,
      'larger than this address takes',
    ],
  ];
  for (const [by, path, body, status, words] of wrong) {
    const answer = await ask(by, 'POST', path, body);
    expect([path, answer.status, answer.body.detail]).toEqual([path, status, expect.stringContaining(words)]);
  }
  const strange = numbered(['a text', null, { number: 'N-1\0' }, { number: 'N-2', line: '\ud800' }, {}]);
  expect((await ask('O-951', 'POST', `/imports/${id}/rows`, strange)).body).toMatchObject({
    added: 5,
    rejected: 5,
  });
  expect((await ask('O-951', 'GET', `/imports/${id}/rejects`)).body[2]).toMatchObject({
    line: 3,
    mistakes: [{ reason: expect.stringContaining('NUL') }],
  });
  expect((await ask('O-951', 'POST', `/imports/${id}/drop`, {})).body).toMatchObject({ state: 'dropped' });
  expect(await records.owner.stagedRow.count({ where: { import: id } })).toBe(0);
  const late = await ask('O-951', 'POST', `/imports/${id}/rows`, numbered([policyRow('L-1')]));
  expect(late).toMatchObject({
    status: 409,
    body: { detail: `Import ${id} is dropped, so it takes no more rows.` },
  });
});

test('what a crash has cut off is taken again at the next start, and old rows are dropped', async () => {
  const left = await opened();
  await ask('O-951', 'POST', `/imports/${left}/rows`, numbered([policyRow('K-1')]));
  const forgotten = await opened();
  await ask('O-951', 'POST', `/imports/${forgotten}/rows`, numbered([policyRow('K-2')]));
  await door.close();
  await records.owner.bookImport.update({ where: { id: left }, data: { state: 'taking' } });
  await records.owner.bookImport.update({
    where: { id: forgotten },
    data: { at: new Date(Date.now() - 25 * 3_600_000) },
  });
  door = await openDoor({ records: { ...records, roots: testRoots, signing: testSigning } });
  expect((await ended(left)).body).toMatchObject({ state: 'taken', counts: { added: 1 } });
  await until(
    () => ask('O-951', 'GET', `/imports/${forgotten}`),
    ({ body }) => body.state === 'dropped',
  );
  expect(await records.owner.stagedRow.count({ where: { import: forgotten } })).toBe(0);
});

test('an import that fails says so, and is taken once what was wrong is right again', async () => {
  await records.owner.$executeRawUnsafe('REVOKE SELECT ON unit FROM lipei_books');
  const failed = await taken([policyRow('F-1')]);
  expect(failed).toMatchObject({
    state: 'open',
    counts: { fault: expect.stringContaining('failed 3 times; operations can find the reason in the log') },
  });
  expect(door.logs.join()).toContain('an import could not be taken');
  await records.owner.$executeRawUnsafe('GRANT SELECT ON unit TO lipei_books');
  await ask('O-951', 'POST', `/imports/${failed.id}/take`, {});
  expect((await ended(failed.id)).body).toMatchObject({ state: 'taken', counts: { added: 1 } });
});

test('an API without the address of the books imports nothing, and says so', async () => {
  const without = await openDoor({
    records: { database: records.database, roots: testRoots, signing: testSigning },
  });
  const body = { book: 'policies', source: 'core system' };
  expect(await askAt(without, 'O-951', { method: 'POST', path: '/imports', body })).toMatchObject({
    status: 503,
    body: { detail: expect.stringContaining('BOOKS_DATABASE_URL') },
  });
  await without.close();
});
