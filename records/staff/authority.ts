import { staffRoles, type Person, type StaffCode } from '../../domain/people/people.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import type { Currency } from '../../domain/money/money.ts';
import { present } from '../../domain/present.ts';
import { instantOf, type Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';

/**
 * Those of these people who may act, with their authority of this moment, and the moment by the records'
 * clock. The limit is that of the line and currency, or of the claim's; a claim without a row has none.
 */
export async function authorityOf(
  database: Database,
  codes: StaffCode[],
  of:
    | { line: string; currency: Currency; claim?: never }
    | { claim: ClaimNumber; line?: never; currency?: never },
): Promise<{ now: Instant; people: Map<StaffCode, Person> }> {
  const rows = await database.prepared<AuthorityRow>('authority', authority, [
    codes,
    of.line,
    of.currency,
    of.claim,
  ]);
  const [first] = rows;
  if (!first) throw new Error('The records do not know the time');
  return { now: instantOf(first.now.getTime()), people: new Map(rows.flatMap(personIn)) };
}

/** One row at least, for the time. */
const authority = `
  SELECT clock_timestamp() AS now, p.code, p.roles, p.branch, p.conflicts,
    p.limits -> COALESCE($2, c.line) -> COALESCE($3, c.currency) AS "limit"
  FROM (SELECT 1) AS moment
  LEFT JOIN claim c ON c.number = $4
  LEFT JOIN person p ON p.code = ANY($1) AND p.active`;

interface AuthorityRow {
  now: Date;
  code: string | null;
  roles: string[] | null;
  branch: string | null;
  conflicts: string[] | null;
  limit: unknown;
}

function personIn({ code, roles, branch, conflicts, limit }: AuthorityRow): [StaffCode, Person][] {
  if (code === null || !roles || branch === null || !conflicts) return [];
  const limitMinor = typeof limit === 'number' ? limit : undefined;
  const known = staffRoles.filter((role) => roles.includes(role));
  return [[code, { code, roles: known, branch, conflicts, ...present({ limitMinor }) }]];
}
