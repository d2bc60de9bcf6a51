import fc from 'fast-check';
import { DateTime } from 'luxon';
import { calendarFor } from '../../../config/calendars.ts';
import {
  after,
  endOfDay,
  isWorkingDay,
  localDate,
  localMinute,
  plusDays,
  type Calendar,
} from '../../../domain/time/calendar.ts';

const contactHours = { from: '08:00', to: '21:00' };
const of = (jurisdiction: string): Calendar =>
  calendarFor({ jurisdiction, contactHours }, '2026-09-01T00:00:00.000Z', '2026-11-24T00:00:00.000Z');
const places = ['CN', 'US'].map((jurisdiction): [string, Calendar] => [jurisdiction, of(jurisdiction)]);

const wholeMinutes = fc
  .integer({ min: Date.parse('2026-11-24') / 60_000, max: Date.parse('2027-11-01') / 60_000 })
  .map((minutes) => new Date(minutes * 60_000).toISOString());
const fewDays = fc.integer({ min: 1, max: 30 });

describe.each(places)('in %s', (_, calendar) => {
  const there = (instant: string): DateTime => DateTime.fromISO(instant, { zone: calendar.zone });

  test('the day and the minute on the wall are those of the place, also where clocks change', () => {
    fc.assert(
      fc.property(wholeMinutes, (instant) => {
        expect(localDate(instant, calendar)).toBe(there(instant).toFormat('yyyy-MM-dd'));
        expect(localMinute(instant, calendar)).toBe(there(instant).toFormat('yyyy-MM-dd HH:mm'));
      }),
    );
  });

  test('a day ends where the next begins, after 23, 24 or 25 hours', () => {
    fc.assert(
      fc.property(wholeMinutes, (instant) => {
        const date = localDate(instant, calendar);
        const end = endOfDay(date, calendar);
        expect(end).toBe(there(instant).plus({ days: 1 }).startOf('day').toUTC().toISO());
        expect(end > instant).toBe(true);
        expect(localDate(end, calendar)).toBe(plusDays(date, 1));
      }),
    );
  });

  test('so many working days later is a working day, with so many of them passed', () => {
    fc.assert(
      fc.property(wholeMinutes, fewDays, (start, count) => {
        const end = after(start, `${count}wd`, calendar);
        const last = localDate(end, calendar);
        expect(isWorkingDay(last, calendar)).toBe(true);
        let passed = 0;
        for (let day = localDate(start, calendar); day !== last;) {
          day = plusDays(day, 1);
          passed += isWorkingDay(day, calendar) ? 1 : 0;
        }
        expect(passed).toBe(count);
      }),
    );
  });

  test('later offsets end later, and one after another as far as both together', () => {
    fc.assert(
      fc.property(wholeMinutes, fewDays, fewDays, (start, one, other) => {
        const both = after(start, `${one + other}wd`, calendar);
        expect(after(start, `${one}wd`, calendar) < both).toBe(true);
        expect(after(after(start, `${one}wd`, calendar), `${other}wd`, calendar).slice(0, 10)).toBe(
          both.slice(0, 10),
        );
      }),
    );
  });

  test('seconds and milliseconds are kept over days', () => {
    expect(after('2026-11-24T15:00:12.345Z', 'P2D', calendar)).toBe('2026-11-26T15:00:12.345Z');
  });
});

test.each([
  ['a Saturday that is worked (调休)', 'CN', '2026-10-10', true],
  ['a Sunday that is not', 'CN', '2026-10-11', false],
  ['the first of October', 'CN', '2026-10-01', false],
  ['Thanksgiving', 'US', '2026-11-26', false],
  ['the day after it', 'US', '2026-11-27', true],
  ['a Saturday', 'US', '2026-11-28', false],
])('%s in %s, %s: is worked, or not', (_, place, date, worked) =>
  expect(isWorkingDay(date, of(place))).toBe(worked),
);

test.each(['3 days', 'P', '-P1D', '', 'P1Y', '1.5wd'])(
  '"%s" is no offset, and no date follows from it',
  (offset) =>
    expect(() => after('2026-11-24T15:00:00.000Z', offset, of('CN'))).toThrow('neither an ISO 8601 duration'),
);
