import fc from 'fast-check';
import type { Opening } from '../../../domain/claim/journal.ts';
import { partyKinds, staffRoles, type Person } from '../../../domain/people/people.ts';
import { takersOf } from '../../../domain/people/takers.ts';
import { present } from '../../../domain/present.ts';
import type { Expectation } from '../../../domain/waiting/expectation.ts';
import type { Cursor } from '../../../records/claims/cursor.ts';
import { assign } from '../../../records/claims/assignment.ts';
import { claimOf } from '../../../records/claims/projection.ts';
import { workOf } from '../../../records/claims/work.ts';
import { waitingCounts } from '../../../records/staff/staff-list.ts';
import { companyOn } from '../../../records/staff/company.ts';
import { connectDatabase, type Database } from '../../../records/database.ts';
import type { Task } from '../../../client/own-api/schemas/work.ts';
import {
  act,
  allPapers,
  aPerson,
  aPolicy,
  anInsuredVehicle,
  anOpening,
  pack,
  ClaimUnderTest,
  handler,
  juniorReviewer,
  manager,
  noticedAt,
  operator,
  seniorReviewer,
  supervisor,
  surveyor,
  verifier,
  yuan,
} from '../../support/builders.ts';
import { storeState } from '../../support/records.ts';
import { ownDatabase } from '../../support/runtime.ts';

const second = aPerson('C-302', { roles: ['handler', 'reviewer'], limitMinor: yuan(500_000) });
const executive = aPerson('E-701', { roles: ['executive'], limitMinor: yuan(10_000_000) });
const penglai: Person[] = [
  aPerson('C-303', { roles: ['handler'] }),
  aPerson('R-503', { roles: ['reviewer'], limitMinor: yuan(500_000) }),
  aPerson('M-602', { roles: ['manager'], limitMinor: yuan(1_000_000) }),
].map((each) => ({ ...each, branch: 'penglai' }));
const everybody = [
  handler,
  second,
  surveyor,
  verifier,
  juniorReviewer,
  seniorReviewer,
  manager,
  executive,
  supervisor,
  operator,
  ...penglai,
];

let database: Database;

const rich = aPolicy({
  objects: { 'insured-vehicle': { sumInsuredMinor: yuan(5_000_000), excessMinor: 0 } },
});
const toReview = (number: string, amount: number, change: Partial<Opening> = {}): ClaimUnderTest =>
  ClaimUnderTest.covered({ number, items: [anInsuredVehicle({ claimed: amount })], ...change }, rich)
    .prepared('item-1', allPapers)
    .reviewable(yuan(amount));

beforeAll(async () => {
  database = connectDatabase(await ownDatabase());
  await database.person.createMany({
    data: everybody.map(({ code, roles, branch, limitMinor }) => ({
      code,
      name: '',
      email: '',
      branch,
      roles,
      limits: limitMinor === undefined ? {} : { motor: { CNY: limitMinor } },
      conflicts: [],
    })),
  });
  const approved = toReview('L0000-00002', 380_000);
  approved.does(seniorReviewer, act.approves(approved.hash()));
  const substitute = ClaimUnderTest.covered({ number: 'L0000-00004' })
    .does(surveyor, act.surveys())
    .does(handler, act.adds('accident-certificate'));
  const claims = [
    toReview('L0000-00001', 90_000),
    approved,
    toReview('L0000-00003', 1_500_000),
    substitute,
    { claim: { ...toReview('L0000-00005', 900_000).claim, branch: 'penglai', handler: 'C-303' } },
    toReview('L0000-00006', 30_000),
  ];
  for (const { claim } of claims) await storeState(database, claim);
});
afterEach(() => database.person.updateMany({ data: { absences: [], active: true } }));
afterAll(() => database.$disconnect());

const isAway = (...codes: string[]): Promise<unknown> =>
  database.person.updateMany({
    where: { code: { in: codes } },
    data: { absences: [{ from: '2026-11-20', until: '2026-11-30' }] },
  });

const work = async (code: string): Promise<Task[]> =>
  (await workOf(database, { code }, { limit: 100, now: noticedAt })).tasks;

const listed = async (code: string): Promise<string[]> =>
  (await work(code)).map(({ claim, what }) => `${claim.slice(-1)} ${what}`);

test.each<[string, string, string[]]>([
  ['a junior reviewer what is within the limit', 'R-501', ['6 review']],
  ['a senior reviewer not what they have approved', 'R-502', ['1 review', '6 review']],
  ['a manager the second approval', 'M-601', ['2 review']],
  ['an executive what they may decide for the whole company', 'E-701', ['2 review', '3 review', '5 review']],
  ['a reviewer nothing that is above the limit', 'R-503', []],
  ['a manager elsewhere what is of the own branch', 'M-602', ['5 review']],
  ['the handler what is to be checked', 'C-301', ['4 check police-determination']],
  ['another handler only the reviews', 'C-302', ['1 review', '2 review', '6 review']],
  ['a verifier nothing that is verified', 'V-401', []],
  ['nobody who is unknown', 'X-1', []],
])('the list shows %s', async (_, code, tasks) => {
  expect(await listed(code)).toEqual(tasks);
});

test('a task names the paper as it was handed in, the act, the amount and who else may', async () => {
  const [check] = await work('C-301');
  expect(check).toMatchObject({
    act: 'accept-document',
    document: 'accident-certificate',
    policy: 'P-1',
    others: [],
  });
  const [review] = await work('E-701');
  expect(review).toMatchObject({
    act: 'approve',
    amount: '380000.00',
    currency: 'CNY',
    others: [{ code: 'C-302' }, { code: 'M-601' }],
  });
});

test('in an absence the others of the branch have the work, and see who is absent and until when', async () => {
  await isAway('C-301', 'C-302', 'R-502');
  expect(await listed('C-303')).toEqual([]);
  await database.person.update({ where: { code: 'C-302' }, data: { absences: [] } });
  const check = (await work('C-302')).find(({ act: does }) => does === 'accept-document');
  expect(check?.others).toEqual([{ code: 'C-301', absent: { until: '2026-11-30' } }]);
  expect(await listed('C-302')).toContain('1 review');
});

test('the deputy has it, wherever they work, and sees whose it is', async () => {
  await database.person.update({ where: { code: 'C-301' }, data: { deputies: ['C-303'] } });
  await isAway('C-301');
  expect(await work('C-303')).toMatchObject([
    { inPlaceOf: 'C-301', others: [{ code: 'C-301', absent: { until: '2026-11-30' } }] },
  ]);
  expect(await listed('C-302')).not.toContain('4 check police-determination');
  await database.person.update({ where: { code: 'C-301' }, data: { deputies: [] } });
});

test('the work of somebody who has left goes to the others of the branch', async () => {
  await database.person.update({ where: { code: 'C-301' }, data: { active: false } });
  expect(await listed('C-301')).toEqual([]);
  expect(await listed('C-302')).toContain('4 check police-determination');
});

test.each([
  ['nobody is absent', []],
  ['some are absent', ['C-301', 'R-502']],
])('the counts of the staff list are those of the lists where %s', async (_, away) => {
  await isAway(...away);
  const counts = await waitingCounts(database, noticedAt);
  for (const { code } of everybody)
    expect([code, counts.get(code)?.tasks]).toEqual([code, (await work(code)).length]);
});

test.each([1, 2, 3])('pages of %i hold each task once, whatever is passed over', async (limit) => {
  for (const code of ['E-701', 'C-302', 'R-502']) {
    const seen: Task[] = [];
    for (let after: Cursor | undefined, isMore = true; isMore; isMore = after !== undefined) {
      const page = await workOf(database, { code }, { limit, now: noticedAt, ...present({ after }) });
      expect(page.tasks.length).toBeLessThanOrEqual(limit);
      seen.push(...page.tasks);
      after = page.next;
    }
    expect(seen).toEqual(await work(code));
  }
});

test('five hundred reviews that others must decide are passed over in a moment', async () => {
  const { claim } = toReview('L0000-10000', 40_000, { handler: 'C-302' });
  const related = { ...claim, policy: 'P-2' };
  await database.person.update({ where: { code: 'R-501' }, data: { conflicts: ['P-2'] } });
  const numbers = Array.from({ length: 500 }, (_, index) => `L0000-1${String(index).padStart(4, '0')}`);
  for (const number of numbers) await storeState(database, { ...related, number });
  const since = Date.now();
  expect(await listed('R-501')).toEqual(['6 review']);
  expect(Date.now() - since).toBeLessThan(5_000);
  await database.claim.deleteMany({ where: { number: { in: numbers } } });
  await database.person.update({ where: { code: 'R-501' }, data: { conflicts: [] } });
});

const assigned = (filedBy = 'H-101', policy = 'P-1') =>
  assign(
    database,
    { branch: 'longkou' },
    {
      today: '2026-11-23',
      pack,
      claimOf: (assignment) => ({
        ...new ClaimUnderTest(anOpening({ ...assignment, policy })).claim,
        filedBy,
      }),
    },
  );

test('a new claim goes to the least loaded of the branch who is present, has no conflict and did not file it', async () => {
  expect(await assigned()).toEqual({ branch: 'longkou', handler: 'C-302', surveyor: 'S-201' });
  expect(await assigned('C-302')).toMatchObject({ handler: 'C-301' });
  await isAway('C-302', 'S-201');
  expect(await assigned()).toEqual({ branch: 'longkou', handler: 'C-301', surveyor: 'nobody' });
  await database.person.update({ where: { code: 'C-301' }, data: { conflicts: ['P-9'] } });
  expect(await assigned('H-101', 'P-9')).toMatchObject({ handler: 'nobody' });
  await database.person.update({ where: { code: 'C-301' }, data: { conflicts: [] } });
});

describe('in a company of units', () => {
  const units = [
    { code: 'longkou', name: '', kind: 'branch', above: 'east' },
    { code: 'penglai', name: '', kind: 'branch', above: 'east' },
    { code: 'east', name: '', kind: 'regional-office', above: 'head' },
    { code: 'head', name: '', kind: 'head-office' },
  ];
  const above = [
    { ...aPerson('U-5', { roles: ['supervisor'] }), branch: 'east' },
    { ...aPerson('C-5', { roles: ['handler', 'operations'] }), branch: 'east' },
    { ...aPerson('R-5', { roles: ['reviewer'], limitMinor: yuan(900_000) }), branch: 'east' },
    { ...aPerson('M-6', { roles: ['manager'], limitMinor: yuan(2_000_000) }), branch: 'head' },
    { ...aPerson('U-6', { roles: ['supervisor'] }), branch: 'penglai' },
  ];
  const codes = [...everybody, ...above].map(({ code }) => code);
  const late: Expectation[] = ['supervisor', 'manager', 'operations'].flatMap((from) =>
    partyKinds.flatMap((kind) =>
      kind === from
        ? [
            {
              id: `escalation:${kind}:survey`,
              from: kind,
              what: 'stalled: survey',
              ladder: 'escalated',
              since: noticedAt,
              due: noticedAt,
              rung: 0,
              next: { do: 'chase', at: noticedAt },
              escalatedTo: [],
            },
          ]
        : [],
    ),
  );

  beforeAll(async () => {
    await database.unit.createMany({ data: units });
    await database.person.createMany({
      data: above.map(({ code, roles, branch, limitMinor }) => ({
        code,
        name: '',
        email: '',
        branch,
        roles,
        limits: limitMinor === undefined ? {} : { motor: { CNY: limitMinor } },
        conflicts: [],
      })),
    });
    const { claim } = ClaimUnderTest.covered();
    for (const [index, branch] of ['longkou', 'penglai', 'east', 'elsewhere'].entries())
      await storeState(database, {
        ...claim,
        number: `L0000-0002${index}`,
        branch,
        expectations: [...claim.expectations, ...late],
      });
  });
  afterAll(async () => {
    await database.claim.deleteMany({ where: { number: { startsWith: 'L0000-0002' } } });
    await database.person.deleteMany({ where: { code: { in: above.map(({ code }) => code) } } });
    await database.unit.deleteMany({});
  });

  /** Some are away or have left, and some of them have deputies. */
  const attendance = fc.array(
    fc.record({
      code: fc.constantFrom(...codes),
      away: fc.constantFrom('absent', 'left', 'there'),
      deputies: fc.uniqueArray(fc.constantFrom(...codes), { maxLength: 2 }),
    }),
    { minLength: 3, maxLength: 12 },
  );

  test.each(
    fc.sample(attendance, { numRuns: 12, seed: 18 }).map((people, index) => [index, people] as const),
  )('whatever goes to somebody is on their list, and nothing else (%i)', async (_, people) => {
    for (const { code, away, deputies } of people)
      await database.person.update({
        where: { code },
        data: {
          deputies,
          absences: away === 'absent' ? [{ from: '2026-11-20' }] : [],
          leavesOn: away === 'left' ? new Date('2026-11-20') : null,
        },
      });
    const company = await companyOn(database, '2026-11-23');
    const claims = await database.claim.findMany({ select: { state: true }, where: { outcome: null } });
    const goesTo = new Map<string, string[]>(codes.map((code) => [code, []]));
    for (const claim of claims.map(({ state }) => claimOf(state)))
      for (const open of claim.expectations.filter(({ from }) => staffRoles.some((role) => role === from))) {
        const { present: here, absent } = takersOf(claim, open, company.staff, { ...company, pack });
        for (const { code } of [...here, ...absent]) goesTo.get(code)?.push(`${claim.number} ${open.id}`);
      }
    for (const [code, tasks] of goesTo)
      expect([code, (await work(code)).map(({ claim, id }) => `${claim} ${id}`).toSorted()]).toEqual([
        code,
        tasks.toSorted(),
      ]);
    await database.person.updateMany({ data: { deputies: [], leavesOn: null } });
  });
});
