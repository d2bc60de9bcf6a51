import fc from 'fast-check';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { marking } from '../../../records/keys/contact-key.ts';
import { policyOf } from '../../../records/policies/policies.ts';
import { unsealPolicy } from '../../../records/policies/sealed-policy.ts';
import { bookOf, imported, keepUnit, policyRow } from '../../support/policy-rows.ts';
import { asBooks, ownDatabase } from '../../support/runtime.ts';
import { testKeyring } from '../../support/test-keyring.ts';

let owner: Database;
let books: Database;
beforeAll(async () => {
  const url = await ownDatabase();
  owner = connectDatabase(url);
  books = connectDatabase(asBooks(url));
  await keepUnit(owner);
});
afterAll(async () => {
  await owner.$disconnect();
  await books.$disconnect();
});

const inForce = async (number: string, moment: string) => {
  const found = await policyOf(books, number, moment);
  return found && `${found.endorsement}/${found.version}`;
};

const counts = (added: number, changed: number, same: number, rejected = 0) => ({
  rows: added + changed + same + rejected,
  added,
  changed,
  same,
  rejected,
});

const half = policyRow('V-1', { to: '2026-07-01' });
const rest = policyRow('V-1', { endorsement: '1', from: '2026-07-01' });

test('a policy says what was in force at a moment, on both sides of each midnight', async () => {
  const us = {
    line: 'contents',
    jurisdiction: 'US',
    currency: 'USD',
    objects: [{ object: 'contents', sumInsured: '20000' }],
  };
  const holder = { people: [{ role: 'policyholder', name: 'Ann Lee', email: 'ann@example.com' }] };
  const { counts: first } = await imported(books, [
    rest,
    half,
    policyRow('V-1', { endorsement: '2', from: '2027-03-01', to: '2028-03-01' }),
    policyRow('V-2', { ...us, ...holder, from: '2026-03-08', to: '2026-11-01', endorsement: 'summer' }),
    policyRow('V-2', { ...us, ...holder, from: '2026-11-01', to: '2027-11-01', endorsement: 'winter' }),
  ]);
  expect(first).toEqual(counts(5, 0, 0));
  const moments = [
    ['V-1', '2025-12-31T15:59:59.999Z', '0/1'],
    ['V-1', '2026-06-30T15:59:59.999Z', '0/1'],
    ['V-1', '2026-06-30T16:00:00.000Z', '1/2'],
    ['V-1', '2026-12-31T15:59:59.999Z', '1/2'],
    ['V-1', '2026-12-31T16:00:00.000Z', '1/2'],
    ['V-1', '2027-02-27T00:00:00.000Z', '2/3'],
    ['V-1', '2027-02-28T16:00:00.000Z', '2/3'],
    ['V-1', '2040-01-01T00:00:00.000Z', '2/3'],
    ['V-2', '2026-11-01T03:59:59.999Z', 'summer/1'],
    ['V-2', '2026-11-01T04:00:00.000Z', 'winter/2'],
    ['V-2', '2026-03-08T04:59:59.999Z', 'summer/1'],
    ['V-9', '2026-03-08T05:00:00.000Z', undefined],
  ] as const;
  for (const [number, moment, expected] of moments)
    expect([number, moment, await inForce(number, moment)]).toEqual([number, moment, expected]);
  const spring = await policyOf(books, 'V-2', '2026-05-01T00:00:00.000Z');
  expect([spring?.facts.from, spring?.facts.to]).toEqual([
    '2026-03-08T05:00:00.000Z',
    '2026-11-01T04:00:00.000Z',
  ]);
});

test('the same rows change nothing, a corrected one is a new version, and the former stays', async () => {
  const row = policyRow('V-3');
  await imported(books, [row]);
  expect(
    (
      await imported(books, [
        { ...row, people: [{ role: 'policyholder', name: '王芳', phone: '+86 138-0013-8000' }] },
      ])
    ).counts,
  ).toEqual(counts(0, 0, 1));
  const raised = policyRow('V-3', {
    objects: [{ object: 'insured-vehicle', plate: '鲁F99999', sumInsured: '600000' }],
  });
  const dry = await imported(books, [raised], { dryRun: true });
  expect(dry.counts).toEqual(counts(0, 1, 0));
  expect(await inForce('V-3', '2026-05-01T00:00:00.000Z')).toBe('0/1');
  const real = await imported(books, [], { id: dry.id });
  expect(real.counts).toEqual(counts(0, 1, 0));
  expect((await imported(books, [], { id: dry.id })).counts).toEqual(counts(0, 1, 0));
  expect(await inForce('V-3', '2026-05-01T00:00:00.000Z')).toBe('0/2');
  const versions = await books.policy.findMany({ where: { number: 'V-3' }, orderBy: { version: 'asc' } });
  expect(versions.map(({ replacedAt, replacedBy }) => [replacedAt !== null, replacedBy])).toEqual([
    [true, real.id],
    [false, null],
  ]);
});

test('what does not fit together is not taken, and says why; all rows of a policy or none', async () => {
  const { counts: taken, rejects } = await imported(books, [
    policyRow('R-1', { to: '2026-07-01' }),
    policyRow('R-1', { endorsement: '1', from: '2026-06-30' }),
    policyRow('R-1', { endorsement: '2', from: '2027-01-01', to: '2028-01-01' }),
    policyRow('R-2', { branch: 'atlantis' }),
    policyRow('R-3'),
    policyRow('R-3', { currency: 'CNY', to: '2027-06-01' }),
    policyRow('R-4'),
    policyRow('R-4'),
    policyRow('R-5'),
    policyRow('R-5', { endorsement: '1', from: 'tomorrow' }),
    policyRow('V-1', { endorsement: '7', from: '2026-12-31', to: '2027-02-01' }),
    'no row',
  ]);
  expect(taken).toEqual(counts(1, 0, 1, 10));
  expect(Object.fromEntries(Object.entries(rejects).filter(([line]) => line !== '10'))).toEqual({
    1: expect.stringMatching(
      /^from overlaps the endorsement 1 of the same policy, in force from 2026-06-29T16:00:00Z to 2026-12-31T16:00:00Z \(line 2\): send both/,
    ),
    2: expect.stringMatching(/^from overlaps the endorsement 0 /),
    3: 'number is that of a policy of which line 1 cannot be taken: all its lines are taken together',
    4: 'branch must be a unit of the staff book, and there is no atlantis: import the units first',
    5: 'endorsement must be another on each line: lines 5, 6 have the same policy and endorsement, and not the same content',
    6: expect.stringMatching(/^endorsement must be another/),
    9: 'number is that of a policy of which line 10 cannot be taken: all its lines are taken together',
    11: expect.stringMatching(/^from overlaps the endorsement 1 .* to 2026-12-31T16:00:00Z: send both/),
    12: expect.stringMatching(/^ must be an object with number, /),
  });
});

test('the order of the rows does not matter', async () => {
  const rows = [
    ['0', '2026-01-01', '2026-04-01'],
    ['1', '2026-04-01', '2026-06-01'],
    ['2', '2026-06-01', '2027-01-01'],
    ['3', '2027-01-01', '2028-01-01'],
  ].flatMap(([endorsement, from, to]) =>
    ['a', 'b'].map((each) => ({ each, row: { endorsement, from, to } })),
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(rows, { minLength: rows.length }), async (shuffled) => {
      run += 1;
      await imported(
        books,
        shuffled.map(({ each, row }) => policyRow(`S-${run}-${each}`, row)),
      );
      for (const each of ['a', 'b'])
        expect(
          (
            await books.policy.findMany({
              where: { number: `S-${run}-${each}`.toUpperCase() },
              orderBy: { version: 'asc' },
            })
          ).map(({ version, endorsement }) => `${version}:${endorsement}`),
        ).toEqual(['1:0', '2:1', '3:2', '4:3']);
    }),
    { numRuns: 4 },
  );
});

test('undoing makes it as it was, and leaves what a later import has changed', async () => {
  const first = await imported(books, [policyRow('U-1'), policyRow('U-2'), policyRow('U-3')]);
  const raised = { objects: [{ object: 'insured-vehicle', plate: '鲁F77777', sumInsured: '700000' }] };
  const second = await imported(books, [
    policyRow('U-1', raised),
    policyRow('U-2', raised),
    policyRow('U-4'),
  ]);
  await imported(books, [policyRow('U-2')]);
  const book = await bookOf(books);
  const by = { id: 'undo-1', by: 'O-951', now: new Date().toISOString() };
  expect(await book.undo(books, by, second.id)).toEqual({ restored: 2, left: ['U-2'] });
  expect(await inForce('U-1', '2026-05-01T00:00:00.000Z')).toBe('0/3');
  expect(await inForce('U-4', '2026-05-01T00:00:00.000Z')).toBeUndefined();
  expect((await policyOf(books, 'U-1', '2026-05-01T00:00:00.000Z'))?.objects).toEqual(
    (await owner.policy.findFirstOrThrow({ where: { number: 'U-1', version: 1 } })).objects,
  );
  expect(await book.undo(books, { ...by, id: 'undo-2' }, first.id)).toEqual({
    restored: 1,
    left: ['U-1', 'U-2'],
  });
});

test('policies are found by what people type, and nothing that is sealed stands in plain', async () => {
  const people = [
    {
      role: 'policyholder',
      name: '欧阳娜娜',
      phone: '０１３９-０００１-０００１'.replace('０１３９', '１３９'),
      identity: '110101 19900307 123x',
      address: '龙口市东城区１号',
    },
    { role: 'driver', name: 'Zoë Ångström', email: 'Zoe@Example.COM', account: '6222 0212 3456 7890 128' },
  ];
  const objects = [
    {
      object: 'insured-vehicle',
      plate: '鲁f 8Q6U0',
      vin: 'lsvam4187c2184847',
      model: 'Passat',
      sumInsured: '1',
    },
    { object: 'insured-vehicle', plate: '鲁Ｆ·Ｐ１１１１', sumInsured: '1' },
  ];
  const { rejects } = await imported(books, [policyRow('F-1', { people, objects })]);
  expect(rejects).toEqual({});
  const mark = await marking(books, testKeyring());
  const asked = [
    mark('vehicle', '鲁F8q6u0'),
    mark('vehicle', 'LSVAM4187C2184847'),
    mark('vehicle', '鲁F·P1111'),
    mark('telephone', '+8613900010001'),
    mark('email', 'zoe@example.com'),
    mark('identity', '11010119900307123X'),
    mark('account', '6222021234567890128'),
    mark('name', 'zoë ångström'),
  ];
  const found = await books.policyMark.findMany({ where: { mark: { in: asked }, number: 'F-1' } });
  expect(found.length).toBe(asked.length);
  const row = await books.policy.findFirstOrThrow({ where: { number: 'F-1' } });
  const plain = JSON.stringify(row);
  for (const secret of [
    '欧阳',
    '13900010001',
    '龙口',
    '8Q6U0',
    'LSVAM',
    'ngstr',
    'example',
    '6222021234',
    '19900307',
    'Passat',
  ])
    expect(plain).not.toContain(secret);
  expect(unsealPolicy(row, testKeyring())).toMatchObject({
    people: [{ name: '欧阳娜娜', phone: '+8613900010001' }, { email: 'Zoe@example.com' }],
    objects: { 'insured-vehicle': { model: 'Passat' }, 'insured-vehicle:2': {} },
  });
  await imported(books, [policyRow('F-1')]);
  expect(await books.policyMark.findMany({ where: { mark: { in: asked }, number: 'F-1' } })).toEqual([]);
});

test('a vehicle that two policies of a line insure at one time is taken, and said', async () => {
  const plate = { objects: [{ object: 'insured-vehicle', plate: '鲁F·TW1N5', sumInsured: '1' }] };
  const { counts: taken, warnings } = await imported(books, [
    policyRow('W-1', plate),
    policyRow('W-2', { ...plate, from: '2026-12-31', to: '2028-01-01' }),
    policyRow('W-3', { ...plate, from: '2028-01-01', to: '2029-01-01' }),
  ]);
  expect(taken).toEqual(counts(3, 0, 0));
  expect(warnings).toEqual([
    'line 1: a vehicle of policy W-1 is insured in policy W-2 too at that time: look whether one of them ends',
    'line 2: a vehicle of policy W-2 is insured in policy W-1 too at that time: look whether one of them ends',
  ]);
});

const sum = (sumInsured: string) => ({ objects: [{ object: 'insured-vehicle', sumInsured }] });

const threeTerms = (second: string, third: string) => [
  policyRow('C-1', { to: '2026-04-01' }),
  policyRow('C-1', { endorsement: '1', from: '2026-04-01', to: '2026-08-01', ...sum(second) }),
  policyRow('C-1', { endorsement: '2', from: '2026-08-01', ...sum(third) }),
];

/** A claim in the records of which the policy and the moment of the loss are known. */
async function keepClaim(number: string, policy: string, lossAt: string, outcome?: string): Promise<void> {
  const at = new Date('2026-06-01T00:00:00Z');
  await owner.claim.create({
    data: {
      number,
      line: 'motor',
      jurisdiction: 'CN',
      branch: 'longkou',
      stage: 'documents',
      stageSince: at,
      outcome: outcome ?? null,
      handler: 'C-301',
      surveyor: 'S-201',
      urgency: 'normal',
      claimedMinor: 1,
      currency: 'CNY',
      openedAt: at,
      lastContactAt: at,
      seq: 1,
      state: {},
    },
  });
  await owner.claimMark.create({
    data: { claim: number, mark: `policy:${policy}`, lossAt: new Date(lossAt) },
  });
}

test('claims of a policy are informed when what they rest on has changed: open ones check anew, closed ones are looked at', async () => {
  await keepClaim('L-EARLY', 'C-1', '2026-03-31T15:59:59Z');
  await keepClaim('L-INSIDE', 'C-1', '2026-03-31T16:00:00Z');
  await keepClaim('L-CLOSED', 'C-1', '2026-07-01T00:00:00Z', 'paid');
  await keepClaim('L-OUTSIDE', 'C-1', '2030-07-01T00:00:00Z');
  const informed = async (id: string) => ({
    open: (
      await books.inbox.findMany({ where: { id: { endsWith: `:${id}` } }, orderBy: { claim: 'asc' } })
    ).map(({ claim, message }) => [claim, message]),
    closed: (await books.followUp.findMany({ where: { id: `policy-${id}` } })).map(({ claim, role }) => [
      claim,
      role,
    ]),
  });
  const changed = { name: 'policy-changed', policy: 'C-1' };
  const came = await imported(books, threeTerms('500', '500'));
  const all = ['L-EARLY', 'L-INSIDE', 'L-OUTSIDE'].map((claim) => [claim, changed]);
  expect(await informed(came.id)).toEqual({ open: all, closed: [] });
  const corrected = await imported(books, threeTerms('700', '500'));
  const inside = { open: [['L-INSIDE', changed]], closed: [['L-CLOSED', 'supervisor']] };
  expect(await informed(corrected.id)).toEqual(inside);
  expect(await informed((await imported(books, threeTerms('700', '900'), { dryRun: true })).id)).toEqual({
    open: [],
    closed: [],
  });
  expect(await informed((await imported(books, threeTerms('700', '900'))).id)).toEqual({
    open: [],
    closed: [],
  });
  const book = await bookOf(books);
  await book.undo(books, { id: 'undo-c', by: 'O-951', now: new Date().toISOString() }, corrected.id);
  expect(await informed('undo-c')).toEqual(inside);
});
