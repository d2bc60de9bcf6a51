import type { Company } from '../../domain/people/circles.ts';
import { staffRoles, type StaffRole } from '../../domain/people/people.ts';
import type { Member } from '../../domain/people/takers.ts';
import type { Instant, LocalDate } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';
import { membersOf } from './members.ts';
import { unitsOf } from './units.ts';

/** The active staff, or those with one of these roles, and the units, on this day. */
export async function companyOn(
  database: Pick<Database, 'prepared'>,
  today: LocalDate,
  roles: readonly StaffRole[] = staffRoles,
): Promise<Company<Member>> {
  const [staff, units] = await Promise.all([membersOf(database, roles), unitsOf(database)]);
  return { staff, units, today };
}

/** The day of work that is of no jurisdiction, such as follow-ups: that of UTC. */
export const dayOf = (now: Instant): LocalDate => now.slice(0, 10);
