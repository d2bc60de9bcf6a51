import fc from 'fast-check';
import {
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
