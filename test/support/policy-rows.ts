import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { houseRules } from '../../config/rules/load.ts';
import type { Book, TakenCounts } from '../../records/books/book.ts';
import type { Database } from '../../records/database.ts';
import { openPolicyBook } from '../../records/policies/policy-book.ts';
import type { Keyring } from '../../security/keyring.ts';
import { testKeyring } from './test-keyring.ts';

/** A row of an import of policies: a year of motor insurance with a holder and a vehicle. */
export const policyRow = (number: string, change: object = {}): Record<string, unknown> => ({
  number,
  endorsement: '0',
  line: 'motor',
  jurisdiction: 'CN',
  branch: 'longkou',
  currency: 'CNY',
  from: '2026-01-01',
  to: '2027-01-01',
  people: [{ role: 'policyholder', name: '王芳', phone: '138 0013 8000' }],
  objects: [
    { object: 'insured-vehicle', plate: '鲁F·12345', sumInsured: '500000.00', excess: '500.00' },
    { object: 'third-party-vehicle', sumInsured: '1000000.00' },
  ],
  ...change,
});

/** The policy book of a database with the rules of the house. */
export const bookOf = (database: Database, keyring = testKeyring()): Promise<Book> =>
  openPolicyBook(database, keyring, houseRules.inForce('ordinary'));

/** The branch that the rows name, where it is not on record already. */
export const keepUnit = (database: Database, code = 'longkou') =>
  database.unit.createMany({ data: [{ code, name: code, kind: 'branch' }], skipDuplicates: true });

/** Imports rows as a file of theirs: staged, and then taken. Answers the counts, the rejects by line, the id. */
export async function imported(
  books: Database,
  rows: unknown[],
  { dryRun = false, id: given, keyring }: { dryRun?: boolean; id?: string; keyring?: Keyring } = {},
): Promise<{ id: string; counts: TakenCounts; warnings: string[]; rejects: Record<number, string> }> {
  const book = await bookOf(books, keyring);
  const id = given ?? randomUUID();
  const staged = rows.map((value, index) => {
    const read = book.read(value);
    if (read.kind === 'read') return { import: id, line: index + 1, key: read.key, row: read.row };
    return { import: id, line: index + 1, key: read.key ?? '', row: {}, reject: read.mistakes };
  });
  await books.stagedRow.createMany({ data: JSON.parse(JSON.stringify(staged)), skipDuplicates: true });
  const counts = await book.take(books, { id, by: 'O-951', now: new Date().toISOString() }, { dryRun });
  const rejected = await books.stagedRow.findMany({ where: { import: id }, orderBy: { line: 'asc' } });
  const rejects = rejected.flatMap(({ line, reject }) =>
    reject === null ? [] : [[line, wordsOf(reject)] as const],
  );
  const { first: _, warnings = [], ...counted } = counts;
  return { id, counts: counted, warnings, rejects: Object.fromEntries(rejects) };
}

const mistakes = z.array(z.object({ field: z.string(), reason: z.string() }));
const wordsOf = (reject: unknown): string =>
  mistakes
    .parse(reject)
    .map(({ field, reason }) => `${field} ${reason}`)
    .join('; ');
