import type { Database } from '../database.ts';
import { staffRoles, type Person, type StaffCode, type StaffRole } from '../../domain/people/people.ts';
import { present } from '../../domain/present.ts';
import { instantOf, type Instant } from '../../domain/time/time.ts';
import type { ClaimNumber } from '../../domain/ids.ts';

/** A member of staff, without authority: each decision reads today's authority. */
export interface Colleague {
  code: StaffCode;
  roles: StaffRole[];
  branch: string;
  active: boolean;
}

export interface Staff {
  people: Colleague[];
  /** Ids of revoked tokens. */
  revoked: string[];
}

export async function readStaff(database: Database): Promise<Staff> {
  const [people, revoked] = await Promise.all([
    database.person.findMany({ select: { code: true, roles: true, branch: true, active: true } }),
    database.revokedToken.findMany({ select: { id: true } }),
  ]);
  return {
    people: people.map((person) => ({ ...person, roles: person.roles.filter(isRole) })),
    revoked: revoked.map(({ id }) => id),
  };
}

/** Revoking a token twice has no further effect. */
export async function revokeToken(database: Database, id: string, by: StaffCode): Promise<void> {
  await database.revokedToken.upsert({ where: { id }, create: { id, by }, update: {} });
}

/**
 * A member of staff with the authority of this moment, and the moment by the records' clock. The limit is
 * that of the claim's line. `person` is undefined when nobody of this code may act.
 */
export async function authorityOf(
  database: Database,
  code: StaffCode,
  claim: ClaimNumber,
): Promise<{ person: Person | undefined; now: Instant }> {
  const [row] = await database.prepared<AuthorityRow>(
    'authority',
    `SELECT clock_timestamp() AS now, p.roles, p.branch, p.conflicts, p.limits -> c.line AS "limit"
    FROM (SELECT 1) AS moment
    LEFT JOIN person p ON p.code = $1 AND p.active
    LEFT JOIN claim c ON c.number = $2`,
    [code, claim],
  );
  if (!row) throw new Error('The records do not know the time');
  const { roles, branch, conflicts, limit } = row;
  const limitMinor = typeof limit === 'number' ? limit : undefined;
  return {
    now: instantOf(row.now.getTime()),
    person:
      roles && branch !== null && conflicts
        ? { code, roles: roles.filter(isRole), branch, conflicts, ...present({ limitMinor }) }
        : undefined,
  };
}

interface AuthorityRow {
  now: Date;
  roles: string[] | null;
  branch: string | null;
  conflicts: string[] | null;
  limit: unknown;
}

const isRole = (role: string): role is StaffRole => staffRoles.some((each) => each === role);
