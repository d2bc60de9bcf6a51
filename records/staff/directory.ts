import { staffRoles, type StaffCode, type StaffRole } from '../../domain/people/people.ts';
import type { Attendance } from '../../domain/people/deputies.ts';
import type { Limits } from '../../domain/people/takers.ts';
import { present } from '../../domain/present.ts';
import type { Database } from '../database.ts';
import { attendanceIn, type AttendanceRow } from './attendance.ts';
import { limitsIn } from './members.ts';

/** A member of staff as colleagues see them, also a former one. */
export interface Entry extends Attendance {
  code: StaffCode;
  name: string;
  roles: StaffRole[];
  branch: string;
  active: boolean;
  languages: string[];
  locale: string;
  timeZone: string;
  limits: Limits;
  email: string;
  phone?: string;
}

/** All present and former staff, by code. */
export async function directoryOf(database: Pick<Database, 'prepared'>): Promise<Entry[]> {
  const rows = await database.prepared<Row>('directory', everybody, []);
  return rows.map((row) => {
    const { name, branch, languages, locale, timeZone, email, phone } = row;
    return {
      ...attendanceIn(row),
      active: row.active,
      name,
      branch,
      languages,
      locale,
      timeZone,
      email,
      roles: staffRoles.filter((role) => row.roles.includes(role)),
      limits: limitsIn(row.limits),
      ...present({ phone: phone ?? undefined }),
    };
  });
}

interface Row extends AttendanceRow {
  name: string;
  roles: string[];
  branch: string;
  languages: string[];
  locale: string;
  limits: unknown;
  email: string;
  phone: string | null;
}

const everybody = `
  SELECT code, name, roles, branch, languages, locale, time_zone AS "timeZone", limits, email, phone,
    deputies, absences, leaves_on::text AS "leavesOn", active
  FROM person ORDER BY code`;
