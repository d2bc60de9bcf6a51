import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../database.ts';
import { claimOf } from '../../activities/journal.ts';
import type { Claim } from '../../domain/claim/claim.ts';

/** The state as of the last entry that was stored; undefined when nothing of the claim is stored yet. */
export async function storedClaim(database: Database, number: string): Promise<Claim | undefined> {
  const row = await database.claim.findUnique({ where: { number }, select: { state: true } });
  return row ? claimOf(row.state) : undefined;
}

/** Was this claim ever taken in? The engine forgets a closed one after its retention, the records don't. */
export async function isOnRecord(database: Database, claim: string): Promise<boolean> {
  const [row, notice] = await Promise.all([
    database.claim.findUnique({ where: { number: claim }, select: { number: true } }),
    database.notice.findUnique({ where: { claim }, select: { claim: true } }),
  ]);
  return row !== null || notice !== null;
}

const stepMs = 40;

/**
 * Waits until the records hold entry `seq`, so that whoever acted sees it at their next look; gives up
 * quietly after `withinMs`.
 */
export async function untilStored(
  database: Database,
  number: string,
  seq: number,
  withinMs = 2_000,
): Promise<void> {
  for (const until = Date.now() + withinMs; Date.now() < until; await pause(stepMs)) {
    const row = await database.claim.findUnique({ where: { number }, select: { seq: true } });
    if (row && row.seq >= seq) return;
  }
}
