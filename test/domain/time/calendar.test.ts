import fc from 'fast-check';
import { DateTime } from 'luxon';
import { calendarFor } from '../../../config/calendars.ts';
import {
  after,
  endOfDay,
  isOffset,
  isWorkingDay,
  localDate,
  type Calendar,
} from '../../../domain/time/calendar.ts';

const contactHours = { from: '08:00', to: '21:00' };
const china = calendarFor(
  { jurisdiction: 'CN', contactHours },
  '2026-09-01T00:00:00.000Z',
  '2026-11-23T00:00:00.000Z',
);

/**
 * A made-up place in New York's zone, with its changes of the clocks, to hold the sums against a library's.
 */
const newYork: Calendar = {
  ...china,
  zone: 'America/New_York',
  holidays: [],
  workedWeekends: [],
  offsets: [
    { from: '1970-01-01T00:00:00.000Z', minutes: -300 },
    { from: '2027-03-14T07:00:00.000Z', minutes: -240 },
    { from: '2027-11-07T06:00:00.000Z', minutes: -300 },
  ],
};

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

test('days agree with luxon over changes of the clocks, whenever one starts', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.parse('2027-01-01'), max: Date.parse('2027-12-01') }),
      fc.integer({ min: 0, max: 60 }),
      (ms, days) => {
        const start = new Date(Math.floor(ms / 60_000) * 60_000);
        const theirs = DateTime.fromJSDate(start, { zone: 'America/New_York' }).plus({ days });
        // An hour that is not there on that day is an hour earlier or later: either is right.
        fc.pre(theirs.hour === DateTime.fromJSDate(start, { zone: 'America/New_York' }).hour);
        const ours = DateTime.fromISO(after(start.toISOString(), `P${days}D`, newYork), {
          zone: 'America/New_York',
        });
        // In the hour that is there twice, either of the two is right.
        expect(ours.toFormat('yyyy-MM-dd HH:mm')).toBe(theirs.toFormat('yyyy-MM-dd HH:mm'));
      },
    ),
    { numRuns: 500 },
  );
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
