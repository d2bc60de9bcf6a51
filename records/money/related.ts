import { z } from 'zod';
import type { ClaimNumber } from '../../domain/ids.ts';
import { ties, type Elsewhere } from '../../domain/money/related.ts';
import type { Ties } from '../../domain/money/ties.ts';
import { present } from '../../domain/present.ts';
import type { Database } from '../database.ts';

const stake = z.object({ stakeMinor: z.int(), paidMinor: z.int(), excessMinor: z.int() });

const elsewhere = z.object({
  related: z.array(
    z.object({
      claim: z.string(),
      why: z.array(z.enum(ties)),
      closedAt: z.string().optional(),
      objects: z.record(z.string(), stake),
    }),
  ),
  moreRelated: z.object({ claims: z.int(), minor: z.int() }).optional(),
  policyPaid: z.record(z.string(), z.int()),
});

/** The answer of the database function `related_claims` (records/sql). */
export function elsewhereIn(answer: unknown): Elsewhere {
  const { related, moreRelated, policyPaid } = elsewhere.parse(answer);
  return { related: related.map((each) => present(each)), policyPaid, ...present({ moreRelated }) };
}

/** What the records know of the claims that are counted together with one. */
export async function elsewhereOf(database: Database, claim: ClaimNumber, by: Ties): Promise<Elsewhere> {
  const [row] = await database.prepared<{ elsewhere: unknown }>(
    'related-claims',
    'SELECT related_claims($1, $2::jsonb) AS elsewhere',
    [claim, JSON.stringify(by)],
  );
  return elsewhereIn(row?.elsewhere);
}

/** Payments of other claims that the bank may still return: their state is asked for before they count. */
export async function openPaymentsOf(database: Database, claims: ClaimNumber[]): Promise<string[]> {
  const rows = await database.prepared<{ id: string }>('open-payments', openPayments, [claims]);
  return rows.map(({ id }) => id);
}

const openPayments = `
  SELECT id FROM payment WHERE claim = ANY ($1) AND answer IS DISTINCT FROM 'returned' ORDER BY id`;
