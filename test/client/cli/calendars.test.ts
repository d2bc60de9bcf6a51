import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changedDays } from '../../../client/cli/pages/calendars-page.ts';
import { chinaIn2026, chinaIn2027 } from '../../support/holiday-lists.ts';
import { lipei, valueOf } from '../../support/lipei.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const folder = join(temporaryDirectory(), 'calendars');
const types = (...words: string[]) => lipei(['calendars', ...words], { env: { LIPEI_CALENDARS: folder } });
const files = temporaryDirectory();
function fileOf(list: object): string {
  const file = join(files, `${readdirSync(files).length}.json`);
  writeFileSync(file, JSON.stringify(list));
  return file;
}

test('the list says until when a list is published, and what counts then', async () => {
  expect((await types('list')).out).toMatch(
    /^CN +after 2026-12-31 +the law: 全国年节及纪念日放假办法.*\nUS +always +the law: 5 U\.S\.C\. 6103/m,
  );
  expect(valueOf(await types('list', '--json'))).toMatchObject({
    folder,
    calendars: [
      { jurisdiction: 'CN', programUntil: 2026, coverage: { until: '2026-12-31' }, added: [] },
      { jurisdiction: 'US', added: [] },
    ],
  });
});

test('1 January 2027 is off by law', async () =>
  expect((await types('show', 'CN', '2027')).out).toMatch(/^day +by the law\n2027-01-01 +off, Friday$/m));

test('a wrong file is denied with each of its mistakes, and nothing is added', async () => {
  const wrong = { ...chinaIn2027, worked: [...chinaIn2027.worked, '2027-02-22', '2027-10-01'] };
  for (const word of ['check', 'add'])
    expect(await types(word, fileOf(wrong))).toMatchObject({
      exitCode: 2,
      out: '',
      err: expect.stringMatching(
        /is no right list:\n- 2027-10-01 is named twice\n- worked: 2027-02-22 is no weekend/,
      ),
    });
  expect((await types('add', join(files, 'missing.json'))).err).toContain('missing.json cannot be read');
});

test('a year that leaves a gap is denied', async () => {
  const later = JSON.parse(JSON.stringify(chinaIn2026).replaceAll('2026-', '2028-'));
  const of2028 = {
    ...later,
    year: 2028,
    holidays: [
      ...later.holidays.filter(({ name }: { name: string }) => name === '元旦' || name === '劳动节'),
      { name: '春节', from: '2028-01-25', to: '2028-01-31' },
      { name: '清明节', from: '2028-04-04', to: '2028-04-04' },
      { name: '端午节', from: '2028-05-28', to: '2028-05-28' },
      { name: '国庆节', from: '2028-10-01', to: '2028-10-07' },
    ],
    worked: [],
  };
  expect(await types('add', fileOf(of2028))).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('The list of 2027 of CN is missing: add it first.'),
  });
});

test('a dry run says which days change, adding does it, and again it is there already', async () => {
  const file = fileOf(chinaIn2027);
  const dry = await types('add', file, '--dry-run');
  expect(dry).toMatchObject({ exitCode: 0, out: expect.stringContaining('nothing was done') });
  expect(dry.out).toMatch(/^2027-01-30 +ordinary +worked$/m);
  expect(dry.out).toMatch(/^2027-10-04 +ordinary +off$/m);
  expect(dry.out).not.toMatch(/2027-01-01/);
  expect((await types('list')).out).toContain('after 2026-12-31');

  expect(valueOf(await types('add', file, '--json'))).toMatchObject({
    kind: 'added',
    file: join(folder, 'CN-2027@1.json'),
    unusual: [],
  });
  expect(valueOf(await types('add', file, '--json'))).toMatchObject({ kind: 'already-added' });
  expect(readdirSync(folder)).toEqual(['CN-2027@1.json']);
  expect((await types('list')).out).toMatch(/^CN +2027 +made up for tests \(CN-2027@1\.json\)$/m);
  expect((await types('show', 'CN', '2027')).out).toContain('by the list of the installation');
  expect(await types('check')).toMatchObject({ exitCode: 0, out: expect.stringContaining('1 added list') });

  writeFileSync(join(folder, '2028.json'), '{}');
  expect(await types('check')).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('2028.json counts for nothing'),
  });
});

test('a day that was worked and becomes off, and the other way', () =>
  expect(
    changedDays(
      { holidays: ['2027-01-01'], workedWeekends: ['2027-01-02'] },
      { holidays: ['2027-01-02'], workedWeekends: [] },
    ),
  ).toEqual([
    { day: '2027-01-01', was: 'off', becomes: 'ordinary' },
    { day: '2027-01-02', was: 'worked', becomes: 'off' },
  ]));
