import { z } from 'zod';
import { staffRoles, type StaffRole } from '../../domain/people/people.ts';
import type { Limits, Member } from '../../domain/people/takers.ts';
import { present } from '../../domain/present.ts';
import type { Database } from '../database.ts';
import { absencesSchema } from './attendance.ts';

/** The active staff with their authority and absences, by code; only those with one of these roles. */
export async function membersOf(
  database: Pick<Database, 'prepared'>,
  roles: readonly StaffRole[],
): Promise<Member[]> {
  return (await database.prepared<MemberRow>('members', members, [roles])).map(memberIn);
}

/** The columns of a `MemberRow`. */
export const memberColumns = `code, roles, branch, conflicts, limits,
    absences, deputies, leaves_on::text AS "leavesOn"`;

const members = `
  SELECT ${memberColumns}
  FROM person WHERE active AND roles && $1::text[] ORDER BY code`;

export interface MemberRow {
  code: string;
  roles: string[];
  branch: string;
  conflicts: string[];
  limits: unknown;
  absences: unknown;
  deputies: string[];
  leavesOn: string | null;
}

export function memberIn(row: MemberRow): Member {
  const { code, roles, branch, conflicts, deputies, leavesOn } = row;
  return {
    code,
    roles: staffRoles.filter((role) => roles.includes(role)),
    branch,
    conflicts,
    limits: limitsIn(row.limits),
    absences: absencesSchema.parse(row.absences),
    deputies,
    ...present({ leavesOn: leavesOn ?? undefined }),
  };
}

/** Throws when the record has another shape. */
export const limitsIn = (json: unknown): Limits => limits.parse(json);
const limits = z.record(z.string(), z.record(z.string(), z.number()));
