import type { Absence } from '../../../domain/people/deputies.ts';
import type { StaffEntry } from '../../../domain/people/staff-book.ts';
import {
  awayFrom,
  mayChangeAttendance,
  withAttendance,
  type AttendanceChange,
} from '../../../domain/people/staff-changes.ts';
import type { Unit } from '../../../domain/people/units.ts';

const today = '2026-11-28';

const somebody = (code: string, rest: Partial<StaffEntry> = {}): StaffEntry => ({
  code,
  name: code,
  email: `${code}@company.example`,
  roles: ['handler'],
  branch: 'longkou',
  limits: {},
  conflicts: [],
  active: true,
  locale: 'zh-CN',
  timeZone: 'Asia/Shanghai',
  languages: [],
  deputies: [],
  absences: [],
  ...rest,
});

const staff = [
  somebody('C-2'),
  somebody('C-3', { absences: [{ from: '2026-11-20' }] }),
  somebody('C-4', { leavesOn: '2026-11-27' }),
  somebody('R-1', { roles: ['reviewer'] }),
];

const around = (entry: StaffEntry) => ({
  people: new Map([entry, ...staff].map((each) => [each.code, each])),
  units: new Set(['longkou']),
  today,
});

const december: Absence = { from: '2026-12-01', until: '2026-12-05' };

const changed = (absences: Absence[], change: AttendanceChange) => {
  const entry = somebody('C-1', { absences, deputies: ['C-2'] });
  const answer = withAttendance(entry, change, around(entry));
  if (answer.kind === 'wrong') return answer.mistakes.map(({ field, reason }) => `${field} ${reason}`);
  const { absences: days, deputies, leavesOn } = answer.entry;
  const { deputy: over, from } = awayFrom(answer.entry, change, around(entry)) ?? {};
  return { absences: days, joined: answer.joined, deputies, leavesOn, over, from };
};

const own = { joined: [], deputies: ['C-2'], leavesOn: undefined, over: 'C-2' };

test.each<[string, Absence[], AttendanceChange, object]>([
  [
    'one day',
    [],
    { kind: 'absent', from: today, until: today },
    { absences: [{ from: today, until: today }], from: today },
  ],
  [
    'no known end',
    [],
    { kind: 'absent', from: '2026-12-24' },
    { absences: [{ from: '2026-12-24' }], from: '2026-12-24' },
  ],
  [
    'another one before it',
    [december],
    { kind: 'absent', from: '2026-11-29', until: '2026-11-30' },
    { absences: [{ from: '2026-11-29', until: '2026-11-30' }, december], from: '2026-11-29' },
  ],
  [
    'a longer one, which is joined',
    [december],
    { kind: 'absent', from: '2026-12-03', until: '2026-12-12' },
    { absences: [{ from: '2026-12-01', until: '2026-12-12' }], joined: [december], from: '2026-12-03' },
  ],
  [
    'one without an end, over two',
    [december, { from: '2026-12-20', until: '2026-12-21', deputy: 'C-2' }],
    { kind: 'absent', from: '2026-12-04' },
    {
      absences: [{ from: '2026-12-01', deputy: 'C-2' }],
      joined: [december, { from: '2026-12-20', until: '2026-12-21', deputy: 'C-2' }],
      from: '2026-12-04',
    },
  ],
  [
    'back today',
    [{ from: '2026-11-20' }],
    { kind: 'back', on: today },
    { absences: [{ from: '2026-11-20', until: '2026-11-27' }], over: undefined },
  ],
  [
    'back on its first day: there was none',
    [december],
    { kind: 'back', on: '2026-12-01' },
    { absences: [], over: undefined },
  ],
  [
    'leaves',
    [],
    { kind: 'leaves', on: '2027-03-31' },
    { absences: [], leavesOn: '2027-03-31', from: '2027-04-01' },
  ],
  [
    'leaves with a deputy',
    [],
    { kind: 'leaves', on: today, deputy: 'C-2' },
    { absences: [], leavesOn: today, from: '2026-11-29' },
  ],
  [
    'other deputies',
    [december],
    { kind: 'deputies', deputies: [] },
    { absences: [december], deputies: [], over: undefined, from: '2026-12-01' },
  ],
])('absent or gone: %s', (_, absences, change, expected) => {
  expect(changed(absences, change)).toEqual({ ...own, from: undefined, ...expected });
});

test.each<[string, Absence[], AttendanceChange, string]>([
  [
    'an end before the start',
    [],
    { kind: 'absent', from: '2026-12-05', until: '2026-12-01' },
    'until must be the last day of the absence, on 2026-12-05 or later',
  ],
  [
    'an absence that is over',
    [],
    { kind: 'absent', from: '2026-11-01', until: '2026-11-27' },
    'until must be 2026-11-28 or later: an absence that is over changes nothing',
  ],
  [
    'a deputy who is absent, too',
    [],
    { kind: 'absent', from: '2026-12-01', until: '2026-12-05', deputy: 'C-3' },
    'deputy must be there in that time: C-3 is away from 2026-12-01 to 2026-12-05, too',
  ],
  [
    'a deputy who has left',
    [],
    { kind: 'absent', from: '2026-12-01', deputy: 'C-4' },
    'deputy must be somebody who works here: C-4 has left',
  ],
  [
    'a deputy in another role',
    [],
    { kind: 'leaves', on: '2026-12-31', deputy: 'R-1' },
    'deputy must have a role of C-1 (handler): R-1 is reviewer',
  ],
  [
    'oneself',
    [],
    { kind: 'deputies', deputies: ['C-2', 'C-1'] },
    'deputies[1] must be somebody else: nobody is their own deputy',
  ],
  [
    'nobody with that code',
    [],
    { kind: 'deputies', deputies: ['C-99'] },
    'deputies[0] must be on record or of this import: there is no C-99',
  ],
  [
    'back without an absence',
    [december],
    { kind: 'back', on: today },
    'on must be a day of an absence: C-1 is not absent on 2026-11-28, but from 2026-12-01 to 2026-12-05',
  ],
])('%s is a mistake', (_, absences, change, mistake) => {
  expect(changed(absences, change)).toEqual([mistake]);
});

const units: Unit[] = [
  { code: 'head', name: 'Head', kind: 'head-office' },
  { code: 'yantai', name: 'Yantai', kind: 'regional-office', above: 'head' },
  { code: 'longkou', name: 'Longkou', kind: 'branch', above: 'yantai' },
  { code: 'penglai', name: 'Penglai', kind: 'branch', above: 'yantai' },
];

test.each<[string, Partial<StaffEntry>, AttendanceChange['kind'], boolean]>([
  ['a supervisor of the unit', { roles: ['supervisor'] }, 'absent', true],
  ['a manager of a unit above', { roles: ['manager'], branch: 'yantai' }, 'leaves', true],
  ['an executive of the head office', { roles: ['executive'], branch: 'head' }, 'deputies', true],
  ['a supervisor of another branch', { roles: ['supervisor'], branch: 'penglai' }, 'absent', false],
  ['a colleague', {}, 'absent', false],
  ['the person, their own absence', { code: 'C-1' }, 'absent', true],
  ['the person, their own leaving', { code: 'C-1', roles: ['handler', 'manager'] }, 'leaves', false],
])('%s may change it: %s', (_, by, change, may) => {
  expect(mayChangeAttendance(somebody('X-1', by), somebody('C-1'), change, units)).toBe(may);
});
