import type { ClaimNumber } from '../../domain/ids.ts';
import type { Database } from '../database.ts';

/** The database function `store_claim` raises it for a run that does not own the claim. */
export const notTheOwner = 'LP001';

/** How the records know a claim: the run that owns it, and the number of the last entry of its journal. */
export interface Standing {
  owner: string | undefined;
  /** 0: there is no journal. */
  seq: number;
}

/** The run that owns the claim, and how far its journal goes. */
export async function standingOf(database: Database, claim: ClaimNumber): Promise<Standing> {
  const [row] = await database.prepared<{ run: string | null; seq: number }>('claim-standing', standing, [
    claim,
  ]);
  return { owner: row?.run ?? undefined, seq: row?.seq ?? 0 };
}

const standing = `
  SELECT (SELECT run FROM claim_owner WHERE claim = $1) AS run,
    COALESCE((SELECT max(seq) FROM journal_entry WHERE claim = $1), 0) AS seq`;

/**
 * Makes a run the owner of a claim: in the place of the run `after`, or in anybody's. False where another run
 * owns it. Under the claim's lock, so that what the run before is storing is stored, or is not.
 */
export async function takeOwnership(
  database: Database,
  { claim, run, after }: { claim: ClaimNumber; run: string; after: string | 'anybody' },
): Promise<boolean> {
  const rows = await database.prepared<{ run: string }>('take-ownership', taking, [
    claim,
    run,
    after === 'anybody' ? null : after,
  ]);
  return rows.length > 0;
}

const taking = `
  WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended($1, 0)))
  INSERT INTO claim_owner AS o (claim, run) SELECT $1::text, $2::text FROM locked
  ON CONFLICT (claim) DO UPDATE SET run = EXCLUDED.run, since = now()
    WHERE $3::text IS NULL OR o.run IN ($3, $2)
  RETURNING o.run`;
