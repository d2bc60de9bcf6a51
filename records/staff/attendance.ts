import { z } from 'zod';
import type { Attendance } from '../../domain/people/deputies.ts';
import { present } from '../../domain/present.ts';

/** The absences of a person as the records have them. */
export const absencesSchema = z.array(
  z.object({ from: z.string(), until: z.string().exactOptional(), deputy: z.string().exactOptional() }),
);

export interface AttendanceRow {
  code: string;
  deputies: string[];
  absences: unknown;
  active: boolean;
  leavesOn: string | null;
  timeZone: string;
}

export const attendanceIn = ({ code, deputies, absences, active, leavesOn }: AttendanceRow): Attendance => ({
  code,
  deputies,
  active,
  absences: absencesSchema.parse(absences),
  ...present({ leavesOn: leavesOn ?? undefined }),
});
