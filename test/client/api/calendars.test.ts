import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calendarProblems } from '../../../config/holidays/coverage.ts';
import { keepList } from '../../../config/holidays/folder.ts';
import { instantOf } from '../../../domain/time/time.ts';
import { chinaIn2027 } from '../../support/holiday-lists.ts';
import { lipei } from '../../support/lipei.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { openOffice, request, type Office } from './office.ts';

const folder = join(temporaryDirectory(), 'calendars');
const usual = process.env['LIPEI_CALENDARS'];
let office: Office;
beforeAll(async () => {
  process.env['LIPEI_CALENDARS'] = folder;
  mkdirSync(folder, { recursive: true });
  office = await openOffice();
});
afterAll(async () => {
  await office.close();
  process.env['LIPEI_CALENDARS'] = usual ?? '';
});

const health = async () => {
  const { body } = await office.ask('O-951', 'GET', '/health');
  return body.parts.find(({ name }: { name: string }) => name === 'calendars');
};
const asked = async () => (await office.ask('O-951', 'GET', '/problems/calendars')).body;

test('a list that ends soon, or has ended, is a problem for operations and no fault', async () => {
  const now = instantOf(Date.now());
  expect(await asked()).toEqual(calendarProblems(now, folder));
  const env = { LIPEI_TOKEN: await office.token('O-951') };
  const { out } = await lipei(['doctor', '--api', office.api], { env });
  const mark = calendarProblems(now, folder).length > 0 ? '!' : '✓';
  expect(out.split('\n').find((line) => line.includes('API: calendars'))?.[0]).toBe(mark);
  keepList(folder, chinaIn2027);
  expect(await asked()).toEqual(calendarProblems(now, folder));
  expect(await health()).toMatchObject({ name: 'calendars', ok: true });
});

test('a wrong file is a fault, and the list of problems names it', async () => {
  const file = join(folder, 'CN-2027@2.json');
  writeFileSync(file, '{"jurisdiction":"CN","year":2027}');
  expect(await asked()).toMatchObject([
    { state: 'wrong', problem: expect.stringContaining('CN-2027@2.json: source: ') },
  ]);
  expect(await health()).toMatchObject({ ok: false, detail: expect.stringContaining('CN-2027@2.json') });
  const { exitCode, out } = await lipei(['claims', 'problems', '--api', office.api], {
    env: { LIPEI_TOKEN: await office.token('O-951') },
  });
  expect([exitCode, out]).toEqual([0, expect.stringContaining('CN-2027@2.json: source: ')]);
  rmSync(file);
  expect(await health()).toMatchObject({ ok: true });
});

test('nobody sees these problems without a token', async () =>
  expect(await request(`${office.api}/problems/calendars`, { method: 'GET' })).toMatchObject({
    status: 401,
  }));
