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

/** An act is usually stored within some tens of milliseconds: looked for often at first, then seldom. */
const [soonMs, laterMs, soonFor] = [8, 40, 250];

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
  const since = Date.now();
  for (let waited = 0; waited < withinMs; waited = Date.now() - since) {
    const [row] = await database.prepared<{ seq: number }>('stored-seq', storedSeq, [number]);
    if (row && row.seq >= seq) return;
    await pause(waited < soonFor ? soonMs : laterMs);
  }
}

const storedSeq = 'SELECT seq FROM claim WHERE number = $1';
