import { z } from 'zod';
import { plusDays } from '../domain/time/calendar.ts';

/**
 * `on` a date of the year, or the `nth` such weekday of a month (1 is Monday, 7 Sunday; nth -1 is the last).
 */
export const holidayRule = z.union([
  z.strictObject({ name: z.string(), on: z.string().regex(/^(0[1-9]|1[0-2])-([0-2]\d|3[01])$/) }),
  z.strictObject({
    name: z.string(),
    month: z.int().min(1).max(12),
    weekday: z.int().min(1).max(7),
    nth: z.union([z.int().min(1).max(4), z.literal(-1)]),
  }),
]);
export type HolidayRule = z.output<typeof holidayRule>;

/**
 * The holidays among the given days. A holiday on a Saturday is observed on the Friday before, one on a
 * Sunday on the Monday after.
 */
export function holidaysBy(rules: HolidayRule[], days: string[]): string[] {
  const [first, last] = [yearOf(days[0]), yearOf(days.at(-1))];
  // New Year's Day may be observed on the last day of the year before.
  const years = Array.from({ length: last - first + 2 }, (_, index) => first + index);
  const kept = new Set(years.flatMap((year) => rules.map((rule) => observed(dayOf(rule, year)))));
  return days.filter((day) => kept.has(day));
}

const yearOf = (day = ''): number => Number(day.slice(0, 4));

function dayOf(rule: HolidayRule, year: number): string {
  if ('on' in rule) return `${year}-${rule.on}`;
  const { month, weekday, nth } = rule;
  const start =
    nth > 0
      ? `${year}-${twoDigits(month)}-01`
      : plusDays(month === 12 ? `${year + 1}-01-01` : `${year}-${twoDigits(month + 1)}-01`, -7);
  const toFirst = (weekday - weekdayOf(start) + 7) % 7;
  return plusDays(start, toFirst + (nth > 0 ? (nth - 1) * 7 : 0));
}

function observed(day: string): string {
  const weekday = weekdayOf(day);
  if (weekday === 6) return plusDays(day, -1);
  return weekday === 7 ? plusDays(day, 1) : day;
}

/** 1 is Monday, 7 Sunday. */
const weekdayOf = (day: string): number => new Date(day).getUTCDay() || 7;

const twoDigits = (number: number): string => String(number).padStart(2, '0');
