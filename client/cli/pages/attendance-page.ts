import type { Attendance } from '../../own-api/schemas/staff-changes.ts';
import type { Named } from '../staff-names.ts';

type Absence = Attendance['absences'][number];

/** What a change of attendance did, or would do, and who has the work then. */
export function attendancePage(answer: Attendance, named: Named): string {
  const { code, dryRun, absences, deputies, leavesOn, joined, takesOver, warnings } = answer;
  const is = absences.length > 0 ? absences.map(days).join('; ') : 'none';
  return named(
    [
      dryRun ? `Nothing was changed. ${code} would have:` : `${code} has now:`,
      `  absences   ${is}`,
      `  deputies   ${deputies.join(', ') || 'none: the branch shares the work'}`,
      ...(leavesOn === undefined ? [] : [`  last day   ${leavesOn}`]),
      ...joined.map((each) => `The absence ${days(each)} is on the same days: they are one now.`),
      `${code} is named in ${answer.claims} open claims, and ${answer.tasks} tasks wait for ${code}.`,
      ...(absences.length > 0 || leavesOn !== undefined ? [whoHasIt(takesOver)] : []),
      ...warnings,
    ].join('\n'),
  );
}

const days = ({ from, until, deputy }: Absence): string =>
  `from ${from} to ${until ?? 'an unknown day'}${deputy === undefined ? '' : ` (deputy ${deputy})`}`;

const whoHasIt = (takesOver: string | undefined): string =>
  takesOver === undefined
    ? 'No deputy is there on the first day: the branch shares the work.'
    : `On the first day ${takesOver} has the work, with its dates as they are.`;
