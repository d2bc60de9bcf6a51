import { setTimeout as pause } from 'node:timers/promises';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { dayIn } from '../../../config/today.ts';
import { authorityAt, historyOf, passingChanges } from '../../../domain/people/past-authority.ts';
import {
  authorityChanges,
  changesOfPerson,
  historyFaults,
} from '../../../records/staff/authority-history.ts';
import { keepRecords } from '../../support/records.ts';
import { ownDatabase } from '../../support/runtime.ts';

let database: Database;
beforeAll(async () => {
  database = connectDatabase(await ownDatabase());
  await keepRecords(database);
});
afterAll(() => database.$disconnect());

const setLimit = (motor: number) =>
  database.person.update({ where: { code: 'R-501' }, data: { limits: { motor: { CNY: motor } } } });

test('a limit that is raised for a minute stays visible: who did it, when, and what it was before and after', async () => {
  await setLimit(900_000_000);
  await pause(5);
  const raised = new Date().toISOString();
  await pause(5);
  await setLimit(5_000_000);
  const history = historyOf({ changes: await authorityChanges(database), units: [] }, dayIn);
  const limitAt = (at: string) => authorityAt(history, 'R-501', at)?.limits['motor']?.['CNY'];
  expect([limitAt(raised), limitAt(new Date(Date.now() + 1).toISOString())]).toEqual([
    900_000_000, 5_000_000,
  ]);
  expect(authorityAt(history, 'R-501', '2020-01-01T00:00:00.000Z')).toBeNull();
  expect(passingChanges(history, 60_000)).toEqual([
    expect.objectContaining({ code: 'R-501', roles: ['lipei', 'lipei'] }),
  ]);
  const [first, second] = await changesOfPerson(database, 'R-501');
  expect([first?.before, first?.after]).toEqual([null, expect.objectContaining({ roles: ['reviewer'] })]);
  expect(second).toMatchObject({
    role: 'lipei',
    before: { limits: { motor: { CNY: 5_000_000 } } },
    after: { limits: { motor: { CNY: 900_000_000 } } },
  });
  expect(JSON.stringify(second)).not.toMatch(/Staff R-501|staff\.example/);
});

test('what changes nobody’s authority writes no history', async () => {
  await database.person.update({ where: { code: 'F-801' }, data: { name: 'Another name' } });
  expect(await changesOfPerson(database, 'F-801')).toHaveLength(1);
});

test('nobody changes, deletes or empties the history of people', async () => {
  const name = 'person_change';
  for (const statement of [`UPDATE ${name} SET role = 'other'`, `DELETE FROM ${name}`, `TRUNCATE ${name}`])
    await expect(database.$executeRawUnsafe(statement)).rejects.toThrow('never changed');
  await expect(database.$executeRawUnsafe('TRUNCATE person')).rejects.toThrow('never changed');
});

test('a row that was changed past its history is found, and so is a line that is gone from it', async () => {
  expect(await historyFaults(database)).toEqual([]);
  await setLimit(7_000_000);
  await database.$transaction([
    database.$executeRaw`ALTER TABLE person DISABLE TRIGGER person_changed`,
    database.$executeRaw`UPDATE person SET roles = '{manager}' WHERE code = 'H-101'`,
    database.$executeRaw`ALTER TABLE person ENABLE TRIGGER person_changed`,
    database.$executeRaw`ALTER TABLE person_change DISABLE TRIGGER person_change_keep`,
    database.$executeRaw`
      DELETE FROM person_change
      WHERE id = (SELECT id FROM person_change WHERE code = 'R-501' ORDER BY id OFFSET 1 LIMIT 1)`,
    database.$executeRaw`ALTER TABLE person_change ENABLE TRIGGER person_change_keep`,
  ]);
  expect(await historyFaults(database)).toEqual([
    { kind: 'person', of: 'H-101', what: 'differs' },
    { kind: 'person', of: 'R-501', what: 'gap' },
  ]);
});
