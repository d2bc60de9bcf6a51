import { claimNumber, isClaimNumber, numbersOf } from '../../domain/ids.ts';
import { sameNumber } from '../support/notices.ts';

test('a notice has the number that it always had, and others to go by where that is taken', () => {
  expect(claimNumber('samples', 'busy-customer')).toBe('LK7ZX-QRQ69');
  expect(numbersOf('samples', 'busy-customer')[0]).toBe('LK7ZX-QRQ69');
  expect(numbersOf('samples', 'busy-customer').filter(isClaimNumber)).toHaveLength(4);
});

test('two notices with the same number differ in every other', () => {
  for (const pair of sameNumber) {
    const [[first, ...others] = [], [same, ...theirs] = []] = pair.map(({ source, reference }) =>
      numbersOf(source, reference),
    );
    expect(first).toBe(same);
    expect(new Set([first, ...others, ...theirs]).size).toBe(7);
  }
});
