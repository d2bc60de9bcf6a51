import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { calendarFor } from '../../../config/calendars.ts';
import { environmentWith, projectRoot } from '../../../config/env.ts';
import { daysOffIn } from '../../../config/holidays/days-off.ts';
import { lawfulDays } from '../../../config/holidays/rules.ts';
import { placeOf } from '../../../config/places.ts';
import { after, isWorkingDay, plusDays } from '../../../domain/time/calendar.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const nothingAdded = temporaryDirectory();
const china = calendarFor(
  { jurisdiction: 'CN', contactHours: { from: '08:00', to: '21:00' } },
  '2026-09-01T00:00:00.000Z',
  '2026-11-24T00:00:00.000Z',
);

/**
 * The lunar days and 清明 as the Purple Mountain Observatory and the Hong Kong Observatory publish them. In
 * 2033 a month that follows a wrong leap rule would put 中秋节 on 7 October; in 2031 it is on 1 October, in 2028
 * on the third.
 */
test.each([
  [2026, '02-17', '04-05', '06-19', '09-25'],
  [2027, '02-06', '04-05', '06-09', '09-15'],
  [2028, '01-26', '04-04', '05-28', '10-03'],
  [2029, '02-13', '04-04', '06-16', '09-22'],
  [2030, '02-03', '04-05', '06-05', '09-12'],
  [2031, '01-23', '04-05', '06-24', '10-01'],
  [2032, '02-11', '04-04', '06-12', '09-19'],
  [2033, '01-31', '04-04', '06-01', '09-08'],
  [2034, '02-19', '04-05', '06-20', '09-27'],
  [2035, '02-08', '04-05', '06-10', '09-16'],
])('the days off by law in %i', (year, newYear, qingming, dragonBoat, midAutumn) => {
  const eve = plusDays(`${year}-${newYear}`, -1);
  const expected = [
    `${year}-01-01`,
    ...[0, 1, 2, 3].map((days) => plusDays(eve, days)),
    `${year}-${qingming}`,
    `${year}-05-01`,
    `${year}-05-02`,
    `${year}-${dragonBoat}`,
    `${year}-${midAutumn}`,
    `${year}-10-01`,
    `${year}-10-02`,
    `${year}-10-03`,
  ];
  const days = [...lawfulDays(placeOf('CN').holidays, year).keys()];
  expect(days.toSorted()).toEqual([...new Set(expected)].toSorted());
  if (year > 2026)
    expect(daysOffIn('CN', year, nothingAdded)).toEqual({
      origin: 'law',
      holidays: days.toSorted(),
      workedWeekends: [],
    });
});

test.each([
  ['1 January 2027 is off', '2027-01-01', false],
  ['31 December 2026 is worked', '2026-12-31', true],
  ['4 January 2027 is worked', '2027-01-04', true],
  ['the eve of Spring Festival', '2027-02-05', false],
  ['初二, a Sunday', '2027-02-07', false],
  ['初三', '2027-02-08', false],
  ['the day after it', '2027-02-09', true],
  ['清明节', '2027-04-05', false],
  ['端午节', '2027-06-09', false],
  ['中秋节', '2027-09-15', false],
  ['1 October 2027', '2027-10-01', false],
  ['5 October 2027, which only a list could give', '2027-10-05', true],
  ['a weekend that only a list could have worked', '2027-02-20', false],
  ['1 January 2031', '2031-01-01', false],
  ['the last worked Saturday of the list', '2026-10-10', true],
  ['3 January 2026, a Saturday of the list', '2026-01-03', false],
])('%s', (_, day, worked) => expect(isWorkingDay(day, china)).toBe(worked));

test.each([
  ['1wd over New Year', '2026-12-31T02:00:00.000Z', '1wd', '2027-01-04T02:00:00.000Z'],
  ['3wd over Spring Festival', '2027-02-04T02:00:00.000Z', '3wd', '2027-02-11T02:00:00.000Z'],
  ['13wd from before Christmas', '2026-12-20T02:00:00.000Z', '13wd', '2027-01-07T02:00:00.000Z'],
])('a due date: %s', (_, start, offset, due) => expect(after(start, offset, china)).toBe(due));

test('the lists of the program are those that were published', () => {
  expect(daysOffIn('CN', 2026, nothingAdded)).toMatchObject({
    workedWeekends: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  });
  expect(daysOffIn('CN', 2026, nothingAdded).holidays).toHaveLength(33);
  // New Year of 2006 was worked for on the last day of 2005.
  expect(daysOffIn('CN', 2005, nothingAdded).workedWeekends).toContain('2005-12-31');
});

test.each(['Asia/Shanghai', 'America/New_York', 'Pacific/Apia', 'Australia/Lord_Howe'])(
  'the days do not depend on the time zone of the machine: %s',
  (zone) => {
    const source =
      `const { daysOffIn } = await import(${JSON.stringify(join(projectRoot, 'config/holidays/days-off.ts'))});` +
      'console.log(JSON.stringify([2019, 2026, 2027, 2033].map((year) => daysOffIn("CN", year))));';
    const out = execFileSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', source],
      { env: environmentWith({ TZ: zone, LIPEI_CALENDARS: nothingAdded }), encoding: 'utf8' },
    );
    expect(JSON.parse(out)).toEqual(
      [2019, 2026, 2027, 2033].map((year) => daysOffIn('CN', year, nothingAdded)),
    );
  },
);
