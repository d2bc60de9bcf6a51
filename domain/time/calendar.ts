import { instantOf, isBefore, msOf, plusMinutes, type Instant, type LocalDate } from './time.ts';

/**
 * The calendar of a place, as a value. An activity makes it from the libraries' tables. It is recorded in the
 * history, so that the sums below give the same answer on every replay (ADR 2).
 */
export interface Calendar {
  /** IANA name, for people; the sums use `offsets`. */
  zone: string;
  /** Minutes east of UTC, each valid from its instant on; ascending, the first from before any claim. */
  offsets: { from: Instant; minutes: number }[];
  /** Statutory holidays on weekdays and on weekends. */
  holidays: LocalDate[];
  /** Weekend days that are worked (调休). */
  workedWeekends: LocalDate[];
  /**
   * The last day that a published list covers: later days off are those of the law alone, and no weekend is
   * worked. It tells people what the due dates were computed with.
   */
  coverageEnd: LocalDate;
  /** Names what was known of days off and clock changes when it was made; it changes whenever that does. */
  edition: string;
  /**
   * Minutes of the reader's own day between which messages may reach parties; from inclusive, to exclusive.
   */
  contactHours: { from: number; to: number };
}

/** A distance in time: an ISO 8601 duration (`P3D`, `PT8S`) or working days (`10wd`). */
export type Offset = string;

const dayMinutes = 24 * 60;
const durationPattern = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const workingDaysPattern = /^(\d+)wd$/;

export const isOffset = (value: string): boolean =>
  workingDaysPattern.test(value) || (durationPattern.test(value) && /\d/.test(value));

/**
 * The instant `offset` after `start`. Days are days of the local calendar: the hour stays the same over a
 * change of clocks (`atLocal` has the rule for an hour that the change skips or repeats). The first day is
 * not counted (Civil Code art. 201). Throws RangeError for an offset that `isOffset` rejects.
 */
export function after(start: Instant, offset: Offset, calendar: Calendar): Instant {
  const workingDays = workingDaysPattern.exec(offset);
  if (workingDays)
    return sameTimeOn(
      start,
      nthWorkingDay(localDate(start, calendar), Number(workingDays[1]), calendar),
      calendar,
    );
  const parts = durationPattern.exec(offset);
  if (!parts || !isOffset(offset))
    throw new RangeError(
      `"${offset}" is neither an ISO 8601 duration such as P3D nor working days such as 10wd`,
    );
  const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  const wholeDays = (weeks ?? 0) * 7 + (days ?? 0);
  const dated =
    wholeDays === 0 ? start : sameTimeOn(start, plusDays(localDate(start, calendar), wholeDays), calendar);
  return instantOf(msOf(dated) + (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000);
}

/** The first instant after a local day. */
export const endOfDay = (date: LocalDate, calendar: Calendar): Instant =>
  atLocal(plusDays(date, 1), 0, calendar);

export const localDate = (instant: Instant, calendar: Calendar): LocalDate =>
  local(instant, calendar).slice(0, 10);

/** `2026-11-23 16:00`, for pages and lists. */
export const localMinute = (instant: Instant, calendar: Calendar): string =>
  local(instant, calendar).slice(0, 16).replace('T', ' ');

export function isWorkingDay(date: LocalDate, calendar: Calendar): boolean {
  if (calendar.holidays.includes(date)) return false;
  const weekday = new Date(date).getUTCDay();
  return (weekday !== 0 && weekday !== 6) || calendar.workedWeekends.includes(date);
}

export const plusDays = (date: LocalDate, days: number): LocalDate =>
  instantOf(msOf(date) + days * dayMinutes * 60_000).slice(0, 10);

function nthWorkingDay(date: LocalDate, count: number, calendar: Calendar): LocalDate {
  let day = date;
  for (let left = count; left > 0;) {
    day = plusDays(day, 1);
    if (isWorkingDay(day, calendar)) left -= 1;
  }
  return day;
}

const sameTimeOn = (start: Instant, date: LocalDate, calendar: Calendar): Instant => {
  const secondsAndMore = msOf(start) % 60_000;
  return instantOf(msOf(atLocal(date, minutesOfDay(start, calendar), calendar)) + secondsAndMore);
};

const minutesOfDay = (instant: Instant, calendar: Calendar): number => {
  const [hours, minutes] = local(instant, calendar).slice(11, 16).split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
};

/** The local time as if it were UTC, so that ISO arithmetic does the rest. */
const local = (instant: Instant, calendar: Calendar): string =>
  plusMinutes(instant, offsetAt(instant, calendar));

/**
 * The instant at which the clocks of the place show this time of the day. Where they show it twice, it is the
 * first. Where they skip it, it is as long after the change as the time would have been without it: 02:30 in
 * a gap from 02:00 to 03:00 is 03:30 (as in RFC 5545, 3.3.5). So it is never earlier on the clock than asked.
 */
function atLocal(date: LocalDate, minutes: number, { offsets }: Calendar): Instant {
  const wall = plusMinutes(`${date}T00:00:00.000Z`, minutes);
  const possible = offsets.map((offset, index) => {
    const instant = plusMinutes(wall, -offset.minutes);
    const next = offsets[index + 1];
    return { instant, from: offset.from, ended: next !== undefined && !isBefore(instant, next.from) };
  });
  const found = possible.findIndex(({ ended }) => !ended);
  const [before, at] = [possible[found - 1], possible[found]];
  const isSkipped = before !== undefined && at !== undefined && isBefore(at.instant, at.from);
  return (isSkipped ? before : at)?.instant ?? wall;
}

const offsetAt = (instant: Instant, calendar: Calendar): number =>
  calendar.offsets.findLast((offset) => msOf(offset.from) <= msOf(instant))?.minutes ??
  calendar.offsets[0]?.minutes ??
  0;
