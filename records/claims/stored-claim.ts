import { setTimeout as pause } from 'node:timers/promises';
import type { ClaimNumber } from '../../domain/ids.ts';
import type { Message } from '../../domain/claim/journal.ts';
import { deniedId, handledKey } from '../../domain/claim/sender.ts';
import type { Database } from '../database.ts';
import { claimOf } from './projection.ts';
import type { Claim } from '../../domain/claim/claim.ts';

/** The state after the last stored entry; undefined when the claim has no stored entry yet. */
export async function storedClaim(database: Database, number: string): Promise<Claim | undefined> {
  const row = await database.claim.findUnique({ where: { number }, select: { state: true } });
  return row ? claimOf(row.state) : undefined;
}

/**
 * Whether this claim was ever filed. The engine deletes a closed claim after its retention, the records do
 * not.
 */
export async function isOnRecord(database: Database, claim: string): Promise<boolean> {
  const [row, notice] = await Promise.all([
    database.claim.findUnique({ where: { number: claim }, select: { number: true } }),
    database.notice.findUnique({ where: { claim }, select: { claim: true } }),
  ]);
  return row !== null || notice !== null;
}

/** What the records have of a message that a run of the claim says it has recorded. */
export type Kept = 'kept' | 'not yet' | 'something else';

/**
 * Waits until the records have what a message became: the entry `seq` of it, or that it was handled before.
 * `something else`: they have another entry there, so the run that answered does not own the claim. `not yet`
 * after `withinMs` milliseconds.
 */
export async function untilKept(
  database: Database,
  claim: ClaimNumber,
  { seq, id, from }: { seq: number } & Pick<Message, 'id' | 'from'>,
  withinMs: number,
): Promise<Kept> {
  const found = await looked(withinMs, async () => {
    const [row] = await database.prepared<Found>('kept', keptOf, [
      claim,
      seq,
      [id, deniedId(id)],
      handledKey({ from, id }),
    ]);
    if (row?.isKept) return 'kept' as const;
    return row?.isPast ? ('something else' as const) : undefined;
  });
  return found ?? 'not yet';
}

interface Found {
  isKept: boolean;
  isPast: boolean;
}

const keptOf = `
  SELECT COALESCE(e.entry::jsonb->>'message' = ANY ($3), FALSE) OR COALESCE(c.state->'handled' ? $4, FALSE)
    AS "isKept",
    COALESCE(c.seq >= $2, FALSE) AS "isPast"
  FROM (SELECT 1) AS one
  LEFT JOIN journal_entry e ON e.claim = $1 AND e.seq = $2
  LEFT JOIN claim c ON c.number = $1`;

/** Waits until the records have the claim; not longer than two seconds. */
export async function untilOnRecord(database: Database, claim: ClaimNumber): Promise<void> {
  await looked(2_000, async () => {
    const [row] = await database.prepared<{ number: string }>('on-record', onRecord, [claim]);
    return row?.number;
  });
}

const onRecord = 'SELECT number FROM claim WHERE number = $1';

/** An act is usually stored within some tens of milliseconds: looked for often at first, then seldom. */
const [soonMs, laterMs, soonFor] = [8, 40, 250];

/** The first thing that is found; undefined after so many milliseconds. */
async function looked<T>(withinMs: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
  const since = Date.now();
  for (let waited = 0; waited < withinMs; waited = Date.now() - since) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(waited < soonFor ? soonMs : laterMs);
  }
  return undefined;
}
