import type { ClaimNumber } from '../../domain/ids.ts';
import type { ChainEnd, StoredRow } from '../../security/journal-chain.ts';
import type { Database } from '../database.ts';

/** A row as the database gives it. */
export type DatedRow = Omit<StoredRow, 'at'> & { at: Date };

export const rowIn = ({ at, ...row }: DatedRow): StoredRow => ({ ...row, at: at.toISOString() });

/** The end of a claim's journal, and what else the records know of the claim. */
export interface KnownClaim {
  claim: ClaimNumber;
  /** Null without a journal. `at`: the time of the last entry. */
  head: (ChainEnd & { at: string }) | null;
  /** The row of the read model. */
  shown: { seq: number; isOpen: boolean } | null;
  /** The tables that know the claim, where it has no journal. */
  knownBy: string[];
  /** Since when they do, as far as they say. */
  since: string | null;
}

interface KnownRow {
  claim: string;
  seq: number | null;
  hash: string | null;
  at: Date | null;
  shownSeq: number | null;
  isOpen: boolean | null;
  knownBy: string[] | null;
  since: Date | null;
}

/** The claims after a number that the journal, the read model or one of the ledgers knows; in order. */
export async function knownClaims(
  database: Pick<Database, 'prepared'>,
  after: ClaimNumber | '',
  limit: number,
): Promise<KnownClaim[]> {
  return (await database.prepared<KnownRow>('known-claims', pageOfClaims, [after, limit])).map(knownIn);
}

/** The same of one claim; undefined where nothing knows it. */
export async function knownClaim(
  database: Pick<Database, 'prepared'>,
  claim: ClaimNumber,
): Promise<KnownClaim | undefined> {
  const [row] = await database.prepared<KnownRow>('known-claim', oneClaim, [claim]);
  return row && knownIn(row);
}

const knownIn = ({ claim, seq, hash, at, shownSeq, isOpen, knownBy, since }: KnownRow): KnownClaim => ({
  claim,
  head: seq === null || hash === null || at === null ? null : { seq, hash, at: at.toISOString() },
  shown: shownSeq === null ? null : { seq: shownSeq, isOpen: isOpen ?? false },
  knownBy: knownBy ?? [],
  since: since?.toISOString() ?? null,
});

/** One snapshot, so that a journal and its read model are of the same moment. */
const about = (claims: string): string => `
  SELECT k.claim, j.seq, j.hash, j.at, c.seq AS "shownSeq", c.outcome IS NULL AS "isOpen",
    CASE WHEN j.seq IS NULL THEN array_remove(ARRAY[
      CASE WHEN c.number IS NOT NULL THEN 'the read model' END,
      CASE WHEN n.claim IS NOT NULL THEN 'the notice of loss' END,
      CASE WHEN p.since IS NOT NULL THEN 'payments' END,
      CASE WHEN m.since IS NOT NULL THEN 'messages' END], NULL) END AS "knownBy",
    CASE WHEN j.seq IS NULL THEN LEAST(n.at, c.opened_at, p.since, m.since) END AS since
  FROM (${claims}) AS k(claim)
  LEFT JOIN LATERAL (
    SELECT seq, hash, at FROM journal_entry WHERE claim = k.claim ORDER BY seq DESC LIMIT 1) j ON true
  LEFT JOIN claim c ON c.number = k.claim
  LEFT JOIN notice n ON n.claim = k.claim
  LEFT JOIN LATERAL (
    SELECT min(placed_at) AS since FROM payment WHERE claim = k.claim AND j.seq IS NULL) p ON true
  LEFT JOIN LATERAL (
    SELECT min(planned_at) AS since FROM notification WHERE claim = k.claim AND j.seq IS NULL) m ON true
  ORDER BY k.claim`;

const places = [
  ['journal_entry', 'claim'],
  ['claim', 'number'],
  ['notice', 'claim'],
  ['payment', 'claim'],
  ['notification', 'claim'],
] as const;

const pageOfClaims = about(`
  SELECT claim FROM (${places
    .map(
      ([table, column]) =>
        `(SELECT DISTINCT ${column} FROM ${table} WHERE ${column} > $1 ORDER BY ${column} LIMIT $2)`,
    )
    .join(' UNION ')}) AS every(claim) ORDER BY claim LIMIT $2`);

const oneClaim = about(`
  SELECT $1::text WHERE ${places
    .map(([table, column]) => `EXISTS (SELECT FROM ${table} WHERE ${column} = $1)`)
    .join(' OR ')}`);

/** Entries of several claims, each after one number up to another, at most `limit` of each; in order. */
export async function entriesAfter(
  database: Pick<Database, 'prepared'>,
  asked: readonly { claim: ClaimNumber; after: number; upTo?: number | undefined }[],
  limit: number,
): Promise<(StoredRow & { claim: ClaimNumber })[]> {
  const rows = await database.prepared<DatedRow & { claim: string }>('entries-after', laterEntries, [
    asked.map(({ claim }) => claim),
    asked.map(({ after }) => after),
    asked.map(({ upTo }) => upTo ?? 2 ** 31 - 1),
    limit,
  ]);
  return rows.map(({ claim, ...row }) => ({ claim, ...rowIn(row) }));
}

const laterEntries = `
  SELECT asked.claim, e.seq, e.at, e.by, e.kind, e.entry, e.previous_hash AS "previousHash", e.hash
  FROM unnest($1::text[], $2::int[], $3::int[]) WITH ORDINALITY AS asked(claim, after, up_to, nth)
  CROSS JOIN LATERAL (
    SELECT * FROM journal_entry j
    WHERE j.claim = asked.claim AND j.seq > asked.after AND j.seq <= asked.up_to
    ORDER BY j.seq LIMIT $4) e
  ORDER BY asked.nth, e.seq`;

/** The hashes of single entries; null for one that is not there. In the order asked. */
export async function hashesOf(
  database: Pick<Database, 'prepared'>,
  asked: readonly { claim: ClaimNumber; seq: number }[],
): Promise<(string | null)[]> {
  const rows = await database.prepared<{ hash: string | null }>('hashes-of', hashes, [
    asked.map(({ claim }) => claim),
    asked.map(({ seq }) => seq),
  ]);
  return rows.map(({ hash }) => hash);
}

const hashes = `
  SELECT j.hash FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS asked(claim, seq, nth)
  LEFT JOIN journal_entry j ON j.claim = asked.claim AND j.seq = asked.seq
  ORDER BY asked.nth`;
