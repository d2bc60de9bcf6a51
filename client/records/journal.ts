import type { Database } from '../../activities/database.ts';

/** A claim's journal as it is stored, oldest first; each entry with its hash, which covers the one before. */
export async function journalOf(database: Database, claim: string): Promise<Record<string, unknown>[]> {
  const rows = await database.journalEntry.findMany({ where: { claim }, orderBy: { seq: 'asc' }, select: { entry: true, hash: true } });
  return rows.map(({ entry, hash }) => ({ ...JSON.parse(entry), hash }));
}
