import type { Database } from '../database.ts';
import type { PartyOf } from './erasure.ts';

/**
 * Deletes the keys that were set aside and whose time is over, or with `dryRun` only lists them. Then nobody
 * can open the data of these people any more.
 */
export async function dropSetAsideKeys(
  database: Database,
  { dryRun }: { dryRun: boolean },
): Promise<(PartyOf & { until: string })[]> {
  const rows = await database.$queryRaw<
    (PartyOf & { until: Date })[]
  >`SELECT claim, party, until FROM drop_set_aside_keys(${dryRun})`;
  return rows.map(({ claim, party, until }) => ({ claim, party, until: until.toISOString() }));
}
