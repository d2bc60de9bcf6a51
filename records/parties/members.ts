import { z } from 'zod';
import { staffRoles, type StaffRole } from '../../domain/people/people.ts';
import type { Absence, Member } from '../../domain/people/takers.ts';
import { present } from '../../domain/present.ts';
import type { Database } from '../database.ts';

/** The active staff with their authority and absences, by code; only those with one of these roles. */
export async function membersOf(
  database: Pick<Database, 'prepared'>,
  roles: readonly StaffRole[],
): Promise<Member[]> {
  return (await database.prepared<MemberRow>('members', members, [roles])).map(memberIn);
}

/** The columns of a `MemberRow`. */
export const memberColumns = `code, roles, branch, conflicts, limits,
    absent_from::text AS "absentFrom", absent_until::text AS "absentUntil"`;

const members = `
  SELECT ${memberColumns}
  FROM person WHERE active AND roles && $1::text[] ORDER BY code`;

export interface MemberRow {
  code: string;
  roles: string[];
  branch: string;
  conflicts: string[];
  limits: unknown;
  absentFrom: string | null;
  absentUntil: string | null;
}

export function memberIn(row: MemberRow): Member {
  const { code, roles, branch, conflicts, absentFrom, absentUntil } = row;
  return {
    code,
    roles: staffRoles.filter((role) => roles.includes(role)),
    branch,
    conflicts,
    limits: limitsByLine.parse(row.limits),
    ...present({ absence: absenceOf(absentFrom, absentUntil) }),
  };
}

const limitsByLine = z.record(z.string(), z.number());

const absenceOf = (from: string | null, until: string | null): Absence | undefined =>
  from === null ? undefined : { from, ...present({ until: until ?? undefined }) };
