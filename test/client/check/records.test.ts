import { isOfToday } from '../../../client/check/records.ts';
import { claimNumber } from '../../../domain/ids.ts';

test('in so many nights each journal is read again from its first entry, once', () => {
  const claims = Array.from({ length: 300 }, (_, index) => claimNumber('test', String(index)));
  const nights = Array.from({ length: 30 }, (_, night) => new Date(Date.UTC(2026, 10, 1 + night, 2)));
  const read = nights.map((now) => claims.filter((claim) => isOfToday(claim, { everyDays: 30 }, now)));
  expect(read.flat().toSorted()).toEqual(claims.toSorted());
  expect(Math.max(...read.map(({ length }) => length))).toBeLessThan(30);
});
