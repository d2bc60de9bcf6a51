import { LegalHoliday } from 'tyme4ts';
import { plusDays } from '../../domain/time/calendar.ts';
import type { LocalDate } from '../../domain/time/time.ts';
import type { DaysOff } from './list.ts';
import { isWeekend, yearOf } from './rules.ts';

/** The first of China's lists that the program knows. */
const firstYear = 2004;

/**
 * The days of a year by the list that the program brings (tyme4ts); undefined where it has none. The library
 * reads no clock and no time zone of the machine, so it gives the same days everywhere.
 */
export function programDays(jurisdiction: string, year: number): DaysOff | undefined {
  if (jurisdiction !== 'CN' || year < firstYear || !isListed(`${year}-10-01`)) return undefined;
  const days: DaysOff = { holidays: [], workedWeekends: [] };
  for (let day = `${year}-01-01`; yearOf(day) === year; day = plusDays(day, 1)) {
    const listed = legalHoliday(day);
    if (listed?.isWork() && isWeekend(day)) days.workedWeekends.push(day);
    if (listed && !listed.isWork()) days.holidays.push(day);
  }
  return days;
}

/** The last year of the program's lists; the year before any list where it has none. */
export function lastProgramYear(jurisdiction: string): number {
  if (jurisdiction !== 'CN') return 1999;
  lastOfChina ??= lastListedFrom(firstYear);
  return lastOfChina;
}

let lastOfChina: number | undefined;

const lastListedFrom = (year: number): number =>
  isListed(`${year + 1}-10-01`) ? lastListedFrom(year + 1) : year;

const isListed = (day: LocalDate): boolean => legalHoliday(day) !== null;

function legalHoliday(date: LocalDate): LegalHoliday | null {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return LegalHoliday.fromYmd(year, month, day);
}
