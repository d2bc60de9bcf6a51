import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import chineseDays from 'chinese-days';
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Calendar } from '../domain/time/calendar.ts';
import type { RulePack } from '../domain/rules/pack.ts';
import { plusDays } from '../domain/time/calendar.ts';
import type { Instant } from '../domain/time/time.ts';
import { holidayRule, holidaysBy } from './holidays.ts';

const { getDayDetail, isHoliday } = chineseDays;

/** Facts of a place that are independent of the rules: time zone, language, holidays. */
const place = z.strictObject({
  zone: z.string(),
  language: z.string(),
  holidays: z.union([z.literal('chinese-days'), z.array(holidayRule)]),
});

/** The days ahead in a calendar: more than any ladder needs, and few enough for a history. */
const aheadDays = 500;

/** The last day of the library's data; later days are only weekdays and weekends. */
const chineseDaysEnd = '2026-12-31';

type Place = Pick<RulePack, 'jurisdiction' | 'contactHours'>;

/**
 * The calendar of a jurisdiction for one claim, as a value for the history: from the date of loss to 500 days
 * after now. Each new run gets a new calendar, so it has the holidays and clock changes of a new version.
 */
export function calendarFor(pack: Place, lossAt: Instant, now: Instant): Calendar {
  const first = (lossAt < now ? lossAt : now).slice(0, 10);
  const length = daysBetween(first, now) + aheadDays;
  const key = JSON.stringify([pack.jurisdiction, pack.contactHours, first, length]);
  const calendar = made.get(key) ?? calendarOf(pack, first, length);
  if (made.size >= mostMade) made.clear();
  made.set(key, calendar);
  return calendar;
}

/**
 * Claims of one day and place share a calendar, because making one is slow: luxon computes the offset of each
 * day.
 */
const made = new Map<string, Calendar>();
const mostMade = 200;

function calendarOf(pack: Place, first: string, length: number): Calendar {
  const { zone, holidays } = jurisdictionOf(pack.jurisdiction);
  const days = Array.from({ length }, (_, index) => plusDays(first, index));
  const { from, to } = pack.contactHours;
  return {
    zone,
    offsets: offsetsOf(zone, days),
    ...(holidays === 'chinese-days'
      ? chineseHolidays(days)
      : {
          holidays: holidaysBy(holidays, days),
          workedWeekends: [],
          coverageEnd: plusDays(first, aheadDays),
        }),
    contactHours: { from: minutes(from), to: minutes(to) },
  };
}

const jurisdictionOf = (code: string): z.infer<typeof place> =>
  place.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'places', `${code}.json`), 'utf8')));

/** The default language and time zone of a party in this jurisdiction. */
export function usualIn(code: string): { locale: string; timeZone: string } {
  const { language, zone } = jurisdictionOf(code);
  return { locale: language, timeZone: zone };
}

function chineseHolidays(days: string[]): Pick<Calendar, 'holidays' | 'workedWeekends' | 'coverageEnd'> {
  const known = days.filter((day) => day <= chineseDaysEnd);
  return {
    holidays: known.filter((day) => isHoliday(day) && !isPlainWeekend(day)),
    workedWeekends: known.filter((day) => isWeekend(day) && getDayDetail(day).work),
    coverageEnd: chineseDaysEnd,
  };
}

/** Each clock change to the minute, so that plain arithmetic is right on both sides of it. */
function offsetsOf(zone: string, days: string[]): Calendar['offsets'] {
  const offsetAt = (ms: number): number => DateTime.fromMillis(ms, { zone }).offset;
  const starts = days.map((day) => Date.parse(day));
  const first = { from: '1970-01-01T00:00:00.000Z', minutes: offsetAt(starts[0] ?? 0) };
  const changes = starts
    .slice(1)
    .flatMap((end, index) =>
      offsetAt(starts[index] ?? end) === offsetAt(end)
        ? []
        : [changeWithin(starts[index] ?? end, end, offsetAt)],
    );
  return [first, ...changes];
}

function changeWithin(
  start: number,
  end: number,
  offsetAt: (ms: number) => number,
): Calendar['offsets'][number] {
  let [before, after] = [start, end];
  while (after - before > 60_000) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle) === offsetAt(start)) before = middle;
    else after = middle;
  }
  const at = Math.ceil(after / 60_000) * 60_000;
  return { from: new Date(at).toISOString(), minutes: offsetAt(at) };
}

const isWeekend = (day: string): boolean => [0, 6].includes(new Date(day).getUTCDay());

/** An ordinary weekend, which the arithmetic knows without a list. */
const isPlainWeekend = (day: string): boolean =>
  isWeekend(day) &&
  getDayDetail(day).name.length <= 9 &&
  ['Saturday', 'Sunday'].includes(getDayDetail(day).name);

const daysBetween = (first: string, now: Instant): number =>
  Math.max(0, Math.ceil((Date.parse(now) - Date.parse(first)) / 86_400_000));

const minutes = (time: string): number => {
  const [hours = 0, rest = 0] = time.split(':').map(Number);
  return hours * 60 + rest;
};
