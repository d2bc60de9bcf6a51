import type { Database } from '../database.ts';
import type { StoredEntry } from '../../client/own-api/schemas/journal.ts';

/**
 * A claim's journal as it is stored, the oldest entry first. The hash of each entry covers the one before.
 */
export async function journalOf(database: Database, claim: string): Promise<StoredEntry[]> {
  const rows = await database.journalEntry.findMany({
    where: { claim },
    orderBy: { seq: 'asc' },
    select: { entry: true, hash: true },
  });
  return rows.map(({ entry, hash }) => ({ ...JSON.parse(entry), hash }));
}

const pageSize = 500;

/** The numbers of all claims with a journal, or only `only` if it has a journal. */
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
