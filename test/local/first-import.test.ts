import { join } from 'node:path';
import { importFirstStaff } from '../../local/first-import.ts';
import { connectDatabase } from '../../records/database.ts';
import { ensureLocalKeyring } from '../../security/key-folder.ts';
import { asBooks, ownDatabase } from '../support/runtime.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = join(temporaryDirectory(), 'keys');
ensureLocalKeyring(directory);

const imported = (booksUrl: string | undefined, rows: object[], dryRun = false) =>
  importFirstStaff(
    { booksUrl, keys: { directory, keyring: undefined }, pace: 'ordinary' },
    { source: 'first', rows: sent(rows), dryRun },
  );

async function* sent(rows: object[]) {
  yield* rows.map((value, index) => ({ line: index + 1, value }));
}

const head = { unit: 'head', name: 'Head office', kind: 'head-office' };
const person = (code: string, roles: string[]) => ({
  code,
  name: code,
  email: 'a@example.com',
  roles,
  unit: 'head',
});

test('the first people are imported without the API, until somebody may import through it', async () => {
  const url = asBooks(await ownDatabase());
  const books = connectDatabase(url);
  const rows = [person('C-1', ['handler']), head, person('X-1', ['boss'])];
  expect(await imported(url, rows, true)).toMatchObject({ counts: { added: 2, rejected: 1 } });
  expect(await books.person.count()).toBe(0);
  expect(await imported(url, rows)).toMatchObject({
    counts: { rows: 3, added: 2, rejected: 1 },
    rejects: [{ line: 3, mistakes: [{ field: 'roles[0]' }] }],
  });
  // A handler may import nothing, so this is still the first one.
  expect(await imported(url, [...rows, person('O-1', ['operations'])])).toMatchObject({
    counts: { added: 1, same: 2 },
  });
  await expect(imported(url, rows)).rejects.toThrow('O-1 may import through the API');
  await expect(imported(undefined, rows)).rejects.toThrow('needs BOOKS_DATABASE_URL');
  await books.$disconnect();
});
