import type { Coverage } from '../../../config/holidays/coverage.ts';
import type { DaysOff } from '../../../config/holidays/list.ts';
import { table } from '../table.ts';

/** A jurisdiction with the origin of its days off. */
export interface ListedCalendar {
  jurisdiction: string;
  law: string;
  /** Absent where no lists are published. */
  coverage?: Coverage;
  /** The last year of the lists that the program brings. */
  programUntil?: number;
  added: { year: number; version: number; source: string; file: string }[];
}

export function calendarsPage(folder: string, calendars: ListedCalendar[]): string {
  const rows = calendars.flatMap(({ jurisdiction, law, coverage, programUntil, added }) => [
    ...(programUntil === undefined ? [] : [[jurisdiction, `until ${programUntil}`, 'list of the program']]),
    ...added.map(({ year, source, file }) => [jurisdiction, String(year), `${source} (${file})`]),
    [jurisdiction, coverage ? `after ${coverage.until}` : 'always', `the law: ${law}`],
  ]);
  return [
    table(['jurisdiction', 'days', 'what says which days are off'], rows),
    `Added lists are in ${folder}.`,
    ...calendars.flatMap(({ coverage }) =>
      coverage === undefined || coverage.state === 'covered' ? [] : [coverage.sentence],
    ),
  ].join('\n');
}

/** A day that a list makes other than it was. */
export interface ChangedDay {
  day: string;
  was: string;
  becomes: string;
}

/** The days that differ, each as `off`, `worked` (a weekend) or `ordinary`. */
export function changedDays(before: DaysOff, after: DaysOff): ChangedDay[] {
  const days = new Set([before, after].flatMap((each) => [...each.holidays, ...each.workedWeekends]));
  return [...days].toSorted().flatMap((day) => {
    const [was, becomes] = [kindOf(day, before), kindOf(day, after)];
    return was === becomes ? [] : [{ day, was, becomes }];
  });
}

export const changesPage = (changes: ChangedDay[]): string =>
  changes.length === 0
    ? 'No day changes.'
    : table(
        ['day', 'was', 'becomes'],
        changes.map(({ day, was, becomes }) => [day, was, becomes]),
      );

/** The days of a year in their order. The title says where they come from. */
export const daysPage = (title: string, { holidays, workedWeekends }: DaysOff): string =>
  table(
    ['day', title],
    [
      ...holidays.map((day) => [day, `off, ${weekdayOf(day)}`]),
      ...workedWeekends.map((day) => [day, `worked, ${weekdayOf(day)}`]),
    ].toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1)),
  );

function kindOf(day: string, { holidays, workedWeekends }: DaysOff): string {
  if (holidays.includes(day)) return 'off';
  return workedWeekends.includes(day) ? 'worked' : 'ordinary';
}

const weekdayOf = (day: string): string =>
  new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(new Date(day));
