import fc from 'fast-check';
import {
  foldedClaim,
  claimNumber,
  claimOfWorkflow,
  isClaimNumber,
  numbersOf,
  paymentId,
  workflowIdOf,
} from '../../domain/ids.ts';
import { sameNumber } from '../support/notices.ts';

test('a notice has the number that it always had, and others to go by where that is taken', () => {
  expect(claimNumber('samples', 'busy-customer')).toBe('LK7ZX-QRQ69');
  expect(numbersOf('samples', 'busy-customer')[0]).toBe('LK7ZX-QRQ69');
  expect(new Set(numbersOf('samples', 'busy-customer').filter(isClaimNumber)).size).toBe(4);
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

test('any source and reference make numbers that are numbers, the same each time', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (source, reference) => {
      expect(numbersOf(source, reference).every(isClaimNumber)).toBe(true);
      expect(numbersOf(source, reference)).toEqual(numbersOf(source, reference));
    }),
  );
});

test('where the source ends and the reference begins makes a difference', () =>
  expect(claimNumber('hotline-1', '2')).not.toBe(claimNumber('hotline-', '12')));

test.each([
  ['as people write it', 'L7K3M-9Q2X4', true],
  ['without its L', '7K3M-9Q2X4', false],
  ['in small letters', 'l7k3m-9q2x4', false],
  ['with an I, which looks like a 1', 'L7K3I-9Q2X4', false],
  ['with an O, which looks like a 0', 'LOK3M-9Q2X4', false],
  ['with a U', 'L7K3M-9Q2XU', false],
  ['with an L inside', 'L7K3L-9Q2X4', false],
  ['one character short', 'L7K3M-9Q2X', false],
  ['one character long', 'L7K3M-9Q2X44', false],
  ['with something before it', 'claim-L7K3M-9Q2X4', false],
])('a claim number %s', (_, value, is) => expect(isClaimNumber(value)).toBe(is));

test.each([
  ['the workflow of a claim', 'claim-L7K3M-9Q2X4', 'L7K3M-9Q2X4'],
  ['a workflow under the bare number', 'L7K3M-9Q2X4', 'L7K3M-9Q2X4'],
  ['a workflow that somebody started by hand', 'test-1', undefined],
  ['a workflow with something after the number', 'claim-L7K3M-9Q2X4-2', undefined],
])('%s has its claim, or none', (_, id, claim) => expect(claimOfWorkflow(id)).toBe(claim));

test('the claim of a workflow is the one whose workflow it is', () =>
  expect(claimOfWorkflow(workflowIdOf('L7K3M-9Q2X4'))).toBe('L7K3M-9Q2X4'));

test('each attempt at each item of each claim is a payment of its own', () => {
  const ids = ['L7K3M-9Q2X4', 'L7K3M-9Q2X5'].flatMap((claim) =>
    ['item-1', 'item-2', 'item-11'].flatMap((item) => [1, 2, 11].map((n) => paymentId(claim, item, n))),
  );
  expect(new Set(ids).size).toBe(18);
  expect(ids[0]).toBe('L7K3M-9Q2X4-item-1-payment-1');
});

test.each([
  ['without its hyphen', 'L7K3M9Q2X4', 'L7K3M-9Q2X4'],
  ['in small letters', 'l7k3m-9q2x4', 'L7K3M-9Q2X4'],
  ['in full width', 'Ｌ７Ｋ３Ｍ－９Ｑ２Ｘ４', 'L7K3M-9Q2X4'],
  ['with blanks', ' L7K3M 9Q2X4 ', 'L7K3M-9Q2X4'],
  ['with another dash', 'L7K3M–9Q2X4', 'L7K3M-9Q2X4'],
  ['with an invisible sign', 'L7K3M-9Q2X4\u200B', 'L7K3M-9Q2X4'],
  ['with an O for 0', 'LOK3M-9Q2XO', 'L0K3M-9Q2X0'],
  ['with an I and an L for 1', 'L7KIM-9Q2XL', 'L7K1M-9Q2X1'],
  ['with a 1 for its L', '17K3M-9Q2X4', 'L7K3M-9Q2X4'],
  ['in Cyrillic look-alikes', 'L7К3М-9Q2Х4', 'L7K3M-9Q2X4'],
  ['by its tail', '9q2x4', '9Q2X4'],
  ['by its tail, with an O for 0', '9Q2XO', '9Q2X0'],
  ['by nothing of the kind', ' claim 7 ', 'claim 7'],
  ['by too many signs', 'L7K3M-9Q2X44', 'L7K3M-9Q2X44'],
])('a claim is named %s', (_, named, claim) => expect(foldedClaim(named)).toBe(claim));

test('every claim number, however it is written, is itself', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (source, reference) => {
      const number = claimNumber(source, reference);
      for (const written of [
        number,
        number.toLowerCase(),
        number.replace('-', ''),
        number.replaceAll('0', 'O'),
      ])
        expect(foldedClaim(written)).toBe(number);
      expect(foldedClaim(number.slice(-5))).toBe(number.slice(-5));
    }),
  );
});
