import { scaled } from '../../../config/rules/pace.ts';
import { houseRules } from '../../../config/rules/load.ts';

test.each([
  ['P3D', 'PT1S', 'PT3S'],
  ['3wd', 'PT10S', 'PT30S'],
  ['P2W', 'PT1M', 'PT840S'],
  ['PT4H', 'PT20S', 'PT4S'],
  ['P1DT12H', 'PT2H', 'PT10800S'],
  ['PT0S', 'PT10S', 'PT0S'],
  ['PT1S', 'PT1S', 'PT1S'],
])('%s where a day is %s is %s', (offset, day, expected) => {
  expect(scaled(offset, day)).toBe(expected);
});

const anyHour = { from: '00:00', to: '24:00' };
const packs = (pace: string) => houseRules.inForce(pace);

test.each(houseRules.paces())(
  'the pace %s changes times and how often people are written to, nothing else',
  (pace) => {
    for (const [index, ordinary] of packs('ordinary').entries()) {
      const other = packs(pace)[index];
      expect({
        ...other,
        versions: ordinary.versions,
        ladders: withoutTimes(other?.ladders),
        documents: other?.documents.map((rule) => ({ ...rule, notBefore: '' })),
        clocks: Object.keys(other?.clocks ?? {}),
        heartbeat: ordinary.heartbeat,
        collapse: ordinary.collapse,
        caps: ordinary.caps,
        contactHours: ordinary.contactHours,
      }).toEqual({
        ...ordinary,
        ladders: withoutTimes(ordinary.ladders),
        documents: ordinary.documents.map((rule) => ({ ...rule, notBefore: '' })),
        clocks: Object.keys(ordinary.clocks),
      });
    }
  },
);

const withoutTimes = (ladders: Record<string, { after: string }[]> = {}) =>
  Object.fromEntries(
    Object.entries(ladders).map(([name, rungs]) => [name, rungs.map((rung) => ({ ...rung, after: '' }))]),
  );

test('in a demonstration each ladder keeps its order, and a rung without delay stays so', () => {
  for (const { ladders } of packs('demo'))
    for (const [name, rungs] of Object.entries(ladders)) {
      if (name === 'escalated') continue;
      const seconds = rungs.map(({ after }) => Number(/^PT(\d+)S$/.exec(after)?.[1]));
      expect({ name, seconds }).toEqual({ name, seconds: seconds.toSorted((one, other) => one - other) });
      expect(new Set(seconds).size).toBe(rungs.length);
    }
  expect(packs('demo')[0]?.ladders['clock']?.[0]?.after).toBe('PT0S');
});

test('a demonstration and the tests send at any hour and gather nothing; real claims keep legal hours', () => {
  for (const pace of ['demo', 'any-hour'])
    for (const { contactHours, collapse } of packs(pace))
      expect({ contactHours, collapse }).toEqual({ contactHours: anyHour, collapse: null });
  for (const { contactHours, collapse } of packs('ordinary')) {
    expect(contactHours).not.toEqual(anyHour);
    expect(collapse).not.toBeNull();
  }
});

test('tests keep the days of the ordinary rules', () => {
  expect(packs('any-hour').map(({ ladders, clocks }) => ({ ladders, clocks }))).toEqual(
    packs('ordinary').map(({ ladders, clocks }) => ({ ladders, clocks })),
  );
});
