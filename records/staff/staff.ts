import { dayIn } from '../../config/today.ts';
import { hasLeft } from '../../domain/people/deputies.ts';
import { present } from '../../domain/present.ts';
import { instantOf } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';
import { staffRoles, type StaffCode, type StaffRole } from '../../domain/people/people.ts';

/** A member of staff, without authority: each decision reads today's authority. */
export interface Colleague {
  code: StaffCode;
  roles: StaffRole[];
  branch: string;
  /** False once their last day is over, too. */
  active: boolean;
}

export interface Staff {
  people: Colleague[];
  /** Ids of revoked tokens. */
  revoked: string[];
}

export async function readStaff(database: Database): Promise<Staff> {
  const [people, revoked] = await Promise.all([
    database.person.findMany({
      select: { code: true, roles: true, branch: true, active: true, leavesOn: true, timeZone: true },
    }),
    database.revokedToken.findMany({ select: { id: true } }),
  ]);
  return {
    people: people.map(({ leavesOn, timeZone, ...person }) => ({
      ...person,
      roles: person.roles.filter(isRole),
      active: !hasLeft(
        { active: person.active, ...present({ leavesOn: leavesOn?.toISOString().slice(0, 10) }) },
        dayIn(timeZone, instantOf(Date.now())),
      ),
    })),
    revoked: revoked.map(({ id }) => id),
  };
}

/** Revoking a token twice has no further effect. */
export async function revokeToken(database: Database, id: string, by: StaffCode): Promise<void> {
  await database.revokedToken.createMany({ data: [{ id, by }], skipDuplicates: true });
}

const isRole = (role: string): role is StaffRole => staffRoles.some((each) => each === role);
