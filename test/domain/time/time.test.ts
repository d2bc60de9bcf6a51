import fc from 'fast-check';
import {
  instantOf,
  isBefore,
  isInstant,
  isLocalDate,
  latest,
  msOf,
  plusMinutes,
} from '../../../domain/time/time.ts';

test.each<[string, unknown, boolean]>([
  ['UTC with milliseconds', '2026-11-23T08:00:00.000Z', true],
  ['without milliseconds', '2026-11-23T08:00:00Z', false],
  ['with an offset', '2026-11-23T08:00:00.000+08:00', false],
  ['a day', '2026-11-23', false],
  ['a day that is not there', '2026-02-30T08:00:00.000Z', false],
  ['the 25th hour', '2026-11-23T25:00:00.000Z', false],
  ['a number', 1_700_000_000_000, false],
  ['nothing', undefined, false],
  ['words', 'tomorrow', false],
])('an instant: %s', (_, value, is) => expect(isInstant(value)).toBe(is));

test.each<[string, unknown, boolean]>([
  ['a day', '2026-11-23', true],
  ['the 29th of February in a leap year', '2028-02-29', true],
  ['the 29th of February in another', '2026-02-29', false],
  ['the 31st of November', '2026-11-31', false],
  ['the 13th month', '2026-13-01', false],
  ['without leading nought', '2026-11-3', false],
  ['with an hour', '2026-11-23T08:00', false],
  ['a number', 20_261_123, false],
])('a day of the calendar: %s', (_, value, is) => expect(isLocalDate(value)).toBe(is));

test.each<[string, (string | undefined)[], string]>([
  ['the later of two', ['2026-11-23T08:00:00.000Z', '2026-11-24T08:00:00.000Z'], '2026-11-24T08:00:00.000Z'],
  ['in any order', ['2026-11-24T08:00:00.000Z', '2026-11-23T08:00:00.000Z'], '2026-11-24T08:00:00.000Z'],
  ['the only one that is known', ['2026-11-23T08:00:00.000Z', undefined], '2026-11-23T08:00:00.000Z'],
])('the latest is %s', (_, instants, expected) => expect(latest(...instants)).toBe(expected));

test('one instant is before another by its milliseconds, never before itself', () => {
  expect(isBefore('2026-11-23T08:00:00.000Z', '2026-11-23T08:00:00.001Z')).toBe(true);
  expect(isBefore('2026-11-23T08:00:00.001Z', '2026-11-23T08:00:00.000Z')).toBe(false);
  expect(isBefore('2026-11-23T08:00:00.000Z', '2026-11-23T08:00:00.000Z')).toBe(false);
});

const milliseconds = fc.integer({ min: Date.parse('2000-01-01'), max: Date.parse('2100-01-01') });

test('milliseconds and instants are the same moment, and instants sort as their texts', () => {
  fc.assert(
    fc.property(milliseconds, milliseconds, (one, other) => {
      expect(msOf(instantOf(one))).toBe(one);
      expect(isInstant(instantOf(one))).toBe(true);
      expect(instantOf(one) < instantOf(other)).toBe(one < other);
    }),
  );
});

test('minutes are added and taken away', () => {
  fc.assert(
    fc.property(milliseconds, fc.integer({ min: -10_000, max: 10_000 }), (ms, minutes) => {
      const later = plusMinutes(instantOf(ms), minutes);
      expect(msOf(later) - ms).toBe(minutes * 60_000);
      expect(plusMinutes(later, -minutes)).toBe(instantOf(ms));
    }),
  );
});
