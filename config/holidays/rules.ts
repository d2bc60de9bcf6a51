import { LunarDay, SolarTerm, type SolarDay } from 'tyme4ts';
import { z } from 'zod';
import { plusDays } from '../../domain/time/calendar.ts';
import type { LocalDate } from '../../domain/time/time.ts';

const monthAndDay = z.string().regex(/^(0[1-9]|1[0-2])-([0-2]\d|3[01])$/);
const lasting = {
  name: z.string(),
  /** The first day, counted from the day that the rule names: -1 is its eve. */
  shift: z.int().min(-7).max(7).optional(),
  days: z.int().min(1).max(7).optional(),
};

/**
 * Holidays by law: `on` a date of the year; on a `lunar` date of the Chinese calendar, never of a leap month;
 * on the day of a solar `term`; or on the `nth` such weekday of a month (1 is Monday, 7 Sunday; nth -1 is the
 * last).
 */
export const holidayRule = z.union([
  z.strictObject({ ...lasting, on: monthAndDay }),
  z.strictObject({ ...lasting, lunar: monthAndDay }),
  z.strictObject({ ...lasting, term: z.literal('清明') }),
  z.strictObject({
    ...lasting,
    month: z.int().min(1).max(12),
    weekday: z.int().min(1).max(7),
    nth: z.union([z.int().min(1).max(4), z.literal(-1)]),
  }),
]);
export type HolidayRule = z.output<typeof holidayRule>;

export interface HolidayLaw {
  rules: HolidayRule[];
  onWeekends: 'stay' | 'nearest-weekday';
}

/** The days off of a year by law, with the name of each. */
export function lawfulDays({ rules, onWeekends }: HolidayLaw, year: number): Map<LocalDate, string> {
  // New Year's Day may be observed on the last day of the year before.
  const days = [year, year + 1].flatMap((each) => rules.flatMap((rule) => daysOf(rule, each)));
  const kept = days.map(({ day, name }): [LocalDate, string] => [
    onWeekends === 'stay' ? day : nearestWeekday(day),
    name,
  ]);
  return new Map(kept.filter(([day]) => yearOf(day) === year));
}

/** How many days off the law gives in a year, also where two holidays share a day (中秋节 on 1 October 2031). */
export const lawfulCount = ({ rules }: HolidayLaw): number =>
  rules.reduce((sum, { days = 1 }) => sum + days, 0);

/** The days of a rule, wherever they lie; a fixed number in each year. */
function daysOf(rule: HolidayRule, year: number): { day: LocalDate; name: string }[] {
  const first = plusDays(namedDay(rule, year), rule.shift ?? 0);
  return Array.from({ length: rule.days ?? 1 }, (_, index) => ({
    day: plusDays(first, index),
    name: rule.name,
  }));
}

function namedDay(rule: HolidayRule, year: number): LocalDate {
  if ('on' in rule) return `${year}-${rule.on}`;
  if ('term' in rule) return dateOf(SolarTerm.fromName(year, rule.term).getSolarDay());
  if ('lunar' in rule) {
    const [month = 0, day = 0] = rule.lunar.split('-').map(Number);
    return dateOf(LunarDay.fromYmd(year, month, day).getSolarDay());
  }
  const { month, weekday, nth } = rule;
  const start =
    nth > 0
      ? `${year}-${twoDigits(month)}-01`
      : plusDays(month === 12 ? `${year + 1}-01-01` : `${year}-${twoDigits(month + 1)}-01`, -7);
  const toFirst = (weekday - weekdayOf(start) + 7) % 7;
  return plusDays(start, toFirst + (nth > 0 ? (nth - 1) * 7 : 0));
}

function nearestWeekday(day: LocalDate): LocalDate {
  const weekday = weekdayOf(day);
  if (weekday === 6) return plusDays(day, -1);
  return weekday === 7 ? plusDays(day, 1) : day;
}

export const isWeekend = (day: LocalDate): boolean => weekdayOf(day) > 5;

export const yearOf = (day: LocalDate): number => Number(day.slice(0, 4));

const dateOf = (day: SolarDay): LocalDate =>
  `${day.getYear()}-${twoDigits(day.getMonth())}-${twoDigits(day.getDay())}`;

/** 1 is Monday, 7 Sunday. */
const weekdayOf = (day: LocalDate): number => new Date(day).getUTCDay() || 7;

const twoDigits = (number: number): string => String(number).padStart(2, '0');
