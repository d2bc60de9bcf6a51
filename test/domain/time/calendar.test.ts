import fc from 'fast-check';
import { DateTime } from 'luxon';
import { calendarFor, offsetsOf } from '../../../config/calendars.ts';
import {
  after,
  endOfDay,
  isOffset,
  isWorkingDay,
  localDate,
  plusDays,
  type Calendar,
} from '../../../domain/time/calendar.ts';

const contactHours = { from: '08:00', to: '21:00' };
const china = calendarFor(
  { jurisdiction: 'CN', contactHours },
  '2026-09-01T00:00:00.000Z',
  '2026-11-23T00:00:00.000Z',
);

const placeIn = (zone: string): Calendar => ({
  ...china,
  zone,
  holidays: [],
  workedWeekends: [],
  offsets: offsetsOf(zone, [2026, 2027, 2028]),
});
const newYork = placeIn('America/New_York');

test.each([
  ['three days keep the hour', '2026-11-23T02:00:00.000Z', 'P3D', '2026-11-26T02:00:00.000Z'],
  ['working days leave out the weekend', '2026-11-20T02:00:00.000Z', '1wd', '2026-11-23T02:00:00.000Z'],
  [
    'working days leave out the National Day week and count a worked Saturday',
    '2026-09-30T02:00:00.000Z',
    '3wd',
    '2026-10-10T02:00:00.000Z',
  ],
  ['hours, minutes and seconds add up', '2026-11-23T02:00:00.000Z', 'PT1H30M5S', '2026-11-23T03:30:05.000Z'],
  ['a week is seven days', '2026-11-23T02:00:00.000Z', 'P1W', '2026-11-30T02:00:00.000Z'],
])('%s', (_, start, offset, expected) => expect(after(start, offset, china)).toBe(expected));

test('the Saturday of 10 October 2026 is worked, Thursday 1 October is not', () => {
  expect([
    isWorkingDay('2026-10-10', china),
    isWorkingDay('2026-10-01', china),
    isWorkingDay('2026-10-11', china),
  ]).toEqual([true, false, false]);
});

test('a day is not 24 hours where the clocks change', () => {
  expect(after('2027-03-13T15:00:00.000Z', 'P1D', newYork)).toBe('2027-03-14T14:00:00.000Z');
});

/** Clocks change at night, at midnight (Havana, Beirut), by half an hour (Lord Howe), or not at all. */
const zones = [
  'America/New_York',
  'Europe/London',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'America/Havana',
  'Asia/Beirut',
  'Asia/Shanghai',
];

describe.each(zones)('days in %s', (zone) => {
  const place = placeIn(zone);
  const wall = (instant: string): string =>
    DateTime.fromISO(instant, { zone }).toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS");

  test('end at the same time of the day, or after the gap that skips it, whenever one starts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.parse('2027-01-01'), max: Date.parse('2027-12-01') }),
        fc.integer({ min: 1, max: 60 }),
        (ms, days) => {
          const start = new Date(ms).toISOString();
          const end = after(start, `P${days}D`, place);
          const wanted = `${plusDays(wall(start).slice(0, 10), days)}${wall(start).slice(10)}`;
          const exists = wall(DateTime.fromISO(wanted, { zone }).toUTC().toISO() ?? '') === wanted;
          if (exists) expect(wall(end)).toBe(wanted);
          else expect(wall(end) > wanted).toBe(true);
          expect(end > start).toBe(true);
          // Of a time that is there twice it is the first.
          const hourBefore = DateTime.fromISO(end, { zone }).minus({ hours: 1 }).toISO() ?? '';
          expect(wall(hourBefore)).not.toBe(wanted);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('end where the next begins, also where midnight is skipped or comes twice', () => {
    for (let day = '2027-01-01'; day < '2028-01-01'; day = plusDays(day, 1)) {
      const end = endOfDay(day, place);
      const before = new Date(Date.parse(end) - 1).toISOString();
      expect([wall(before).slice(0, 10), wall(end).slice(0, 10)]).toEqual([day, plusDays(day, 1)]);
    }
  });

  test('clocks change at the minute that the zone says', () => {
    for (const { from, minutes } of place.offsets.slice(1)) {
      expect(DateTime.fromISO(from, { zone }).offset).toBe(minutes);
      expect(DateTime.fromISO(from, { zone }).minus({ milliseconds: 1 }).offset).not.toBe(minutes);
    }
  });
});

test.each([
  [
    '02:30 in the gap of New York is 03:30',
    'America/New_York',
    '2027-03-13T07:30:00.000Z',
    '2027-03-14T07:30:00.000Z',
  ],
  [
    '02:00, its first minute, is 03:00',
    'America/New_York',
    '2027-03-13T07:00:00.000Z',
    '2027-03-14T07:00:00.000Z',
  ],
  ['01:59 before it stays', 'America/New_York', '2027-03-13T06:59:00.000Z', '2027-03-14T06:59:00.000Z'],
  ['03:00 after it stays', 'America/New_York', '2027-03-13T08:00:00.000Z', '2027-03-14T07:00:00.000Z'],
  [
    '01:30 that New York has twice is the first',
    'America/New_York',
    '2027-11-06T05:30:00.000Z',
    '2027-11-07T05:30:00.000Z',
  ],
  [
    '01:30 in the gap of London is 02:30',
    'Europe/London',
    '2027-03-27T01:30:00.000Z',
    '2027-03-28T01:30:00.000Z',
  ],
  [
    '02:10 in the half hour of Lord Howe is 02:40',
    'Australia/Lord_Howe',
    '2027-10-01T15:40:00.000Z',
    '2027-10-02T15:40:00.000Z',
  ],
])('%s', (_, zone, start, end) => expect(after(start, 'P1D', placeIn(zone))).toBe(end));

test('working days obey the same rule: a worked Sunday with a gap', () => {
  const workedSunday = { ...newYork, workedWeekends: ['2027-03-14'] };
  expect(after('2027-03-12T07:30:00.000Z', '1wd', workedSunday)).toBe('2027-03-14T07:30:00.000Z');
});

test('a local day ends when the next one begins there', () => {
  expect(endOfDay('2026-11-27', china)).toBe('2026-11-27T16:00:00.000Z');
  expect(localDate('2026-11-27T16:00:00.000Z', china)).toBe('2026-11-28');
});

test.each([
  ['P3D', true],
  ['10wd', true],
  ['PT8S', true],
  ['P', false],
  ['PT', false],
  ['3 days', false],
  ['-P3D', false],
])('%s is an offset: %s', (offset, is) => expect(isOffset(offset)).toBe(is));

const unitedStates = calendarFor(
  { jurisdiction: 'US', contactHours },
  '2026-11-01T00:00:00.000Z',
  '2026-11-24T00:00:00.000Z',
);

test('federal holidays of the United States by their rules; one on a weekend is kept on the nearest working day', () => {
  expect(unitedStates.holidays.filter((day) => day < '2028-01-02')).toEqual([
    '2026-11-11',
    '2026-11-26',
    '2026-12-25',
    '2027-01-01',
    '2027-01-18',
    '2027-02-15',
    '2027-05-31',
    '2027-06-18',
    '2027-07-05',
    '2027-09-06',
    '2027-10-11',
    '2027-11-11',
    '2027-11-25',
    '2027-12-24',
    '2027-12-31',
  ]);
  expect(after('2026-11-25T15:00:00.000Z', '1wd', unitedStates)).toBe('2026-11-27T15:00:00.000Z');
});

test('half past four in the morning is half past four also on the day when the clocks have just changed', () =>
  expect(after('2027-03-13T09:30:00.000Z', 'P1D', newYork)).toBe('2027-03-14T08:30:00.000Z'));
