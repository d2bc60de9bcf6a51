import { isDenied, itemAt, openItem } from '../../../domain/claim/open-item.ts';
import { denied } from '../../../domain/denial.ts';
import { act, ClaimUnderTest, handler, rules } from '../../support/builders.ts';

test('an item that the claim has and that is open is found', () => {
  const { claim } = ClaimUnderTest.covered();
  expect(openItem(claim, 'item-1')).toBe(claim.items[0]);
});

test('one that it has not is named with those that it has', () =>
  expect(openItem(ClaimUnderTest.covered().claim, 'item-9')).toMatchObject({
    reason: 'unknown-item',
    sentence: 'Claim L0000-00000 has no item "item-9"; it has item-1.',
  }));

test('one that has ended says how', () => {
  const { claim } = ClaimUnderTest.covered().does(handler, act.withdraws());
  expect(openItem(claim, 'item-1')).toMatchObject({
    reason: 'not-now',
    sentence: 'item-1 has ended (withdrawn).',
  });
});

test.each([
  ['at a step that is asked for', ['documents'] as const, true],
  ['at one of several', ['assess', 'documents'] as const, true],
  ['at another step', ['assess', 'verify'] as const, false],
])('an item %s', (_, steps, found) => {
  const { claim } = ClaimUnderTest.covered({ surveyWaived: true });
  expect(isDenied(itemAt(claim, 'item-1', rules, ...steps))).toBe(!found);
});

test('while the claim has a step of its own its items stand at that', () =>
  expect(itemAt(ClaimUnderTest.covered().claim, 'item-1', rules, 'documents', 'assess')).toMatchObject({
    sentence: 'item-1 is at the step "survey", not at "documents" or "assess".',
  }));

test('a denial is one, an item that has been refused is none', () => {
  expect(isDenied(denied('role', 'No.'))).toBe(true);
  expect(isDenied({ kind: 'refused', clause: 'fraud', reasons: [] })).toBe(false);
  expect(isDenied({ sentence: 'No.' })).toBe(false);
});
