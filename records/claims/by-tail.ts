import type { ClaimNumber, ClaimTail } from '../../domain/ids.ts';
import type { Database } from '../database.ts';

/** The claims whose number ends so, open or closed, by number: hardly ever more than one. */
export async function claimsByTail(database: Database, tail: ClaimTail): Promise<ClaimNumber[]> {
  const rows = await database.$queryRaw<{ number: ClaimNumber }[]>`
    SELECT number FROM claim WHERE right(number, 5) = ${tail} ORDER BY number LIMIT 20`;
  return rows.map(({ number }) => number);
}
