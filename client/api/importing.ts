import type { BookName } from '../../config/books/fields.ts';
import { houseRules } from '../../config/rules/load.ts';
import type { Book } from '../../records/books/book.ts';
import { runImports, type BookOf, type ImportRunner } from '../../records/books/run.ts';
import { marking } from '../../records/keys/contact-key.ts';
import { staffBook } from '../../records/staff/staff-book.ts';
import { openPolicyBook } from '../../records/policies/policy-book.ts';
import type { ApiContext } from './context.ts';

/** The books that this API keeps, and what takes imports into them in the background. */
export function importing(context: ApiContext): { bookOf: BookOf; runner: ImportRunner | undefined } {
  const bookOf = (name: BookName): Promise<Book> => bookNamed(context, name);
  const { books, log } = context;
  const runner =
    books &&
    runImports({
      books,
      bookOf,
      failed: ({ import: id, book, fault }) =>
        log.error({ import: id, book, fault: placeOf(fault) }, 'an import could not be taken'),
    });
  return { bookOf, runner };
}

/** Without the message, which may contain what people sent. */
const placeOf = (fault: unknown): string =>
  fault instanceof Error ? (fault.stack ?? '').replace(fault.message, '').slice(0, 2_000) : typeof fault;

async function bookNamed({ database, keyring, pace }: ApiContext, name: BookName): Promise<Book> {
  if (name === 'policies') return openPolicyBook(database, keyring, houseRules.inForce(pace));
  return staffBook({ mark: await marking(database, keyring), packs: houseRules.inForce(pace) });
}
