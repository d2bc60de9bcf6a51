import { connectDatabase, type Database } from '../../records/database.ts';
import { cursorOf } from '../../records/claims/cursor.ts';
import { sortNames } from '../../client/own-api/schemas/lists.ts';
import { listClaims, type ListFilter } from '../../records/claims/list.ts';
import { shownClaim } from '../../records/claims/show.ts';
import { isDatabaseUnreachable } from '../../records/database-errors.ts';
import { instantOf } from '../../domain/time/time.ts';
import { freePort } from '../../local/processes/ports.ts';
import {
  aPolicyholder,
  aThirdParty,
  aThirdPartyVehicle,
  anInsuredVehicle,
  ClaimUnderTest,
  handler,
  juniorReviewer,
  noticedAt,
  pack,
  seniorReviewer,
  supervisor,
  yuan,
  act,
} from '../support/builders.ts';
import { ownDatabase } from '../support/runtime.ts';
import { present } from '../../domain/present.ts';

const now = '2026-11-23T02:00:00.000Z';
const hours = (count: number): string => instantOf(Date.parse(now) + count * 3_600_000);

let database: Database;

beforeAll(async () => {
  database = connectDatabase(await ownDatabase());
  await database.person.createMany({
    data: [
      ['R-1', 'longkou', ['reviewer']],
      ['R-2', 'penglai', ['reviewer']],
      ['M-1', 'longkou', ['manager']],
      ['C-1', 'longkou', ['handler', 'verifier']],
    ].map(([code, branch, roles]) => ({
      code: String(code),
      name: '',
      email: '',
      branch: String(branch),
      roles: [...(roles ?? [])],
      limits: {},
      conflicts: [],
    })),
  });
  // Waiting for 5, 3 and 3 hours, one closed, and one that waits for nothing because the process is at work
  // on it.
  await claim('L0000-00003', {
    waits: [
      ['customer', -3, 1],
      ['reviewer', -2, -1],
    ],
    claimed: 300,
  });
  await claim('L0000-00001', {
    waits: [['surveyor', -3, 2]],
    claimed: 100,
    branch: 'penglai',
    handler: 'C-2',
    surveyor: 'C-1',
  });
  await claim('L0000-00002', {
    waits: [
      ['police', -5, 30],
      ['handler', -1, 5],
    ],
    claimed: 200,
  });
  await claim('L0000-00004', { waits: [], claimed: 400 });
  await claim('L0000-00005', { waits: [], claimed: 500, outcome: 'paid' });
  await claim('L0000-00006', {
    waits: [
      ['manager', -4, 40],
      ['reviewer', -1, 41],
    ],
    claimed: 50,
    branch: 'changdao',
    handler: 'C-3',
  });
});
afterAll(() => database.$disconnect());

const list = async (filter: Partial<ListFilter> = {}): Promise<string[]> =>
  (
    await listClaims(database, { all: false, overdue: false, sort: 'age', limit: 100, ...filter }, now)
  ).claims.map(({ claim: number }) => number.slice(-1));

test.each<[string, Partial<ListFilter>, string[]]>([
  [
    'the oldest waiting first, by number where equal, and last what waits for nothing',
    {},
    ['2', '6', '1', '3', '4'],
  ],
  ['the next action first', { sort: 'next' }, ['3', '1', '2', '6', '4']],
  ['the largest amount first', { sort: 'amount' }, ['4', '3', '2', '1', '6']],
  ['closed ones too', { all: true, sort: 'amount' }, ['5', '4', '3', '2', '1', '6']],
  [
    'nothing more after a claim that has no place in a list by silence',
    { sort: 'silence', after: [null, ''] },
    [],
  ],
  ['only what waits for the customer', { waitingOn: 'customer' }, ['3']],
  ['only what is late', { overdue: true }, ['3']],
  ['only where this party is late', { overdue: true, waitingOn: 'customer' }, []],
  ["only one handler's", { handler: 'C-2' }, ['1']],
  ['only those at a stage', { stage: 'review' }, []],
  ['closed ones without being asked for all, if that stage is asked for', { stage: 'closed' }, ['5']],
])('a list holds %s', async (_, filter, expected) => {
  expect(await list(filter)).toEqual(expected);
});

test('open claims without contact for longer than their rules allow are found', async () => {
  await database.claim.updateMany({
    where: { number: { in: ['L0000-00001', 'L0000-00005'] } },
    data: { lastContactAt: hours(-400), nextContactBy: hours(-1) },
  });
  await database.claim.update({ where: { number: 'L0000-00001' }, data: { openLastContactAt: hours(-400) } });
  await database.claim.update({
    where: { number: 'L0000-00002' },
    data: { lastContactAt: hours(-500), openLastContactAt: hours(-300), nextContactBy: hours(1) },
  });
  const { claims } = await listClaims(
    database,
    { all: false, overdue: false, silent: true, sort: 'silence', limit: 10 },
    now,
  );
  expect(claims).toMatchObject([
    { claim: 'L0000-00001', lastContactAt: hours(-400), nextContactBy: hours(-1), isSilent: true },
  ]);
  const { claims: all } = await listClaims(
    database,
    { all: false, overdue: false, sort: 'silence', limit: 2 },
    now,
  );
  expect(all).toMatchObject([
    { claim: 'L0000-00001', isSilent: true },
    { claim: 'L0000-00002', nextContactBy: hours(1), isSilent: false },
  ]);
});

test('a list shows the expectations of a claim, the next one first', async () => {
  const { claims } = await listClaims(database, { all: false, overdue: false, sort: 'age', limit: 1 }, now);
  expect(claims[0]).toMatchObject({
    claim: 'L0000-00002',
    waitingOn: [
      { from: 'handler', since: hours(-1), due: hours(5), next: { do: 'chase', at: hours(5) } },
      { from: 'police' },
    ],
  });
});

const filters: [string, Partial<ListFilter>][] = [
  ['all', { all: true }],
  ['open', {}],
  ['late', { overdue: true }],
  ["reviewers'", { waitingOn: 'reviewer' }],
  ["a handler's", { handler: 'C-1', all: true }],
  ['documents', { stage: 'documents' }],
];

test.each(filters.flatMap(([name, filter]) => sortNames.map((sort) => [name, sort, filter] as const)))(
  'pages of %s claims by %s hold each once, whatever their size',
  async (_, sort, filter) => {
    const whole = await list({ ...filter, sort });
    for (const limit of [1, 2, 4]) {
      const seen: string[] = [];
      for (let after: ListFilter['after'], more = true; more;) {
        const page = await listClaims(
          database,
          { all: false, overdue: false, ...filter, sort, limit, ...present({ after }) },
          now,
        );
        seen.push(...page.claims.map(({ claim: number }) => number.slice(-1)));
        after = page.next && cursorOf(sort === 'amount' ? 'amount' : 'instant', 'text')(page.next);
        more = after !== undefined;
      }
      expect(seen).toEqual(whole);
    }
  },
);

test.each([
  '',
  {},
  null,
  ['a'],
  ['soon', 'L0000-00001'],
  [hours(0), 'a\0'],
  [hours(0), 'a', 'b'],
  [hours(0), 7],
  [[hours(0)], 'a'],
])('what is not the end of a page of this list is none: %j', (end) => {
  expect(cursorOf('instant', 'text')(end)).toBeUndefined();
});

test('a claim shows what each item must have, what it is worth, and what an approval must name', () => {
  const subject = ClaimUnderTest.covered({
    items: [anInsuredVehicle({ claimed: 60_000 }), aThirdPartyVehicle()],
    parties: [aPolicyholder(), aThirdParty()],
  });
  subject
    .does(handler, { kind: 'add-document', document: 'accident-certificate', attachment: 'sha' })
    .does(handler, { kind: 'accept-document', document: 'accident-certificate' });
  subject
    .does(supervisor, act.waives('repair-invoice', 'item-1'))
    .prepared('item-1', ['driving-licence'])
    .reviewable(yuan(60_000));
  subject
    .does(juniorReviewer, {
      kind: 'return-for-rework',
      item: 'item-1',
      to: 'assess',
      reason: 'price-too-high',
    })
    .reviewable(yuan(55_000));

  const shown = shownClaim(subject.claim, pack, noticedAt);
  expect(shown).toMatchObject({
    claim: 'L0000-00000',
    stage: 'documents',
    outcome: null,
    rules: pack.versions,
    waitingOn: expect.arrayContaining([
      expect.objectContaining({ from: 'reviewer', what: 'review', item: 'item-1' }),
    ]),
  });
  expect(shown.items[0]).toMatchObject({
    stage: 'review',
    claimed: '60000.00',
    payable: '55000.00',
    assessment: { version: 2, amount: '55000.00', by: 'C-301' },
    approvals: [],
    approvalsNeeded: 1,
    payment: null,
    outcome: null,
    returned: 1,
    documents: [
      { kind: 'driving-licence', state: 'accepted' },
      { kind: 'police-determination', state: 'accepted', by: 'accident-certificate' },
      { kind: 'repair-invoice', state: 'waived' },
    ],
  });
  expect(shown.items[1]).toMatchObject({
    stage: 'documents',
    payable: null,
    documents: [{ state: 'accepted' }, { state: 'accepted' }, { kind: 'repair-invoice', state: 'owed' }],
  });

  subject.does(seniorReviewer, { kind: 'approve', item: 'item-1', of: shown.items[0]?.of ?? '' });
  expect(shownClaim(subject.claim, pack, noticedAt).items[0]).toMatchObject({
    approvals: [{ by: 'R-502', at: noticedAt }],
    payment: { state: 'approved', amount: '55000.00' },
  });
});

test('unreachable records are distinguished from faults of ours', async () => {
  const nowhere = connectDatabase(`postgresql://lipei:none@127.0.0.1:${await freePort()}/lipei`);
  const faults = await Promise.all(
    [
      nowhere.claim.count(),
      nowhere.$queryRaw`SELECT 1`,
      nowhere.$transaction((inside) => inside.claim.count()),
      database.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`,
      database.$queryRaw`SELECT nonsense`,
      database.person.create({
        data: { code: 'R-1', name: '', email: '', branch: '', roles: [], limits: {}, conflicts: [] },
      }),
    ].map((asked) =>
      Promise.resolve(asked).then(
        () => undefined,
        (fault: unknown) => fault,
      ),
    ),
  );
  expect(faults.map(isDatabaseUnreachable)).toEqual([true, true, true, true, false, false]);
  await nowhere.$disconnect();
});

test('two statements that have one name are still two, on whatever connection they meet', async () => {
  const answers: unknown[] = [];
  for (const text of ['SELECT 1 AS one', 'SELECT 2 AS two', 'SELECT 1 AS one'])
    answers.push(...(await database.prepared('of-one-name', text, [])));
  expect(answers).toEqual([{ one: 1 }, { two: 2 }, { one: 1 }]);
});

type Wait = [from: string, sinceHours: number, dueHours: number];

async function claim(
  number: string,
  {
    waits,
    claimed,
    outcome,
    branch = 'longkou',
    handler: by = 'C-1',
    surveyor = 'S-1',
  }: {
    waits: Wait[];
    claimed: number;
    outcome?: string;
    branch?: string;
    handler?: string;
    surveyor?: string;
  },
): Promise<void> {
  const earliest = (index: 1 | 2): string | null =>
    waits.map((wait) => hours(wait[index])).toSorted()[0] ?? null;
  await database.claim.create({
    data: {
      number,
      line: 'motor',
      jurisdiction: 'CN',
      branch,
      stage: outcome ? 'closed' : 'documents',
      stageSince: now,
      outcome: outcome ?? null,
      handler: by,
      surveyor,
      urgency: 'normal',
      claimedMinor: claimed * 100,
      currency: 'CNY',
      openedAt: now,
      lastContactAt: now,
      openLastContactAt: outcome ? null : now,
      waitingSince: earliest(1),
      nextAt: earliest(2),
      seq: 1,
      state: {},
      expectations: {
        create: waits.map(([from, since, due]) => ({
          id: `of:${from}`,
          from,
          what: from === 'reviewer' ? 'review' : 'something',
          since: hours(since),
          due: hours(due),
          nextDo: 'chase',
          nextAt: hours(due),
          rung: 0,
          branch,
        })),
      },
    },
  });
}
