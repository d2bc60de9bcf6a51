import type { Attendance } from '../../own-api/schemas/staff-changes.ts';
import type { Named } from '../staff-names.ts';

type Absence = Attendance['absences'][number];

/** What a change of attendance did, or would do, and who has the work then. */
export function attendancePage(answer: Attendance, named: Named): string {
  const { code, dryRun, absences, deputies, leavesOn, joined, away, warnings } = answer;
  const is = absences.length > 0 ? absences.map(days).join('; ') : 'none';
  return named(
    [
      dryRun ? `Nothing was changed. ${code} would have:` : `${code} has now:`,
      `  absences   ${is}`,
      `  deputies   ${deputies.join(', ') || 'none: the branch shares the work'}`,
      ...(leavesOn === undefined ? [] : [`  last day   ${leavesOn}`]),
      ...joined.map((each) => `The absence ${days(each)} is on the same days: they are one now.`),
      `Open claims that name ${code}: ${answer.claims}; tasks that wait: ${answer.tasks}.`,
      ...(away === undefined ? [] : [whoHasIt(away)]),
      ...warnings,
    ].join('\n'),
  );
}

const days = ({ from, until, deputy }: Absence): string =>
  `from ${from} to ${until ?? 'an unknown day'}${deputy === undefined ? '' : ` (deputy ${deputy})`}`;

const whoHasIt = ({ from, deputy }: NonNullable<Attendance['away']>): string =>
  deputy === undefined
    ? `From ${from} on the branch shares the work: no deputy is there.`
    : `From ${from} on ${deputy} has the work, with its dates as they are.`;
