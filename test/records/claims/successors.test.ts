import type { Claim } from '../../../domain/claim/claim.ts';
import type { StaffRole } from '../../../domain/people/people.ts';
import { instantOf, msOf } from '../../../domain/time/time.ts';
import { keepLook, sweepUnseen } from '../../../records/claims/looks.ts';
import { dueAbsences, dueHandOvers } from '../../../records/claims/successors.ts';
import { workOf } from '../../../records/claims/work.ts';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { anInsuredVehicle, ClaimUnderTest, noticedAt } from '../../support/builders.ts';
import { storeState } from '../../support/records.ts';
import { ownDatabase } from '../../support/runtime.ts';

let database: Database;
const people: [code: string, role: StaffRole, unit: string, deputies?: string[]][] = [
  ['C-301', 'handler', 'longkou', ['C-9']],
  ['C-302', 'handler', 'longkou'],
  ['C-308', 'handler', 'longkou'],
  ['C-9', 'handler', 'penglai'],
  ['S-201', 'surveyor', 'longkou'],
  ['S-202', 'surveyor', 'penglai'],
  ['U-901', 'supervisor', 'east'],
];

beforeAll(async () => {
  database = connectDatabase(await ownDatabase());
  await database.unit.createMany({
    data: [
      { code: 'longkou', name: '', kind: 'branch', above: 'east' },
      { code: 'penglai', name: '', kind: 'branch', above: 'east' },
      { code: 'east', name: '', kind: 'regional-office' },
    ],
  });
  await database.person.createMany({
    data: people.map(([code, role, branch, deputies = []]) => ({
      code,
      name: '',
      email: '',
      branch,
      roles: [role],
      deputies,
      limits: {},
      conflicts: [],
    })),
  });
  await stored('L0000-00001', ClaimUnderTest.covered().claim);
  await stored(
    'L0000-00002',
    ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 150_000 })] }).claim,
  );
});
afterEach(() =>
  database.person.updateMany({ data: { active: true, leavesOn: null, absences: [], conflicts: [] } }),
);
afterAll(() => database.$disconnect());

const stored = (number: string, claim: Claim): Promise<unknown> => storeState(database, { ...claim, number });
const changes = (code: string, data: object): Promise<unknown> =>
  database.person.update({ where: { code }, data });

const handOvers = async (after = ''): Promise<string[]> =>
  (await dueHandOvers(database, noticedAt, after)).reports.map(({ id }) => id);

describe('claims of somebody who has left', () => {
  test.each<[string, string, object, string[]]>([
    ['stay with them to their last day', 'C-301', { leavesOn: new Date('2026-11-23') }, []],
    [
      'go to the deputy, even of another branch, from the day after',
      'C-301',
      { leavesOn: new Date('2026-11-22') },
      ['left:L0000-00001:handler:C-301:C-9:2026-11-23', 'left:L0000-00002:handler:C-301:C-9:2026-11-23'],
    ],
    [
      'are spread over the branch where there is no deputy',
      'C-301',
      { active: false, deputies: [] },
      ['left:L0000-00001:handler:C-301:C-302:2026-11-23', 'left:L0000-00002:handler:C-301:C-308:2026-11-23'],
    ],
    [
      'go up to the other parts of the region where the branch has nobody',
      'S-201',
      { active: false },
      [
        'left:L0000-00001:surveyor:S-201:S-202:2026-11-23',
        'left:L0000-00002:surveyor:S-201:S-202:2026-11-23',
      ],
    ],
  ])('%s', async (_, code, data, ids) => {
    const { deputies } = await database.person.findUniqueOrThrow({ where: { code } });
    await changes(code, data);
    expect(await handOvers()).toEqual(ids);
    await changes(code, { deputies });
  });

  test('are not given to a deputy who is related, and a round continues after the last claim', async () => {
    await changes('C-301', { leavesOn: new Date('2026-11-22') });
    await changes('C-9', { conflicts: ['P-1'] });
    expect(await handOvers('L0000-00001')).toEqual(['left:L0000-00002:handler:C-301:C-302:2026-11-23']);
  });

  test('stay where nobody may take them: that is a problem of operations', async () => {
    await changes('S-201', { active: false });
    await changes('S-202', { active: false });
    expect(await handOvers()).toEqual([]);
  });
});

const absences = async (): Promise<object[]> =>
  (await dueAbsences(database, noticedAt, '')).reports.map(({ claim, name, fields }) => ({
    claim,
    name,
    ...fields,
  }));

describe('the handler of a major claim', () => {
  test('is reported to be away with the deputy and the last day, and no ordinary claim hears of it', async () => {
    await changes('C-301', { absences: [{ from: '2026-11-20', until: '2026-11-27' }] });
    expect(await absences()).toEqual([
      { claim: 'L0000-00002', name: 'handler-away', handler: 'C-301', deputy: 'C-9', until: '2026-11-27' },
    ]);
  });

  test('is reported once, again after a change, and when they are back', async () => {
    const { state } = await database.claim.findUniqueOrThrow({ where: { number: 'L0000-00002' } });
    await database.claim.update({
      where: { number: 'L0000-00002' },
      data: { state: Object.assign({}, state, { handlerAway: { deputy: 'C-9', until: '2026-11-27' } }) },
    });
    await changes('C-301', { absences: [{ from: '2026-11-20', until: '2026-11-27' }] });
    expect(await absences()).toEqual([]);
    await changes('C-301', { absences: [{ from: '2026-11-20' }] });
    expect(await absences()).toMatchObject([{ name: 'handler-away', deputy: 'C-9' }]);
    await changes('C-301', { absences: [] });
    expect(await absences()).toMatchObject([{ name: 'handler-back', handler: 'C-301' }]);
  });
});

const list = async (now: string): Promise<string[]> =>
  (await workOf(database, { code: 'U-901' }, { limit: 100, now })).tasks.flatMap(
    ({ claim, what, followUp }) => (followUp === undefined ? [] : `${claim} ${what}`),
  );
const days = (count: number): string => instantOf(msOf(noticedAt) + count * 24 * 3_600_000);

describe('a claim that nobody looks at', () => {
  test('is on the list of the supervisor above, from so many working days on, until somebody looks', async () => {
    await sweepUnseen(database, days(6), '');
    // Opened on a Monday: the fifth working day after it is the next Monday.
    expect(await list(days(6))).toEqual([]);
    await sweepUnseen(database, days(8), '');
    expect(await list(days(8))).toEqual([
      'L0000-00001 nobody has looked at this claim since 2026-11-23',
      'L0000-00002 nobody has looked at this claim since 2026-11-23',
    ]);
    await keepLook(database, { claim: 'L0000-00001', by: 'C-301', now: days(8) });
    await sweepUnseen(database, days(9), '');
    expect(await list(days(9))).toEqual(['L0000-00002 nobody has looked at this claim since 2026-11-23']);
    await sweepUnseen(database, days(16), '');
    expect(await list(days(16))).toContain('L0000-00001 nobody has looked at this claim since 2026-12-01');
  });

  test('needs no look once it is closed', async () => {
    await database.claim.updateMany({ data: { outcome: 'paid' } });
    await sweepUnseen(database, days(30), '');
    expect(await list(days(30))).toEqual([]);
    expect(await database.claimLook.count()).toBe(0);
    await keepLook(database, { claim: 'L0000-00001', by: 'C-301', now: days(30) });
    expect(await database.claimLook.count()).toBe(0);
  });
});
