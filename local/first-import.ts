import type { Env } from '../config/env.ts';
import { houseRules } from '../config/rules/load.ts';
import { rolesFor } from '../domain/people/permissions.ts';
import { importDirectly, type Imported } from '../records/books/direct.ts';
import type { SentRow } from '../records/books/imports.ts';
import { connectDatabase, ofManyRows, type Database } from '../records/database.ts';
import { marking } from '../records/keys/contact-key.ts';
import { staffBook } from '../records/staff/staff-book.ts';
import { loadKeys } from '../security/key-folder.ts';

/**
 * Imports the first people of a company on a machine with the keys and the address of the books: nobody has a
 * token yet. Throws a sentence when there is no such address, or when somebody may import through the API.
 */
export async function importFirstStaff(
  { booksUrl, keys, pace }: Pick<Env, 'booksUrl' | 'keys' | 'pace'>,
  asked: { source: string; rows: AsyncIterable<SentRow>; dryRun: boolean },
): Promise<Imported> {
  if (booksUrl === undefined)
    throw new Error(
      'The first import needs BOOKS_DATABASE_URL, the address of the records with the role of the books. ' +
        'Run it where the API runs.',
    );
  const books = connectDatabase(booksUrl, ofManyRows);
  try {
    await requireNobody(books);
    const { keyring } = loadKeys(keys);
    const book = staffBook({ mark: await marking(books, keyring), packs: houseRules.inForce(pace) });
    return await importDirectly(books, book, { name: 'staff', ...asked });
  } finally {
    await books.$disconnect();
  }
}

async function requireNobody(books: Database): Promise<void> {
  const somebody = await books.person.findFirst({
    where: { active: true, roles: { hasSome: [...rolesFor('import-staff')] } },
    orderBy: { code: 'asc' },
  });
  if (somebody)
    throw new Error(
      `${somebody.code} may import through the API, so this is no first import. ` +
        `Make a token with bin/lipei tokens issue ${somebody.code}, and import without --first.`,
    );
}
