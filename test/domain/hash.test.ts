import fc from 'fast-check';
import { hashOf } from '../../domain/hash.ts';

test('the hash of nothing in particular is the one of SHA-256 over canonical JSON', () => {
  // printf '{"a":1}' | sha256sum
  expect(hashOf({ a: 1 })).toBe('015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862');
});

test('equal values have one hash, whatever the order of their keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (fields) => {
      const turned = Object.fromEntries(Object.entries(fields).toReversed());
      expect(hashOf(turned)).toBe(hashOf(fields));
    }),
    { numRuns: 50 },
  );
});

test.each<[string, unknown, unknown]>([
  ['another amount', { amountMinor: 480_000 }, { amountMinor: 480_001 }],
  ['another order of a list', { items: ['a', 'b'] }, { items: ['b', 'a'] }],
  ['a number and its digits', { amountMinor: 1 }, { amountMinor: '1' }],
  ['nothing and a field with null', {}, { account: null }],
  ['one account and another that differs in its last digit', { account: 'x1' }, { account: 'x2' }],
])('%s is another hash', (_, one, other) => expect(hashOf(one)).not.toBe(hashOf(other)));

test('a field that is undefined is no field', () =>
  expect(hashOf({ amountMinor: 1, reason: undefined })).toBe(hashOf({ amountMinor: 1 })));
