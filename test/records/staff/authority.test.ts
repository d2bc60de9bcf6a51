import { connectDatabase, type Database } from '../../../records/database.ts';
import { authorityOf } from '../../../records/staff/authority.ts';
import { readStaff } from '../../../records/staff/staff.ts';
import { keepRecords } from '../../support/records.ts';
import { ownDatabase } from '../../support/runtime.ts';

let database: Database;
beforeAll(async () => {
  database = connectDatabase(await ownDatabase());
  await keepRecords(database);
  await database.unit.deleteMany();
  await database.unit.createMany({
    data: [
      { code: 'head', name: 'Head', kind: 'head-office', above: null },
      { code: 'yantai', name: 'Yantai', kind: 'regional-office', above: 'head' },
      { code: 'longkou', name: 'Longkou', kind: 'branch', above: 'yantai' },
      { code: 'penglai', name: 'Penglai', kind: 'branch', above: 'yantai' },
    ],
  });
});
afterAll(() => database.$disconnect());

const setTo = (code: string, data: object) => database.person.update({ where: { code }, data });
const day = (days: number): string => new Date(Date.now() + days * 24 * 3_600_000).toISOString().slice(0, 10);
const known = async (code: string) =>
  (await authorityOf(database, [code], { line: 'motor', currency: 'CNY' })).people.get(code);

test('superiors of a unit have those beneath it; others have none', async () => {
  await setTo('M-601', { branch: 'yantai' });
  await setTo('U-901', { branch: 'head' });
  await setTo('C-301', { branch: 'yantai' });
  expect(await known('M-601')).toMatchObject({ branch: 'yantai', below: ['longkou', 'penglai'] });
  expect((await known('U-901'))?.below?.toSorted()).toEqual(['longkou', 'penglai', 'yantai']);
  expect(await known('C-301')).not.toHaveProperty('below');
  expect(await known('R-501')).not.toHaveProperty('below');
});

test('a deputy stands in for who is away, and decides with their own limit', async () => {
  await setTo('R-501', { deputies: ['R-502', 'M-601'], absences: [{ from: day(-3), until: day(3) }] });
  expect(await known('R-502')).toMatchObject({ standsInFor: ['R-501'], limitMinor: 50_000_000 });
  expect(await known('M-601')).not.toHaveProperty('standsInFor');
  await setTo('R-502', { absences: [{ from: day(-3), deputy: 'E-701' }] });
  expect(await known('M-601')).toMatchObject({ standsInFor: ['R-501'] });
  expect(await known('E-701')).toMatchObject({ standsInFor: ['R-502'] });
  await setTo('R-501', { absences: [{ from: day(3) }] });
  expect(await known('M-601')).not.toHaveProperty('standsInFor');
});

test('after their last day nobody may act, and their deputy stands in', async () => {
  await setTo('V-401', { leavesOn: new Date(day(-3)), deputies: ['R-501'] });
  expect(await known('V-401')).toBeUndefined();
  expect(await known('R-501')).toMatchObject({ standsInFor: ['V-401'] });
  const { people } = await readStaff(database);
  expect(people.filter(({ active }) => !active).map(({ code }) => code)).toEqual(['V-401']);
  await setTo('V-401', { leavesOn: new Date(day(3)) });
  expect(await known('V-401')).toMatchObject({ roles: ['verifier'] });
});
