import type { PolicySourceAnswer } from '../../../providers/ports.ts';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { policyFor, type FromSource } from '../../../records/policies/from-source.ts';
import { bookOf, imported, keepUnit, policyRow } from '../../support/policy-rows.ts';
import { asBooks, ownDatabase } from '../../support/runtime.ts';

let owner: Database;
let books: Database;
beforeAll(async () => {
  const url = await ownDatabase();
  [owner, books] = [connectDatabase(url), connectDatabase(asBooks(url))];
  await keepUnit(owner);
});
afterAll(async () => {
  await owner.$disconnect();
  await books.$disconnect();
});

const inside = '2026-06-01T00:00:00.000Z';

/** A source that answers so; what it was asked, and why its answers were not taken. */
function sourceWith(answer: PolicySourceAnswer) {
  const [asked, failed]: [string[], string[]] = [[], []];
  const from: FromSource = {
    books,
    book: () => bookOf(books),
    source: {
      ask: async (number) => {
        asked.push(number);
        return answer;
      },
    },
    failed: ({ why }) => void failed.push(why),
  };
  return { asked, failed, from };
}

test('a policy that the book has is not asked for, and one that it lacks is taken from its source', async () => {
  await imported(books, [policyRow('K-1')]);
  const { asked, from } = sourceWith({ kind: 'found', rows: [policyRow('K-2')] });
  expect(await policyFor(books, from, 'K-1', inside)).toMatchObject({ number: 'K-1' });
  expect(await policyFor(books, from, 'K-2', inside)).toMatchObject({ number: 'K-2', version: 1 });
  expect(await policyFor(books, from, 'K-2', inside)).toMatchObject({ number: 'K-2', version: 1 });
  expect(asked).toEqual(['K-2']);
  const [taken] = await books.bookImport.findMany({ where: { by: 'policy-source' } });
  expect(taken).toMatchObject({ state: 'taken', counts: { added: 1 } });
});

test('a renewal that the book does not have yet is asked for; while its source is away, the book counts', async () => {
  await imported(books, [policyRow('K-3')]);
  const later = '2027-06-01T00:00:00.000Z';
  const away = sourceWith({ kind: 'away', code: 'no-answer' });
  expect(await policyFor(books, away.from, 'K-3', later)).toMatchObject({ endorsement: '0' });
  const renewed = policyRow('K-3', { endorsement: '2027', from: '2027-01-01', to: '2028-01-01' });
  const { from } = sourceWith({ kind: 'found', rows: [policyRow('K-3'), renewed] });
  expect(await policyFor(books, from, 'K-3', later)).toMatchObject({ endorsement: '2027' });
});

test.each([
  ['is unknown', { kind: 'unknown' } as const, undefined, undefined],
  ['cannot be asked for', { kind: 'away', code: 'http-503' } as const, 'awaited', /^http-503$/],
  [
    'comes with mistakes',
    { kind: 'found', rows: [policyRow('K-9', { to: 'x' })] } as const,
    'awaited',
    /^to must be/,
  ],
  [
    'comes for no unit',
    { kind: 'found', rows: [policyRow('K-9', { branch: 'x' })] } as const,
    'awaited',
    /^branch must be/,
  ],
  ['is another one', { kind: 'found', rows: [policyRow('K-8')] } as const, 'awaited', /another policy/],
  ['is nothing', { kind: 'found', rows: [{}] } as const, 'awaited', /^number is missing/],
])('a policy that %s', async (_, { ...answer }, expected, why) => {
  const { from, failed } = sourceWith(
    answer.kind === 'found' ? { ...answer, rows: [...answer.rows] } : answer,
  );
  expect(await policyFor(books, from, 'K-9', inside)).toEqual(expected);
  expect(failed).toEqual(why ? [expect.stringMatching(why)] : []);
  expect(await books.stagedRow.count({ where: { key: 'K-9' } })).toBe(0);
});
