import { z } from 'zod';
import { instantOf } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';
import type { HistoryFault, ShownChange } from '../staff/authority-history.ts';

/** Policies that were compared with their history. */
export interface ComparedPolicies {
  /** The last number that was compared; null when there are no more behind it. */
  last: string | null;
  versions: number;
  faults: HistoryFault[];
}

/**
 * Compares the next policies after a number with their history. A version that was changed, added or deleted
 * by somebody who set the triggers aside `differs`; where lines of the history are gone, it has a `gap`.
 */
export async function comparePolicies(
  database: Pick<Database, 'prepared'>,
  after: string,
): Promise<ComparedPolicies> {
  const [row] = await database.prepared<{ last: string | null; versions: number; faults: unknown }>(
    'compare-policies',
    compared,
    [after, atOnce],
  );
  return row
    ? { last: row.last, versions: row.versions, faults: faults.parse(row.faults) }
    : { last: null, versions: 0, faults: [] };
}

/** A few seconds of work. */
const atOnce = 10_000;

const faults = z.array(
  z.object({ kind: z.literal('policy'), of: z.string(), what: z.enum(['gap', 'differs']) }),
);

const compared = `
  WITH upto AS (
    SELECT max(number) AS number FROM (
      (SELECT number FROM policy WHERE number > $1 ORDER BY number LIMIT $2)
      UNION (SELECT number FROM policy_change WHERE number > $1 ORDER BY number LIMIT $2)
      ORDER BY number LIMIT $2) AS next
  ), present AS (
    SELECT p.number, p.version, policy_hash(p) AS hash, p.replaced_at IS NOT NULL AS is_replaced
    FROM policy p, upto WHERE p.number > $1 AND p.number <= upto.number
  ), last AS (
    SELECT DISTINCT ON (c.number, c.version) c.number, c.version, c.what, c.hash,
      bool_or(c.what = 'added') OVER (PARTITION BY c.number, c.version) AS is_whole
    FROM policy_change c, upto WHERE c.number > $1 AND c.number <= upto.number
    ORDER BY c.number, c.version, c.what DESC
  ), both_sides AS (
    SELECT number, version, last.what, last.is_whole,
      COALESCE(last.what = 'retired', FALSE) = (present.number IS NULL)
        AND (present.number IS NULL OR present.hash IS NOT DISTINCT FROM last.hash) AS is_same
    FROM present FULL JOIN last USING (number, version)
  )
  SELECT (SELECT number FROM upto) AS last, count(*)::int AS versions,
    COALESCE(jsonb_agg(jsonb_build_object(
      'kind', 'policy', 'of', number || '/' || version,
      'what', CASE WHEN is_same THEN 'gap' ELSE 'differs' END) ORDER BY number, version)
      FILTER (WHERE NOT is_same OR NOT COALESCE(is_whole, FALSE)), '[]') AS faults
  FROM both_sides`;

/** What became of the versions of a policy, the oldest first; without what is sealed. */
export async function changesOfPolicy(
  database: Pick<Database, 'prepared'>,
  number: string,
): Promise<ShownChange[]> {
  const rows = await database.prepared<{ at: Date; role: string; before: unknown; after: unknown }>(
    'policy-changes',
    changes,
    [number],
  );
  return rows.map(({ at, role, before, after }) => ({
    at: instantOf(at.getTime()),
    role,
    before: shown.parse(before),
    after: shown.parse(after),
  }));
}

const shown = z.record(z.string(), z.unknown()).nullable();

const changes = `
  SELECT c.at, c.role,
    CASE WHEN c.what <> 'added' THEN own END AS before,
    CASE c.what
      WHEN 'added' THEN own || COALESCE(to_jsonb(p) - hidden, '{}')
      WHEN 'replaced' THEN own || jsonb_build_object('replaced_by', p.replaced_by) END AS after
  FROM policy_change c
    LEFT JOIN policy p ON p.number = c.number AND p.version = c.version,
    jsonb_build_object('version', c.version, 'endorsement', p.endorsement) AS own,
    CAST('{number,sealed,key,content,recorded_at,replaced_at,replaced_by}' AS TEXT[]) AS hidden
  WHERE c.number = $1 ORDER BY c.at, c.version, c.what`;
