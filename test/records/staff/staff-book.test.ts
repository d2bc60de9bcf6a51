import { randomUUID } from 'node:crypto';
import { houseRules } from '../../../config/rules/load.ts';
import { hashOf } from '../../../domain/hash.ts';
import { connectDatabase, type Database } from '../../../records/database.ts';
import type { TakenCounts } from '../../../records/books/book.ts';
import { changesOfPerson } from '../../../records/staff/authority-history.ts';
import { applyPlannedPeople } from '../../../records/staff/planned.ts';
import { staffBook } from '../../../records/staff/staff-book.ts';
import { asBooks, ownDatabase } from '../../support/runtime.ts';

let owner: Database;
let books: Database;
beforeAll(async () => {
  const url = await ownDatabase();
  [owner, books] = [connectDatabase(url), connectDatabase(asBooks(url))];
  expect(await send(company)).toMatchObject({ added: company.length, rejects: [] });
});
afterAll(() => Promise.all([owner.$disconnect(), books.$disconnect()]));

const book = staffBook({
  mark: (kind, written) => `${kind}:${hashOf(written).slice(0, 43)}`,
  packs: houseRules.inForce('ordinary'),
});

const now = '2026-11-28T02:00:00.000Z';

type Row = Record<string, unknown>;

const unit = (code: string, kind: string, above?: string): Row => ({
  unit: code,
  name: `Unit ${code}`,
  kind,
  ...(above !== undefined && { above }),
});
const person = (code: string, roles: string[], rest: Row = {}): Row => ({
  code,
  name: `Name of ${code}`,
  email: `${code.toLowerCase()}@company.example`,
  roles,
  unit: 'longkou',
  ...rest,
});

const company = [
  unit('longkou', 'branch', 'yantai'),
  unit('penglai', 'branch', 'yantai'),
  unit('yantai', 'regional-office', 'head'),
  unit('head', 'head-office'),
  person('C-1', ['handler'], { deputies: ['C-2', 'C-3'] }),
  person('C-2', ['handler'], { conflicts: ['lk25-1', { telephone: '+8613800000000' }] }),
  person('C-3', ['handler'], { absences: [{ from: '2026-11-20' }] }),
  person('R-1', ['reviewer'], { limits: { motor: { CNY: '50000.00' }, contents: { USD: '900.5' } } }),
  person('M-1', ['manager'], { unit: 'yantai', limits: { motor: { CNY: '1000000' } } }),
  person('G-1', ['handler'], { active: false }),
];

interface Sent extends TakenCounts {
  id: string;
  rejects: [line: number, ...mistakes: string[]][];
}

/** Stages the rows as an import does, and takes them. */
async function send(rows: Row[], { by = 'owner', dryRun = false, at = now } = {}): Promise<Sent> {
  const id = randomUUID();
  await books.bookImport.create({ data: { id, book: 'staff', source: 'a test', by } });
  await books.stagedRow.createMany({
    data: rows.map((value, index) => {
      const read = book.read(value);
      const staged = { import: id, line: index + 1, key: read.key ?? '' };
      return read.kind === 'read'
        ? { ...staged, row: read.row }
        : { ...staged, row: {}, reject: read.mistakes.map((each) => ({ ...each })) };
    }),
  });
  const counts = await book.take(books, { id, by, now: at }, { dryRun });
  const rejected = await books.stagedRow.findMany({ where: { import: id }, orderBy: { line: 'asc' } });
  const rejects = rejected.flatMap(({ line, reject }): Sent['rejects'] =>
    Array.isArray(reject) ? [[line, ...reject.map(mistake)]] : [],
  );
  return { ...counts, id, rejects };
}

const mistake = (each: unknown): string => {
  const { field, reason } = { field: '', reason: '', ...(typeof each === 'object' && each) };
  return `${field} ${reason}`.trim();
};

const undo = async (undone: Sent, by = 'owner') => {
  const id = randomUUID();
  await books.bookImport.create({
    data: { id, book: 'staff', source: 'undo', by, undoes: undone.id, state: 'taken' },
  });
  return book.undo(books, { id, by, now }, undone.id);
};

const rowOf = async (code: string) => {
  const { import: _, former: __, ...row } = await owner.person.findUniqueOrThrow({ where: { code } });
  return row;
};

const whole = async () => [
  await owner.person.findMany({ orderBy: { code: 'asc' } }),
  await owner.unit.findMany({ orderBy: { code: 'asc' } }),
  await owner.plannedPerson.findMany({ orderBy: { code: 'asc' } }),
  await owner.personChange.count(),
  await owner.unitChange.count(),
];

test('amounts become minor units, and what people are related to becomes marks', async () => {
  expect(await rowOf('R-1')).toMatchObject({
    branch: 'longkou',
    limits: { motor: { CNY: 5_000_000 }, contents: { USD: 90_050 } },
    locale: 'zh-CN',
    timeZone: 'Asia/Shanghai',
    active: true,
  });
  const { conflicts } = await rowOf('C-2');
  expect(conflicts).toEqual(['LK25-1', expect.stringMatching(/^telephone:[0-9a-f]{43}$/)]);
});

test('the same rows in any order change nothing, and a dry run neither', async () => {
  const before = await whole();
  expect(await send(company.toReversed())).toMatchObject({ same: company.length, added: 0, changed: 0 });
  const rows = [person('C-9', ['handler']), { code: 'C-2', name: '王' }, unit('laishan', 'branch', 'yantai')];
  expect(await send(rows, { dryRun: true })).toMatchObject({
    added: 2,
    changed: 1,
    first: { added: ['laishan', 'C-9'], changed: ['C-2'], same: [] },
  });
  expect(await whole()).toEqual(before);
});

test('a row changes the fields that it gives, null empties one, and an undoing brings all back', async () => {
  const before = await rowOf('C-1');
  const rows = [
    { code: 'C-1', name: '宋'.repeat(100), phone: '0535-8500301', leavesOn: '2027-03-31' },
    person('C-8', ['handler']),
    unit('laishan', 'branch', 'yantai'),
    { ...unit('penglai', 'branch', 'head'), name: '蓬莱' },
  ];
  const sent = await send(rows);
  expect(sent).toMatchObject({ added: 2, changed: 2, rejects: [] });
  const { leavesOn } = await rowOf('C-1');
  expect(leavesOn?.toISOString()).toBe('2027-03-31T00:00:00.000Z');
  expect(await send([{ code: 'C-1', leavesOn: null }])).toMatchObject({ changed: 1 });
  expect(await rowOf('C-1')).toMatchObject({ leavesOn: null, phone: '0535-8500301' });
  expect(await undo(sent)).toEqual({ restored: 3, left: ['C-1'] });
  expect(await rowOf('C-8')).toMatchObject({ active: false });
  expect(await owner.unit.findMany({ where: { code: { in: ['laishan', 'penglai'] } } })).toMatchObject([
    { code: 'penglai', name: 'Unit penglai', above: 'yantai' },
  ]);
  const again = await send([person('C-8', ['handler'])]);
  expect([again.changed, (await rowOf('C-8')).active]).toEqual([1, true]);
  const second = await send([{ code: 'C-1', name: before.name, phone: null }]);
  expect(await rowOf('C-1')).toEqual(before);
  expect(await undo(second)).toEqual({ restored: 1, left: [] });
  expect(await rowOf('C-1')).toMatchObject({ name: '宋'.repeat(100) });
  await send([{ code: 'C-1', name: before.name, phone: null }]);
});

test.each<[string, Row[], Sent['rejects']]>([
  [
    'two rows of one code',
    [
      { code: 'C-1', name: 'One' },
      { code: 'C-1', name: 'Other' },
    ],
    [
      [1, 'contradicts line 2, which is about the same: leave one of them'],
      [2, 'contradicts line 1, which is about the same: leave one of them'],
    ],
  ],
  [
    'two rows of one code, of which one counts from a day that has come',
    [
      { code: 'C-1', name: 'One' },
      { code: 'C-1', name: 'Other', from: '2026-11-28' },
    ],
    [
      [1, 'contradicts line 2, which is about the same: leave one of them'],
      [2, 'contradicts line 1, which is about the same: leave one of them'],
    ],
  ],
  [
    'a row beside one that cannot be read',
    [
      { code: 'C-1', name: 'One' },
      { code: 'C-1', roles: ['boss'] },
    ],
    [
      [1, 'is about the same as line 2, which could not be read: correct that one'],
      [2, expect.stringContaining('roles[0] must be one of hotline, surveyor')],
    ],
  ],
  [
    'a new person without what everybody needs',
    [{ code: 'N-1', roles: ['handler'] }],
    [
      [
        1,
        'name is missing, and N-1 is not on record yet',
        'email is missing, and N-1 is not on record yet',
        'unit is missing, and N-1 is not on record yet',
      ],
    ],
  ],
  [
    'an unknown unit, and who rests on the row',
    [person('N-1', ['handler'], { unit: 'qixia' }), { code: 'C-1', deputies: ['N-1'] }],
    [
      [1, 'unit must be a unit on record or of this import: there is no qixia'],
      [2, 'deputies[0] must be on record or of this import: there is no N-1'],
    ],
  ],
  [
    'deputies who cannot be',
    [{ code: 'C-1', deputies: ['C-1', 'M-1', 'G-1', 'Z-1', 'C-2', 'C-2'] }],
    [
      [
        1,
        'deputies[0] must be somebody else: nobody is their own deputy',
        'deputies[1] must have a role of C-1 (handler): M-1 is manager',
        'deputies[2] must be somebody who works here: G-1 has left',
        'deputies[3] must be on record or of this import: there is no Z-1',
        'deputies[5] must be somebody else: they are named already',
      ],
    ],
  ],
  [
    'the deputy of an absence who is away on all its days',
    [{ code: 'C-1', absences: [{ from: '2026-12-01', until: '2026-12-05', deputy: 'C-3' }] }],
    [[1, 'absences[0].deputy must be there in that time: C-3 is away from 2026-12-01 to 2026-12-05, too']],
  ],
  [
    'an absence that ends before it starts, and two on one day',
    [
      { code: 'C-1', absences: [{ from: '2026-12-05', until: '2026-12-01' }] },
      { code: 'C-2', absences: [{ from: '2026-12-05', until: '2026-12-06' }, { from: '2026-12-01' }] },
    ],
    [
      [1, 'absences[0].until must be the last day of the absence, on its first day or later'],
      [2, 'absences must not overlap: give one absence for days that belong together'],
    ],
  ],
  [
    'a limit of a line or in a currency that no rules have, and one that is no amount',
    [{ code: 'R-1', limits: { motor: { USD: '1' }, pets: { CNY: '1' }, contents: { USD: '1.234' } } }],
    [
      [
        1,
        'limits.motor.USD must be a limit for a line in its currency; the rules have motor in CNY, contents in USD',
        'limits.pets.CNY must be a limit for a line in its currency; the rules have motor in CNY, contents in USD',
        expect.stringContaining('limits.contents.USD must be an amount in decimal notation'),
      ],
    ],
  ],
  [
    'an unknown zone, language and name, and a code that stands for somebody else',
    [{ code: 'C-1', timeZone: 'Asia/Longkou', locale: 'xx-YY', salary: '1' }, person('bank', ['handler'])],
    [
      [
        1,
        'locale must be a language such as zh-CN or en-US',
        'timeZone must be a time zone such as Asia/Shanghai',
        expect.stringContaining('salary is not a field here; the fields are code, name,'),
      ],
      [2, expect.stringContaining('code must be a code of a person, and none of customer,')],
    ],
  ],
  [
    'a circle of units',
    [unit('yantai', 'regional-office', 'weihai'), unit('weihai', 'regional-office', 'yantai')],
    [
      [1, 'above must lead to the head office: yantai is beneath weihai is beneath yantai, in a circle'],
      [2, 'above must lead to the head office: weihai is beneath yantai is beneath weihai, in a circle'],
    ],
  ],
  [
    'a unit beneath itself, beneath nothing, beneath what is not there, and beneath a smaller one',
    [
      unit('qixia', 'branch', 'qixia'),
      unit('laizhou', 'branch'),
      unit('haiyang', 'branch', 'qingdao'),
      unit('weihai', 'regional-office', 'longkou'),
    ],
    [
      [1, 'above must be another unit'],
      [2, 'above is missing: it must be the unit above it, up to the head office'],
      [3, 'above must be a unit on record or of this import: there is no qingdao'],
      [4, 'above must not be longkou: a regional-office is above a branch'],
    ],
  ],
  [
    'a second head office',
    [unit('beijing', 'head-office')],
    [[1, 'kind must not be head-office: head is that already']],
  ],
  [
    'a row that leaves others without a way up',
    [unit('head', 'branch', 'longkou')],
    [[1, expect.stringContaining('above must lead to the head office: head is beneath longkou is beneath')]],
  ],
])('%s: is rejected, and changes nothing', async (_, rows, rejects) => {
  const before = await whole();
  const sent = await send(rows);
  expect(sent.rejects).toEqual(rejects);
  expect(sent).toMatchObject({ rejected: rejects.length, added: 0, changed: 0 });
  expect(await whole()).toEqual(before);
});

test('nobody changes their own authority, nor what is beneath their unit; their name they may', async () => {
  const sent = await send(
    [
      { code: 'M-1', limits: { motor: { CNY: '9000000' } }, roles: ['manager', 'finance'] },
      unit('longkou', 'branch', 'head'),
      { code: 'R-1', limits: { motor: { CNY: '60000' } } },
    ],
    { by: 'M-1' },
  );
  expect(sent.rejects).toEqual([
    [
      1,
      'roles must stay as it is: nobody changes their own authority; somebody else must send it',
      'limits must stay as it is: nobody changes their own authority; somebody else must send it',
    ],
  ]);
  const back = await send([unit('longkou', 'branch', 'yantai')], { by: 'M-1' });
  expect(back.rejects).toEqual([
    [1, 'above must not come beneath yantai, your own unit: somebody else must send it'],
  ]);
  expect(await send([{ code: 'M-1', name: '姜卫东' }], { by: 'M-1' })).toMatchObject({ changed: 1 });
  const later = await send([{ code: 'M-1', roles: ['executive'], from: '2027-01-01' }], { by: 'M-1' });
  expect(later.rejects).toHaveLength(1);
  await send([unit('longkou', 'branch', 'yantai')]);
  const changes = await owner.personChange.findMany({ where: { code: 'R-1' }, orderBy: { id: 'asc' } });
  expect(changes.map(({ by, role }) => [by, role])).toEqual([
    [null, 'lipei_books'],
    ['M-1', 'lipei_books'],
  ]);
});

test('what counts from a day on becomes true then, where the person works; with who planned it and when', async () => {
  const rows = [{ code: 'R-1', limits: { motor: { CNY: '70000' } }, from: '2027-01-01' }];
  const sent = await send(rows, { by: 'M-1' });
  expect(sent).toMatchObject({ changed: 1, rejects: [] });
  expect(await send(rows, { by: 'M-1' })).toMatchObject({ same: 1, changed: 0 });
  await send([{ code: 'R-1', name: '邹明' }]);
  expect((await changesOfPerson(owner, 'R-1')).at(-1)).toMatchObject({
    at: '2026-12-31T16:00:00.000Z',
    isToCome: true,
    by: 'M-1',
    plannedAt: now,
    after: { limits: { motor: { CNY: 7_000_000 } } },
  });
  const midnight = Date.parse('2027-01-01T00:00:00+08:00');
  const before = await applyPlannedPeople(books, new Date(midnight - 1).toISOString());
  expect(before).toEqual({ taken: [], faults: [] });
  expect(await applyPlannedPeople(books, new Date(midnight).toISOString())).toEqual({
    taken: ['R-1'],
    faults: [],
  });
  expect(await rowOf('R-1')).toMatchObject({ name: '邹明', limits: { motor: { CNY: 7_000_000 } } });
  const [last] = await owner.personChange.findMany({
    where: { code: 'R-1' },
    orderBy: { id: 'desc' },
    take: 1,
  });
  expect([last?.by, last?.plannedAt?.toISOString()]).toEqual(['M-1', now]);
  expect(await undo(sent)).toEqual({ restored: 1, left: [] });
  expect(await rowOf('R-1')).toMatchObject({ limits: { motor: { CNY: 6_000_000 } } });
});

test('a plan that cannot be taken any more stays, with the reason; an undoing drops one that is to come', async () => {
  const sent = await send([
    { code: 'C-1', deputies: ['C-2'], from: '2027-02-01' },
    { code: 'C-2', name: 'Later', from: '2027-06-01' },
  ]);
  await send([{ code: 'C-2', active: false }]);
  const answer = await applyPlannedPeople(books, '2027-02-02T00:00:00.000Z');
  expect(answer).toEqual({
    taken: [],
    faults: ['C-1: deputies[0] must be somebody who works here: C-2 has left.'],
  });
  expect(await undo(sent)).toMatchObject({ restored: 2 });
  expect(await owner.plannedPerson.count()).toBe(0);
});
