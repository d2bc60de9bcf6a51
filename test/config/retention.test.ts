import { houseRules } from '../../config/rules/load.ts';
import { legalTerms, readRetention } from '../../config/retention.ts';

const retention = readRetention();
const year = { validFrom: '2026-01-01T00:00:00.000Z', validTo: '2027-01-01T00:00:00.000Z' };
const closedAt = '2026-11-27T00:00:00.000Z';

test.each([
  ['of one year: five years from its end', { policy: year }, ['2032-01-01']],
  [
    'that ended before the closing: five years from the closing',
    { policy: { ...year, validTo: '2026-06-01T00:00:00.000Z' } },
    ['2031-11-27'],
  ],
  [
    'of more than a year: ten years',
    { policy: { ...year, validTo: '2028-06-01T00:00:00.000Z' } },
    ['2038-06-01'],
  ],
  ['that nobody knows: ten years', {}, ['2036-11-27']],
  [
    'that paid: also ten years from the last payment',
    { policy: year, lastPaymentAt: '2026-11-20T00:00:00.000Z' },
    ['2036-11-20', '2032-01-01'],
  ],
])('the law keeps a claim under a policy %s (C10)', (_, claim, days) => {
  const terms = legalTerms({ jurisdiction: 'CN', closedAt, ...claim }, retention);
  expect(terms.map(({ until }) => until.slice(0, 10))).toEqual(days);
});

test('a leap day never ends a term early', () => {
  const [term] = legalTerms(
    { jurisdiction: 'CN', closedAt: '2028-02-29T08:00:00.000Z', policy: year },
    retention,
  );
  expect(term?.until).toBe('2033-03-01T08:00:00.000Z');
});

test('a jurisdiction without times says which file to complete', () => {
  expect(() => legalTerms({ jurisdiction: 'FR', closedAt }, retention)).toThrow('config/retention.json');
});

test('every jurisdiction that has rules says how long its claims are kept', () => {
  const placesWithRules = houseRules.inForce('ordinary').map(({ jurisdiction }) => jurisdiction);
  expect(Object.keys(retention.laws)).toEqual(expect.arrayContaining(placesWithRules));
});
