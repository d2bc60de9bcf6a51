import { setTimeout as pause } from 'node:timers/promises';
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

const stepMs = 40;

/**
 * Waits until the records have entry `seq`, so that a person sees the result of their act at once. Returns
 * without it after `withinMs` milliseconds.
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
