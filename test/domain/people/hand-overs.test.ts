import { takerOf, type HandingOver } from '../../../domain/people/hand-overs.ts';
import type { Member } from '../../../domain/people/takers.ts';
import { ClaimUnderTest, pack } from '../../support/builders.ts';

const units: HandingOver['units'] = [
  { code: 'head', name: 'Head', kind: 'head-office' },
  { code: 'yantai', name: 'Yantai', kind: 'regional-office', above: 'head' },
  { code: 'longkou', name: 'Longkou', kind: 'branch', above: 'yantai' },
  { code: 'penglai', name: 'Penglai', kind: 'branch', above: 'yantai' },
];
const handler = (code: string, branch: string, more: Partial<Member> = {}): Member => ({
  code,
  roles: ['handler'],
  branch,
  conflicts: [],
  limits: {},
  absences: [],
  deputies: [],
  ...more,
});
const subject = ClaimUnderTest.covered();
const today = '2026-11-28';

const taken = (staff: Member[], taking: HandingOver['taking'], loads: Record<string, number> = {}) =>
  takerOf(
    subject.claim,
    {
      from: staff[0] ?? handler('C-1', 'longkou'),
      role: 'handler',
      taking,
      staff,
      units,
      loads: new Map(Object.entries(loads)),
    },
    { today, pack },
  );

const leaving = handler('C-1', 'longkou', { deputies: ['C-2', 'C-3'] });
const [two, three] = [handler('C-2', 'longkou'), handler('C-3', 'longkou')];
const near = handler('C-4', 'penglai');
const away = [{ from: '2026-11-20' }];

test.each<[string, Member[], HandingOver['taking'], Record<string, number>, string | undefined]>([
  ['the one who is named', [leaving, two], { to: 'C-9' }, {}, 'C-9'],
  ['the deputy, also before the person goes', [leaving, two, three], 'deputy', {}, 'C-2'],
  [
    'the next deputy where the first is away',
    [leaving, { ...two, absences: away }, three],
    'deputy',
    {},
    'C-3',
  ],
  [
    'the deputy of the next absence',
    [{ ...leaving, absences: [{ from: '2026-12-01', deputy: 'C-3' }] }, two, three],
    'deputy',
    {},
    'C-3',
  ],
  ['nobody without a deputy', [handler('C-1', 'longkou'), two], 'deputy', {}, undefined],
  ['the one with the fewest claims', [leaving, two, three], 'spread', { 'C-2': 5, 'C-3': 4 }, 'C-3'],
  ['one of the branch before one nearby', [leaving, two, near], 'spread', { 'C-2': 50 }, 'C-2'],
  ['one nearby where the branch has nobody', [leaving, near], 'spread', {}, 'C-4'],
  ['nobody who is away', [leaving, { ...two, absences: away }, near], 'spread', {}, 'C-4'],
  [
    'nobody who is related',
    [leaving, { ...two, conflicts: [subject.claim.policy] }, near],
    'spread',
    {},
    'C-4',
  ],
])('%s takes the claim over', (_, staff, taking, loads, expected) => {
  expect(taken(staff, taking, loads)).toBe(expected);
});

test('each claim that is planned counts for the next one', () => {
  const loads = new Map([['C-2', 0]]);
  const handing: HandingOver = {
    from: leaving,
    role: 'handler',
    taking: 'spread',
    staff: [two, three],
    units,
    loads,
  };
  const names = [1, 2, 3, 4].map(() => takerOf(subject.claim, handing, { today, pack }));
  expect(names).toEqual(['C-2', 'C-3', 'C-2', 'C-3']);
});
