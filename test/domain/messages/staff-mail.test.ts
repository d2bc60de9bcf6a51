import {
  byClaim,
  isMailDue,
  mannerOf,
  type FreshTask,
  type Manner,
  type Reader,
  type StaffMailRules,
} from '../../../domain/messages/staff-mail.ts';

const rules: StaffMailRules = {
  lookEveryMs: 60_000,
  gatherMs: 5 * 60_000,
  awake: { from: 7 * 60, to: 21 * 60 },
  mailsADay: 3,
  tasksNamed: 40,
  urgent: ['clock:'],
  usual: { kind: 'digest', at: [8 * 60 + 30] },
  roles: { surveyor: { kind: 'at-once' }, handler: { kind: 'digest', at: [600] } },
  people: { 'C-9': { kind: 'digest', at: [700] } },
};

const now = '2026-11-23T02:00:00.000Z';
const ago = (minutes: number): string => new Date(Date.parse(now) - minutes * 60_000).toISOString();
const task = (change: Partial<FreshTask> = {}): FreshTask => ({
  claim: 'L7K3M-9Q2X4',
  id: 'assess:item-1',
  what: 'assess',
  since: ago(60),
  due: ago(-600),
  rung: 0,
  ...change,
});
const reader = (change: Partial<Reader> = {}): Reader => ({
  now,
  minuteOfDay: 10 * 60,
  mailsToday: 0,
  ...change,
});
const atOnce: Manner = { kind: 'at-once' };
const digest: Manner = { kind: 'digest', at: [] };

test.each<[string, FreshTask[], Manner, Partial<Reader>, boolean]>([
  ['nothing new', [], atOnce, {}, false],
  ['at once: a task of an hour', [task()], atOnce, {}, true],
  ['at once: a task of this minute waits for more', [task({ since: ago(1) })], atOnce, {}, false],
  ['at once: it goes with an older one', [task({ since: ago(1) }), task()], atOnce, {}, true],
  ['at once: no second mail within the same minutes', [task()], atOnce, { lastMailAt: ago(4) }, false],
  ['at once: the next after them', [task()], atOnce, { lastMailAt: ago(5), mailsToday: 1 }, true],
  ['at once: not at night', [task()], atOnce, { minuteOfDay: 6 * 60 + 59 }, false],
  ['at once: nor when the evening begins', [task()], atOnce, { minuteOfDay: 21 * 60 }, false],
  ['at night, by the law', [task({ id: 'clock:decision:item-1:due' })], digest, { minuteOfDay: 180 }, true],
  ['at the cap', [task()], atOnce, { mailsToday: 3 }, false],
  ['at the cap, urgent too', [task({ id: 'clock:decision:item-1:due' })], atOnce, { mailsToday: 3 }, false],
  ['digest: before its hour', [task()], digest, {}, false],
  ['digest: at its hour', [task()], digest, { lastDigest: now }, true],
  ['digest: after it, where no worker ran', [task()], digest, { lastDigest: ago(30) }, true],
  [
    'digest: what came after it waits for the next',
    [task({ since: ago(20) })],
    digest,
    { lastDigest: ago(30) },
    false,
  ],
  ['digest: once', [task()], digest, { lastDigest: ago(30), lastMailAt: ago(29) }, false],
  [
    'digest: an old task that became late after it waits for the next',
    [task({ since: ago(9000), due: ago(20), rung: 1 })],
    digest,
    { lastDigest: ago(30) },
    false,
  ],
])('%s', (_, fresh, manner, about, expected) =>
  expect(isMailDue(fresh, manner, rules, reader(about))).toBe(expected),
);

test.each([
  ['their own', { code: 'C-9', roles: ['surveyor'] as const }, { kind: 'digest', at: [700] }],
  ['a role at once goes first', { code: 'C-1', roles: ['handler', 'surveyor'] as const }, atOnce],
  ["the role's", { code: 'C-1', roles: ['handler'] as const }, { kind: 'digest', at: [600] }],
  ['the usual', { code: 'M-1', roles: ['manager'] as const }, { kind: 'digest', at: [510] }],
])('the manner of a person: %s', (_, person, expected) => expect(mannerOf(person, rules)).toEqual(expected));

test('tasks are grouped by claim, the oldest first', () => {
  const [a, b, c] = [
    task({ claim: 'A', since: ago(10) }),
    task({ claim: 'B', since: ago(30) }),
    task({ claim: 'A', since: ago(50) }),
  ];
  expect(byClaim([a, b, c])).toEqual([
    { claim: 'A', tasks: [c, a] },
    { claim: 'B', tasks: [b] },
  ]);
});
