import type { Database } from '../database.ts';
import type { StoredEntry } from '../../client/own-api/schemas/journal.ts';

/** A claim's journal as it is stored, oldest first; each entry with its hash, which covers the one before. */
export async function journalOf(database: Database, claim: string): Promise<StoredEntry[]> {
  const rows = await database.journalEntry.findMany({
    where: { claim },
    orderBy: { seq: 'asc' },
    select: { entry: true, hash: true },
  });
  return rows.map(({ entry, hash }) => ({ ...JSON.parse(entry), hash }));
}

const pageSize = 500;

/** The number of every claim that has a journal, a page at a time; or of the one, if it has. */
export async function* claimsWithJournals(database: Database, only?: string): AsyncGenerator<string> {
  for (let after = ''; ;) {
    const page = await database.journalEntry.findMany({
      where: { seq: 1, claim: only ?? { gt: after } },
      orderBy: { claim: 'asc' },
      take: pageSize,
      select: { claim: true },
    });
    yield* page.map(({ claim }) => claim);
    if (only !== undefined || page.length < pageSize) return;
    after = page.at(-1)?.claim ?? after;
  }
}
