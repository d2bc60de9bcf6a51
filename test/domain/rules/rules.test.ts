import { isFrom } from '../../../domain/rules/pack.ts';
import { pack } from '../../support/builders.ts';

test.each([
  ['rules of before releases were named', undefined, false],
  ['an earlier one', '0.3.9', false],
  ['that one', '0.4.0', true],
  ['a later one', '0.10.0', true],
  ['a later one, by its first number', '1.0.0', true],
])('%s: they go by what was put right in 0.4.0, or not', (_, release, expected) => {
  expect(isFrom({ ...pack, ...(release && { release }) }, '0.4.0')).toBe(expected);
});
