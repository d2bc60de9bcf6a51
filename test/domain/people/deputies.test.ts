import fc from 'fast-check';
import { deputyOf, isAway, standsInFor, type Attendance } from '../../../domain/people/deputies.ts';
import { dayIn } from '../../../config/today.ts';

const today = '2026-11-28';

const somebody = (code: string, rest: Partial<Attendance> = {}): Attendance => ({
  code,
  absences: [],
  deputies: [],
  ...rest,
});

const away = [{ from: '2026-11-20' }];

test.each<[string, Partial<Attendance>, boolean]>([
  ['is there without an absence', {}, false],
  ['is away from the first day of an absence on', { absences: [{ from: today }] }, true],
  ['is away to its last day', { absences: [{ from: '2026-11-20', until: today }] }, true],
  ['is away as long as nobody knows the last day', { absences: away }, true],
  ['is there before it', { absences: [{ from: '2026-11-29' }] }, false],
  ['is there after it', { absences: [{ from: '2026-11-20', until: '2026-11-27' }] }, false],
  ['is there on the last day of their work', { leavesOn: today }, false],
  ['is away on the day after it', { leavesOn: '2026-11-27' }, true],
  ['is away once their row is not active', { active: false }, true],
])('somebody %s', (_, rest, is) => {
  expect(isAway(somebody('C-301', rest), today)).toBe(is);
});

const absent = (...deputies: string[]): Partial<Attendance> => ({ absences: away, deputies });

test.each<[string, Partial<Attendance>[], string | undefined]>([
  ['nobody for somebody who is there', [{ deputies: ['B'] }, {}], undefined],
  ['nobody where no deputy is named', [absent()], undefined],
  ['the first deputy', [absent('B', 'C'), {}, {}], 'B'],
  ['the second while the first is absent', [absent('B', 'C'), absent('D'), {}, {}], 'C'],
  ['the second once the first has left', [absent('B', 'C'), { leavesOn: '2026-11-27' }, {}], 'C'],
  [
    'the deputy of that absence before the others',
    [{ absences: [{ from: today, deputy: 'C' }], deputies: ['B'] }, {}, {}],
    'C',
  ],
  [
    'the others while that one is absent too',
    [{ absences: [{ from: today, deputy: 'C' }], deputies: ['B'] }, {}, absent()],
    'B',
  ],
  ['the deputy of a deputy when all are absent', [absent('B'), absent('C'), absent('D'), {}], 'D'],
  ['nobody in a circle of absent people', [absent('B'), absent('C'), absent('A')], undefined],
  ['nobody who is not on record', [absent('Z')], undefined],
  ['the deputy of somebody who has left', [{ active: false, deputies: ['B'] }, {}], 'B'],
  [
    'no deputy of an absence of somebody who has left meanwhile',
    [{ leavesOn: '2026-11-27', absences: [{ from: today, deputy: 'C' }], deputies: ['B'] }, {}, {}],
    'B',
  ],
])('the work goes to %s', (_, rows, expected) => {
  const staff = rows.map((rest, index) => somebody('ABCD'.charAt(index), rest));
  const [first] = staff;
  if (!first) throw new Error('Somebody is needed');
  expect(deputyOf(first, staff, today)?.code).toBe(expected);
  expect(staff.filter((each) => standsInFor(each.code, staff, today).includes('A'))).toEqual(
    staff.filter((each) => each.code === expected),
  );
});

test('each day begins and ends where the person is', () => {
  const staff = [
    somebody('L', { absences: [{ from: '2026-11-28', until: '2026-11-28' }], deputies: ['D'] }),
    somebody('W', { absences: [{ from: '2026-11-28', until: '2026-11-28' }], deputies: ['D'] }),
    somebody('D'),
  ];
  const zones: Record<string, string> = { L: 'Asia/Shanghai', W: 'America/New_York', D: 'Asia/Shanghai' };
  const at = (moment: string): string[] =>
    standsInFor('D', staff, (code) => dayIn(zones[code] ?? 'UTC', moment));
  expect(at('2026-11-27T15:59:59.000Z')).toEqual([]);
  expect(at('2026-11-27T16:00:00.000Z')).toEqual(['L']);
  expect(at('2026-11-28T04:59:59.000Z')).toEqual(['L']);
  expect(at('2026-11-28T05:00:00.000Z')).toEqual(['L', 'W']);
  expect(at('2026-11-28T15:59:59.000Z')).toEqual(['L', 'W']);
  expect(at('2026-11-28T16:00:00.000Z')).toEqual(['W']);
  expect(at('2026-11-29T05:00:00.000Z')).toEqual([]);
});

test('work never rests with somebody who is away, and every search ends', () => {
  const codes = ['A', 'B', 'C', 'D', 'E'];
  const person = fc.record({
    absences: fc.constantFrom([], away),
    deputies: fc.subarray(codes),
    active: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(person, { minLength: 5, maxLength: 5 }), (rows) => {
      const staff = codes.map((code, index) => somebody(code, rows[index]));
      for (const each of staff) {
        const deputy = deputyOf(each, staff, today);
        if (deputy) expect([isAway(each, today), isAway(deputy, today)]).toEqual([true, false]);
      }
    }),
  );
});
