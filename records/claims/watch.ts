import type { ClaimNumber } from '../../domain/ids.ts';
import { present } from '../../domain/present.ts';
import type { Database } from '../database.ts';

/** An open claim as the records have it. */
export interface OpenClaim {
  claim: ClaimNumber;
  /** The number of the last entry of its journal. */
  seq: number;
  /** The run that owns it. */
  owner: string | undefined;
}

/** Open claims in the order of their numbers, after this one. */
export async function openClaims(database: Database, after: ClaimNumber, most: number): Promise<OpenClaim[]> {
  const rows = await database.prepared<{ claim: string; seq: number; owner: string | null }>(
    'open-claims',
    listingOpen,
    [after, most],
  );
  return rows.map(({ claim, seq, owner }) => ({ claim, seq, owner: owner ?? undefined }));
}

const listingOpen = `
  SELECT c.number AS claim, c.seq, o.run AS owner
  FROM claim c LEFT JOIN claim_owner o ON o.claim = c.number
  WHERE c.outcome IS NULL AND c.number > $1 ORDER BY c.number LIMIT $2`;

/** Those of these claims that the records know. */
export async function knownAmong(
  database: Database,
  claims: readonly ClaimNumber[],
): Promise<Map<ClaimNumber, { isClosed: boolean; seq: number }>> {
  const rows = await database.prepared<{ claim: string; isClosed: boolean; seq: number }>(
    'known-among',
    'SELECT number AS claim, outcome IS NOT NULL AS "isClosed", seq FROM claim WHERE number = ANY ($1)',
    [claims],
  );
  return new Map(rows.map(({ claim, ...known }) => [claim, known]));
}

/**
 * Why a claim is not well. `not-running`: it is open, and nothing runs it. `no-owner`: its run does not own
 * it. `ahead`: its run knows entries that the records lack. `unknown`: it runs, and the records do not know
 * it. `journal`: its journal is broken or lacks entries that nobody has. `fault`: taking it up failed.
 */
export const unwellKinds = ['not-running', 'no-owner', 'ahead', 'unknown', 'journal', 'fault'] as const;
export type UnwellKind = (typeof unwellKinds)[number];

export interface Unwell {
  claim: ClaimNumber;
  kind: UnwellKind;
  /** More about it, such as the number of an entry. */
  detail?: string;
}

export interface UnwellSince extends Unwell {
  since: Date;
}

/**
 * Keeps what a look has found, in the place of what the last one found; what was not well before keeps its
 * `since`. Why a claim could not be taken up stays until it runs.
 */
export async function keepUnwell(database: Database, found: readonly Unwell[]): Promise<void> {
  await database.prepared('keep-unwell', keeping, [JSON.stringify(found)]);
}

const keeping = `
  WITH found AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS each (claim TEXT, kind TEXT, detail TEXT)),
  well AS (
    DELETE FROM unwell_claim u WHERE NOT EXISTS (SELECT FROM found f WHERE f.claim = u.claim))
  INSERT INTO unwell_claim AS u (claim, kind, detail) SELECT claim, kind, detail FROM found ORDER BY claim
  ON CONFLICT (claim) DO UPDATE SET kind = EXCLUDED.kind, detail = EXCLUDED.detail
    WHERE NOT (EXCLUDED.kind = 'not-running' AND u.kind IN ('journal', 'fault'))`;

/** What a look found meanwhile about one claim. */
export async function keepUnwellOne(database: Database, { claim, kind, detail }: Unwell): Promise<void> {
  await database.unwellClaim.upsert({
    where: { claim },
    create: { claim, kind, detail: detail ?? null },
    update: { kind, detail: detail ?? null },
  });
}

/** More would tell nobody more. */
const mostShown = 2_000;

/** The claims that the last look did not find well, the oldest first. */
export async function unwellClaims(database: Database): Promise<UnwellSince[]> {
  const rows = await database.unwellClaim.findMany({
    orderBy: [{ since: 'asc' }, { claim: 'asc' }],
    take: mostShown,
  });
  return rows.map(({ claim, kind, detail, since }) => ({
    claim,
    kind: unwellKinds.find((each) => each === kind) ?? 'fault',
    since,
    ...present({ detail: detail ?? undefined }),
  }));
}
