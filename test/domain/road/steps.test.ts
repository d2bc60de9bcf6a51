import { claimSteps, itemSteps, signOffs, stages, stepsBetween } from '../../../domain/road/steps.ts';

test.each([
  ['from the review to the confirmation', 'review', 'confirm', ['review', 'pay', 'confirm']],
  ['one step', 'review', 'review', ['review']],
  ['the last two', 'confirm', 'conclude', ['confirm', 'conclude']],
  ['backwards there are none', 'review', 'assess', []],
] as const)('%s, both ends included', (_, first, last, steps) =>
  expect(stepsBetween(first, last)).toEqual(steps),
);

test('stages are the claim’s steps, then the items’, then closed, each once', () => {
  expect(stages).toEqual([...claimSteps, ...itemSteps, 'closed']);
  expect(new Set(stages).size).toBe(stages.length);
});

test('whatever is signed off is a step between assessment and payment', () => {
  for (const step of Object.keys(signOffs)) expect(stepsBetween('assess', 'pay')).toContain(step);
});
