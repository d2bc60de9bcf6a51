import type { Attendance } from '../../domain/people/deputies.ts';
import type { StaffCode } from '../../domain/people/people.ts';
import { present } from '../../domain/present.ts';
import type { Database } from '../database.ts';
import { absencesIn } from './members.ts';

/** When somebody is there and who stands in, also of a former colleague; undefined for a code of nobody. */
export async function attendanceOf(database: Database, code: StaffCode): Promise<Attendance | undefined> {
  const row = await database.person.findUnique({
    where: { code },
    select: { absences: true, deputies: true, leavesOn: true, active: true },
  });
  if (!row) return undefined;
  const { absences, deputies, active, leavesOn } = row;
  return {
    code,
    active,
    absences: absencesIn(absences),
    deputies,
    ...present({ leavesOn: leavesOn?.toISOString().slice(0, 10) }),
  };
}
