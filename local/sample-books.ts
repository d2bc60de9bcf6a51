import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sampleFile, sampleRows } from '../config/sample-rows.ts';
import { houseRules } from '../config/rules/load.ts';
import type { BookName } from '../config/books/fields.ts';
import type { Book } from '../records/books/book.ts';
import { importDirectly } from '../records/books/direct.ts';
import { listImports, type ImportOnRecord, type RejectedRow } from '../records/books/imports.ts';
import type { Database } from '../records/database.ts';
import { marking } from '../records/keys/contact-key.ts';
import { openPolicyBook } from '../records/policies/policy-book.ts';
import { staffBook } from '../records/staff/staff-book.ts';
import type { Keyring } from '../security/keyring.ts';

/**
 * Imports the sample company, by the role of the books: each file once, and again when it has changed. So
 * what people have changed since stays as they left it. Throws a sentence when a row is rejected.
 */
export async function importSamples(books: Database, keyring: Keyring): Promise<void> {
  const packs = houseRules.inForce('ordinary');
  await importOnce(books, 'staff', staffBook({ mark: await marking(books, keyring), packs }));
  await importOnce(books, 'policies', await openPolicyBook(books, keyring, packs));
}

async function importOnce(books: Database, name: BookName, book: Book): Promise<void> {
  const file = sampleFile(name);
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
  const source = `samples/${name}.jsonl ${digest.slice(0, 12)}`;
  const earlier = await listImports(books, { books: [name], limit: 1_000 });
  if (earlier.some((each) => each.source === source && isDone(each))) return;
  const rows = sampleRows(name).map((value, index) => ({ line: index + 1, value }));
  const { rejects } = await importDirectly(books, book, { name, source, rows, dryRun: false });
  const [first] = rejects;
  if (first) throw new Error(`${file}, line ${first.line}: ${sentenceOf(first)}.`);
}

/** Also when somebody has undone it: then it was not wanted. */
const isDone = ({ state, counts }: ImportOnRecord): boolean =>
  ['taken', 'undone'].includes(state) && (counts.rejected ?? 0) === 0;

const sentenceOf = ({ mistakes }: RejectedRow): string =>
  mistakes.map(({ field, reason }) => `${field} ${reason}`).join('; ');
