import { DateTime } from 'luxon';
import { hashOf } from '../domain/hash.ts';
import type { Calendar } from '../domain/time/calendar.ts';
import type { RulePack } from '../domain/rules/pack.ts';
import { plusDays } from '../domain/time/calendar.ts';
import type { Instant, LocalDate } from '../domain/time/time.ts';
import { coveredUntil } from './holidays/coverage.ts';
import { daysOffIn } from './holidays/days-off.ts';
import { listFolder } from './holidays/folder.ts';
import { yearOf } from './holidays/rules.ts';
import { calendarsFolder } from './env.ts';
import { placeOf } from './places.ts';

/** The days ahead in a calendar: five years, longer than a run of a claim lasts, and small in its history. */
const aheadDays = 1_830;

type RulesOfPlace = Pick<RulePack, 'jurisdiction' | 'contactHours'>;

/**
 * The calendar of a jurisdiction for one claim, as a value for the history: from the date of loss to five
 * years after now. Throws a RulePackUnreadable for a list of the installation that is wrong.
 */
export function calendarFor(
  { jurisdiction, contactHours: { from, to } }: RulesOfPlace,
  lossAt: Instant,
  now: Instant,
): Calendar {
  const first = (lossAt < now ? lossAt : now).slice(0, 10);
  const last = plusDays(now.slice(0, 10), aheadDays);
  const years = yearsBetween(first, last);
  const { zone } = placeOf(jurisdiction);
  const within = (day: LocalDate): boolean => day >= first && day <= last;
  const daysOff = years.map((year) => daysOffIn(jurisdiction, year));
  return {
    zone,
    offsets: offsetsOf(zone, years),
    holidays: daysOff.flatMap(({ holidays }) => holidays.filter(within)),
    workedWeekends: daysOff.flatMap(({ workedWeekends }) => workedWeekends.filter(within)),
    coverageEnd: coveredUntil(jurisdiction) ?? last,
    edition: editionOf(jurisdiction, now),
    contactHours: { from: minutes(from), to: minutes(to) },
  };
}

/**
 * A calendar in place of one of another edition: a list was added or corrected, or another year has begun.
 * Undefined while the edition is the same.
 */
export const newerCalendar = (
  pack: RulesOfPlace,
  { edition, lossAt, now }: CalendarInUse,
): Calendar | undefined =>
  editionOf(pack.jurisdiction, now) === edition ? undefined : calendarFor(pack, lossAt, now);

/** What a claim says of its calendar, so that it gets a newer one. */
export interface CalendarInUse {
  edition: string;
  lossAt: Instant;
  now: Instant;
}

/** The year, and a hash of the days off and clock changes from it on. */
function editionOf(jurisdiction: string, now: Instant): string {
  const key = JSON.stringify([jurisdiction, now.slice(0, 10), listFolder(calendarsFolder()).state]);
  const found = editions.get(key) ?? editionMade(jurisdiction, now);
  if (editions.size >= mostEditions) editions.clear();
  editions.set(key, found);
  return found;
}

/** Each moment of a claim asks for it. */
const editions = new Map<string, string>();
const mostEditions = 100;

function editionMade(jurisdiction: string, now: Instant): string {
  const years = yearsBetween(now, plusDays(`${now.slice(0, 4)}-01-01`, aheadDays));
  const { zone } = placeOf(jurisdiction);
  const known = [years.map((year) => daysOffIn(jurisdiction, year)), offsetsOf(zone, years)];
  return `${years[0]}-${hashOf(known).slice(0, 8)}`;
}

const yearsBetween = (first: LocalDate, last: LocalDate): number[] =>
  Array.from({ length: yearOf(last) - yearOf(first) + 1 }, (_, index) => yearOf(first) + index);

/** The default language and time zone of a party in this jurisdiction. */
export function usualIn(code: string): { locale: string; timeZone: string } {
  const { language, zone } = placeOf(code);
  return { locale: language, timeZone: zone };
}

/** Each clock change to the minute, so that plain arithmetic is right on both sides of it. */
export function offsetsOf(zone: string, years: number[]): Calendar['offsets'] {
  const first = DateTime.fromISO(`${years[0]}-01-01T00:00:00.000Z`, { zone }).offset;
  return [
    { from: '1970-01-01T00:00:00.000Z', minutes: first },
    ...years.flatMap((year) => changesIn(zone, year)),
  ];
}

/** Kept for each year, because luxon computes the offset of each day slowly. */
function changesIn(zone: string, year: number): Calendar['offsets'] {
  const key = `${zone} ${year}`;
  const found = changes.get(key) ?? changesMade(zone, year);
  changes.set(key, found);
  return found;
}

const changes = new Map<string, Calendar['offsets']>();

function changesMade(zone: string, year: number): Calendar['offsets'] {
  const offsetAt = (ms: number): number => DateTime.fromMillis(ms, { zone }).offset;
  const starts = Array.from({ length: 367 }, (_, index) => Date.parse(plusDays(`${year}-01-01`, index)));
  const inYear = starts.filter((ms) => ms <= Date.parse(`${year + 1}-01-01`));
  return inYear
    .slice(1)
    .flatMap((end, index) =>
      offsetAt(inYear[index] ?? end) === offsetAt(end)
        ? []
        : [changeWithin(inYear[index] ?? end, end, offsetAt)],
    );
}

/** The first whole minute with the later offset; `start` and `end` are whole minutes. */
function changeWithin(
  start: number,
  end: number,
  offsetAt: (ms: number) => number,
): Calendar['offsets'][number] {
  const minute = 60_000;
  let [before, changed] = [start / minute, end / minute];
  while (changed - before > 1) {
    const middle = Math.floor((before + changed) / 2);
    if (offsetAt(middle * minute) === offsetAt(start)) before = middle;
    else changed = middle;
  }
  return { from: new Date(changed * minute).toISOString(), minutes: offsetAt(changed * minute) };
}

const minutes = (time: string): number => {
  const [hours = 0, rest = 0] = time.split(':').map(Number);
  return hours * 60 + rest;
};
