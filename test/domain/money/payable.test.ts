import fc from 'fast-check';
import type { Claim, Item } from '../../../domain/claim/claim.ts';
import { cumulativeMinor, cutsOf, payableHash, payableMinor } from '../../../domain/money/payable.ts';
import { present } from '../../../domain/present.ts';
import {
  act,
  allPapers,
  anInsuredVehicle,
  aPolicy,
  ClaimUnderTest,
  handler,
  supervisor,
  yuan,
} from '../../support/builders.ts';

const insured = (sumInsured: number, excess = 0) =>
  aPolicy({
    objects: { 'insured-vehicle': { sumInsuredMinor: sumInsured, excessMinor: excess } },
  });

/** Items of one object, so that they share a sum insured. */
function claimOf(claimed: number[], sumInsured: number, excess: number): ClaimUnderTest {
  const items = claimed.map((minor, index) => ({
    ...anInsuredVehicle({ id: `item-${index + 1}` }),
    claimedMinor: minor,
  }));
  return ClaimUnderTest.covered({ items }, insured(sumInsured, excess));
}

const withAssessment = (subject: ClaimUnderTest, id: string, amountMinor: number): Item => ({
  ...subject.item(id),
  assessment: { version: 1, amountMinor, by: 'C-301' },
});

/** The first approved at its amount; the second assessed at its own. */
function both(first: number, second: number, sum: number): ClaimUnderTest {
  const subject = claimOf([yuan(first), yuan(second)], yuan(sum), 0);
  subject.prepared('item-1', allPapers).approved(yuan(first));
  return subject.prepared('item-2', ['repair-invoice']).assessed(yuan(second), 'item-2');
}

const reviewable = (): ClaimUnderTest => ClaimUnderTest.covered().prepared().reviewable(yuan(4800));

const amount = fc.integer({ min: 0, max: yuan(20_000) });
/** In percent, also a part of one. */
const share = fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10);

test('what is claimed less the cuts is what is paid, whatever is claimed, assessed, shared and insured (S36)', () => {
  fc.assert(
    fc.property(amount, amount, amount, amount, share, (claimed, assessed, excess, sum, sharePercent) => {
      const isInsured = sharePercent > 0;
      const objects = { 'insured-vehicle': { sumInsuredMinor: sum, excessMinor: excess, sharePercent } };
      const items = [{ ...anInsuredVehicle(), claimedMinor: claimed }];
      const subject = ClaimUnderTest.covered({ items }, aPolicy({ objects }));
      const claim: Claim = isInsured
        ? subject.claim
        : { ...subject.claim, cover: { kind: 'covered', objects: {} } };
      const item = withAssessment(subject, 'item-1', assessed);
      const cuts = cutsOf(claim, item).reduce((total, { minor }) => total + minor, 0);
      const paid = payableMinor(claim, item) ?? Number.NaN;
      expect(claimed - cuts).toBe(paid);
      expect(paid).toBeGreaterThanOrEqual(0);
      expect(paid).toBeLessThanOrEqual(Math.min(assessed, isInsured ? sum : 0));
    }),
  );
});

test('a cut that is nothing is not shown', () => {
  fc.assert(
    fc.property(amount, amount, amount, amount, (claimed, assessed, excess, sum) => {
      const subject = claimOf([claimed], sum, excess);
      expect(
        cutsOf(subject.claim, withAssessment(subject, 'item-1', assessed)).map(({ minor }) => minor),
      ).not.toContain(0);
    }),
  );
});

test.each([
  ['exactly the excess', 500, 500, 5000, 0],
  ['a fen above the excess', 500.01, 500, 5000, 0.01],
  ['a fen below the excess', 499.99, 500, 5000, 0],
  ['the sum insured and the excess', 5500, 500, 5000, 5000],
  ['a fen above both', 5500.01, 500, 5000, 5000],
  ['a fen below both', 5499.99, 500, 5000, 4999.99],
])('assessed at %s', (_, assessed, excess, sum, payable) => {
  const subject = claimOf([yuan(6000)], yuan(sum), yuan(excess));
  expect(payableMinor(subject.claim, withAssessment(subject, 'item-1', yuan(assessed)))).toBe(yuan(payable));
});

test('nothing is known to be payable before the assessment, and nothing without cover', () => {
  const subject = claimOf([yuan(6000)], yuan(5000), 0);
  expect([payableMinor(subject.claim, subject.item()), cutsOf(subject.claim, subject.item())]).toEqual([
    undefined,
    [],
  ]);
  const assessed = withAssessment(subject, 'item-1', yuan(100));
  const { cover: _, ...unchecked } = subject.claim;
  expect(payableMinor(unchecked, assessed)).toBeUndefined();
  expect(
    payableMinor({ ...subject.claim, cover: { kind: 'not-covered', clause: 'c', reasons: [] } }, assessed),
  ).toBeUndefined();
});

describe('two items of one object', () => {
  test.each([
    ['what the first leaves of the sum insured is left for the second', 6000, 6000, 9000, 3000],
    ['all of the second where enough is left', 6000, 3000, 9000, 3000],
    ['a fen less where a fen is missing', 6000, 3000.01, 9000, 3000],
    ['nothing where nothing is left', 9000, 6000, 9000, 0],
  ])('%s', (_, first, second, sum, payable) => {
    const subject = both(first, second, sum);
    expect(payableMinor(subject.claim, subject.item('item-2'))).toBe(yuan(payable));
  });

  test('authority is measured on what both come to', () => {
    const subject = both(6000, 2000, 9000);
    expect(cumulativeMinor(subject.claim, subject.item('item-2'))).toBe(yuan(8000));
    expect(cumulativeMinor(subject.claim, subject.item())).toBe(yuan(6000));
  });

  test('a payment that the bank returned counts no more', () => {
    const subject = both(6000, 6000, 9000);
    subject.take({ kind: 'payment-instructed', item: 'item-1', payment: subject.payment() });
    subject.take({ kind: 'bank-returned', payment: subject.payment(), reason: 'AC04' });
    expect(payableMinor(subject.claim, subject.item('item-2'))).toBe(yuan(6000));
    expect(cumulativeMinor(subject.claim, subject.item('item-2'))).toBe(yuan(6000));
  });
});

describe('the hash of a payment', () => {
  test.each<[string, (subject: ClaimUnderTest) => unknown]>([
    ['another amount', (subject) => subject.does(handler, act.assesses(yuan(4900)))],
    ['the same amount assessed anew', (subject) => subject.does(handler, act.assesses(yuan(4800)))],
    ['another account', (subject) => subject.does(handler, act.setsPayee('account-9'))],
    [
      'another payee with the same account',
      (subject) => subject.does(handler, act.setsPayee('account-1', 'party-2')),
    ],
    ['a paper more', (subject) => subject.does(handler, act.adds('repair-invoice', 'item-1'))],
    [
      'another copy of a paper of the claim',
      (subject) => subject.does(handler, act.adds('driving-licence', undefined, 'other')),
    ],
    ['a paper that is waived', (subject) => subject.does(supervisor, act.waives('driving-licence'))],
  ])('%s is another', (_, change) => {
    const subject = reviewable();
    const before = subject.hash();
    change(subject);
    expect(subject.hash()).not.toBe(before);
  });

  test.each<[string, (subject: ClaimUnderTest) => unknown]>([
    ['a note', (subject) => subject.does(handler, act.notes())],
    ['a call', (subject) => subject.does(handler, act.calls('reached'))],
    ['the same bytes once more', (subject) => subject.does(handler, act.adds('driving-licence'))],
    ['another handler', (subject) => subject.does(handler, act.handsOver('C-309'))],
    ['the same account given again', (subject) => subject.does(handler, act.setsPayee('account-1'))],
  ])('%s is the same', (_, change) => {
    const subject = reviewable();
    const before = subject.hash();
    change(subject);
    expect(subject.hash()).toBe(before);
  });

  test('there is none before the amount and the payee are known', () => {
    const subject = ClaimUnderTest.covered().prepared();
    expect(payableHash(subject.claim, subject.item())).toBeUndefined();
    subject.assessed(yuan(4800));
    expect(payableHash(subject.claim, subject.item())).toBeUndefined();
  });

  test('a second attempt after a return is another payment, though nothing else differs', () => {
    const subject = ClaimUnderTest.covered().prepared().instructed();
    const first = subject.hash();
    subject.take({ kind: 'bank-returned', payment: subject.payment(), reason: 'AC04' });
    subject.does(handler, act.setsPayee('account-1'));
    expect(subject.hash()).not.toBe(first);
  });

  test('items that are alike have different hashes', () => {
    const subject = claimOf([yuan(2000), yuan(2000)], yuan(9000), 0).prepared('item-1', [
      'driving-licence',
      'police-determination',
    ]);
    subject.take({ kind: 'issue-receipt', item: 'item-2' });
    subject.reviewable(yuan(2000)).reviewable(yuan(2000), 'item-2');
    expect(subject.hash('item-1')).not.toBe(subject.hash('item-2'));
  });
});

test.each([
  ['all of it, where the policy names no share', undefined, 4800, 500_000, 4700, []],
  ['nine tenths of what the excess leaves', 90, 4800, 500_000, 4230, [['share', yuan(470)]]],
  ['a half fen goes to the payee', 50, 100.01, 500_000, 0.01, [['share', 0]]],
  [
    'the share first, and then the sum insured',
    50,
    4800,
    2000,
    2000,
    [
      ['share', yuan(2350)],
      ['sum-insured', yuan(350)],
    ],
  ],
])('%s', (_, sharePercent, assessed, sum, paid, cuts) => {
  const own = { sumInsuredMinor: yuan(sum), excessMinor: yuan(100), ...present({ sharePercent }) };
  const subject = ClaimUnderTest.covered({}, aPolicy({ objects: { 'insured-vehicle': own } }));
  const item = withAssessment(subject, 'item-1', yuan(assessed));
  expect(payableMinor(subject.claim, item)).toBe(yuan(paid));
  const found = cutsOf(subject.claim, item).flatMap(({ rule, minor }) =>
    rule === 'share' || rule === 'sum-insured' ? [[rule, minor]] : [],
  );
  expect(found).toEqual(cuts.filter(([, minor]) => minor !== 0));
});
