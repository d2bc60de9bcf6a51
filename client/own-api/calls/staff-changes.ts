import type { Asking } from '../asking.ts';
import { attendanceSchema } from '../schemas/staff-changes.ts';
import { at } from './addresses.ts';

/** Absences, deputies and leaving; with `dryRun` nothing is changed. */
export const staffChangeCalls = ({ one }: Asking) => {
  const post = (code: string, what: string) => (body: object) =>
    one({ method: 'POST', path: at('staff', code, what), body, answer: attendanceSchema });
  return {
    setAbsent: (code: string, body: AbsenceBody) => post(code, 'absences')(body),
    setBack: (code: string, body: { on?: string; dryRun?: boolean }) => post(code, 'back')(body),
    setLeaving: (code: string, body: { on: string | null; deputy?: string; dryRun?: boolean }) =>
      post(code, 'leaving')(body),
    setDeputies: (code: string, body: { deputies: string[]; dryRun?: boolean }) =>
      post(code, 'deputies')(body),
  };
};

interface AbsenceBody {
  from: string;
  until?: string;
  deputy?: string;
  dryRun?: boolean;
}
