import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calendarFor, newerCalendar } from '../../../config/calendars.ts';
import { coverages, coveredUntil } from '../../../config/holidays/coverage.ts';
import { daysOffIn } from '../../../config/holidays/days-off.ts';
import { keepList, listFolder } from '../../../config/holidays/folder.ts';
import { readList, type HolidayList } from '../../../config/holidays/list.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { chinaIn2026, chinaIn2027 } from '../../support/holiday-lists.ts';

const read = (list: object): ReturnType<typeof readList> => readList(JSON.stringify(list));
const without = (name: string, list = chinaIn2026): HolidayList => ({
  ...list,
  holidays: list.holidays.filter((each) => each.name !== name),
});
const withHoliday = (from: string, to = from): HolidayList => ({
  ...chinaIn2026,
  holidays: [...chinaIn2026.holidays, { name: '中秋假', from, to }],
});
const withWorked = (...days: string[]): HolidayList => ({
  ...chinaIn2026,
  worked: [...chinaIn2026.worked, ...days],
});

test('the list of 2026 as it was published is right, and says what the program’s says', () => {
  expect(read(chinaIn2026)).toEqual({ kind: 'list', list: chinaIn2026, unusual: [] });
  const folder = temporaryDirectory();
  const { origin, ...byProgram } = daysOffIn('CN', 2026, folder);
  expect(origin).toBe('list of the program');
  keepList(folder, chinaIn2026);
  expect(daysOffIn('CN', 2026, folder)).toEqual({ origin: 'list of the installation', ...byProgram });
});

test.each<[string, object, RegExp]>([
  ['a country without lists', { ...chinaIn2026, jurisdiction: 'US' }, /^jurisdiction: US publishes no lists/],
  ['an unknown country', { ...chinaIn2026, jurisdiction: 'FR' }, /^jurisdiction: FR is none of CN, US$/],
  ['another year', { ...chinaIn2026, year: 2027 }, /^2026-01-01 is no day of 2027$/m],
  ['a day of the next year', withHoliday('2026-12-31', '2027-01-01'), /^2027-01-01 is no day of 2026$/],
  ['a day of last spring', withHoliday('2025-04-07'), /^2025-04-07 is no day of 2026$/],
  ['a holiday twice', withHoliday('2026-10-05'), /^2026-10-05 is named twice$/],
  ['a worked day twice', withWorked('2026-10-10'), /^2026-10-10 is named twice$/],
  ['a day that is off and worked', withWorked('2026-10-04'), /^2026-10-04 is named twice$/],
  ['a worked day that is no weekend', withWorked('2026-11-02'), /^worked: 2026-11-02 is no weekend/],
  ['a gap: the list lacks 清明节', without('清明节'), /^holidays: 2026-04-05 is missing, .*清明节/],
  ['an end before the beginning', withHoliday('2026-11-05', '2026-11-02'), /ends on 2026-11-02, before/],
  ['a month by mistake', withHoliday('2026-11-05', '2026-12-05'), /is longer than 12 days$/],
  ['a day that is not there', withHoliday('2026-02-30'), /^holidays\.7\.from: should be a day such as/],
  ['a field too many', { ...chinaIn2026, days: [] }, /days/],
  ['nothing off', { ...chinaIn2026, holidays: [] }, /^holidays: /],
  ['no source', { ...chinaIn2026, source: '' }, /^source: /],
])('a list is wrong with %s', (_, list, says) => {
  const answer = read(list);
  expect(answer).toMatchObject({ kind: 'wrong' });
  expect(answer.kind === 'wrong' && answer.mistakes.join('\n')).toMatch(says);
});

test('what is no JSON is no list', () => expect(readList('元旦')).toMatchObject({ kind: 'wrong' }));

test('a person looks again where more days are off than the law and the worked weekends explain', () =>
  expect(read(withHoliday('2026-10-08'))).toMatchObject({
    kind: 'list',
    unusual: [expect.stringContaining('7 weekdays beyond the 13 days of the law')],
  }));

describe('a list that is added', () => {
  const folder = join(temporaryDirectory(), 'calendars');
  const stateIn = (now: string) => coverages(now, folder)[0];

  test('first the law counts, and operations know from sixty days before', () => {
    expect(coveredUntil('CN', folder)).toBe('2026-12-31');
    expect(coveredUntil('US', folder)).toBeUndefined();
    expect(stateIn('2026-10-31T12:00:00.000Z')).toEqual({
      jurisdiction: 'CN',
      until: '2026-12-31',
      state: 'covered',
    });
    expect(stateIn('2026-11-01T12:00:00.000Z')).toMatchObject({
      state: 'ends-soon',
      sentence: expect.stringMatching(/of CN ends on 2026-12-31.*Add the list of 2027 with bin\/lipei cal/),
    });
    expect(stateIn('2026-12-31T12:00:00.000Z')).toMatchObject({ state: 'ends-soon' });
    expect(stateIn('2027-01-01T12:00:00.000Z')).toMatchObject({
      state: 'ended',
      sentence: expect.stringContaining('of CN ended on 2026-12-31'),
    });
    expect(coverages('2027-01-01T12:00:00.000Z', folder)).toHaveLength(1); // the US publish none
  });

  test('counts at once, and covers its year', () => {
    expect(daysOffIn('CN', 2027, folder)).toMatchObject({ origin: 'law', workedWeekends: [] });
    keepList(folder, chinaIn2027);
    expect(daysOffIn('CN', 2027, folder)).toMatchObject({
      origin: 'list of the installation',
      workedWeekends: chinaIn2027.worked.filter((day) => day > '2027'),
    });
    expect(coveredUntil('CN', folder)).toBe('2027-12-31');
    expect(stateIn('2026-11-27T12:00:00.000Z')).toMatchObject({ state: 'covered' });
    expect(stateIn('2027-11-01T12:00:00.000Z')).toMatchObject({ state: 'ends-soon', until: '2027-12-31' });
  });

  test('a corrected list is a further version, which counts', () => {
    const [first = '', ...rest] = chinaIn2027.worked;
    keepList(folder, { ...chinaIn2027, worked: rest });
    expect(readdirSync(folder)).toEqual(['CN-2027@1.json', 'CN-2027@2.json']);
    expect(daysOffIn('CN', 2027, folder).workedWeekends).not.toContain(first);
  });

  test('a wrong file stops what needs it and is named, a strange one is reported', () => {
    writeFileSync(join(folder, 'CN-2027@3.json'), '{"jurisdiction":"CN"}');
    expect(() => daysOffIn('CN', 2027, folder)).toThrow(/CN-2027@3\.json: year: /);
    writeFileSync(join(folder, 'CN-2027@3.json'), JSON.stringify(chinaIn2026));
    expect(() => daysOffIn('CN', 2027, folder)).toThrow('it is the list of 2026 of CN');
    rmSync(join(folder, 'CN-2027@3.json'));
    writeFileSync(join(folder, 'china2028.json'), '{}');
    expect(listFolder(folder).strangers()).toEqual(['china2028.json']);
    expect(daysOffIn('CN', 2027, folder).origin).toBe('list of the installation');
  });
});

test('a list may have a day of the December before worked or off', () => {
  const folder = temporaryDirectory();
  mkdirSync(folder, { recursive: true });
  const earlier = { ...chinaIn2027, worked: ['2026-12-27', ...chinaIn2027.worked.slice(1)] };
  expect(read(earlier)).toMatchObject({ kind: 'list' });
  keepList(folder, earlier);
  expect(daysOffIn('CN', 2026, folder).workedWeekends).toContain('2026-12-27');
  expect(daysOffIn('CN', 2026, folder).origin).toBe('list of the program');
});

describe('the calendar of an open claim', () => {
  const folder = temporaryDirectory();
  const usual = process.env['LIPEI_CALENDARS'];
  beforeAll(() => void (process.env['LIPEI_CALENDARS'] = folder));
  afterAll(() => void (process.env['LIPEI_CALENDARS'] = usual ?? ''));
  const pack = { jurisdiction: 'CN', contactHours: { from: '08:00', to: '21:00' } };
  const lossAt = '2026-11-20T00:00:00.000Z';

  test('is replaced when a list was added or corrected, and with each new year', () => {
    const first = calendarFor(pack, lossAt, '2026-11-27T08:00:00.000Z');
    expect(first.coverageEnd).toBe('2026-12-31');
    const inUse = { edition: first.edition, lossAt, now: '2026-12-30T08:00:00.000Z' };
    expect(newerCalendar(pack, inUse)).toBeUndefined();
    expect(newerCalendar({ ...pack, jurisdiction: 'US' }, inUse)).toMatchObject({ workedWeekends: [] });

    keepList(folder, chinaIn2027);
    const second = newerCalendar(pack, inUse);
    expect(second).toMatchObject({
      coverageEnd: '2027-12-31',
      workedWeekends: expect.arrayContaining(['2027-01-30']),
    });
    const then = { ...inUse, edition: second?.edition ?? '' };
    expect(newerCalendar(pack, then)).toBeUndefined();

    keepList(folder, { ...chinaIn2027, worked: ['2027-02-20', '2027-05-08', '2027-09-26'] });
    expect(newerCalendar(pack, then)?.workedWeekends).not.toContain('2027-01-30');
    const newYear = newerCalendar(pack, { ...then, now: '2027-01-02T08:00:00.000Z' });
    expect(newYear?.edition).toMatch(/^2027-/);
  });

  test('holds the days from the loss to five years from now, whenever it is made', () => {
    const { holidays, offsets } = calendarFor(pack, '2019-10-01T00:00:00.000Z', '2026-11-27T08:00:00.000Z');
    expect(holidays[0]).toBe('2019-10-01');
    expect(holidays.at(-1)).toBe('2031-10-03');
    expect(offsets).toHaveLength(1);
    expect(JSON.stringify(holidays).length).toBeLessThan(5_000);
  });
});
