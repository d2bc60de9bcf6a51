import type { Claim, Item } from '../../../domain/claim/claim.ts';
import { approvalsNeeded, releasedByRules } from '../../../domain/money/authority.ts';
import { validApprovals } from '../../../domain/money/payable.ts';
import { mayNotDecideOn } from '../../../domain/people/permissions.ts';
import type { Person } from '../../../domain/people/people.ts';
import {
  act,
  allPapers,
  anInsuredVehicle,
  aPolicy,
  aThirdPartyVehicle,
  ClaimUnderTest,
  manager,
  noticedAt,
  pack,
  seniorReviewer,
  yuan,
} from '../../support/builders.ts';
import { houseRules } from '../../../config/rules/load.ts';

const rich = aPolicy({
  objects: { 'insured-vehicle': { sumInsuredMinor: yuan(9_000_000), excessMinor: 0 } },
});

/** At review, with an assessment of this amount. */
function at(amount: number, change: Partial<Item> = {}): { claim: Claim; item: Item } {
  const subject = ClaimUnderTest.covered({}, rich).prepared().reviewable(yuan(4800));
  const item: Item = {
    ...subject.item(),
    assessment: { version: 1, amountMinor: yuan(amount), by: 'C-301' },
    ...change,
  };
  return { claim: { ...subject.claim, items: [item] }, item };
}

const scored = (points: number): Partial<Item> => ({ score: { of: 'h', points, factors: [] } });
const american = houseRules.newest({ line: 'contents', jurisdiction: 'US', pace: 'ordinary' });

test.each([
  ['one up to 100000 yuan', 100_000, pack, 1],
  ['two a fen above it', 100_000.01, pack, 2],
  ['two for the largest', 5_000_000, pack, 2],
  ['one up to 10000 dollars', 10_000, american, 1],
  ['two a cent above it', 10_000.01, american, 2],
  ['two where the rules end too soon', 100, { ...pack, review: [] }, 2],
])('%s must approve', (_, amount, under, needed) => {
  const { claim, item } = at(amount);
  expect(approvalsNeeded(claim, item, under)).toBe(needed);
});

test.each<[string, number, Partial<Item>, boolean]>([
  ['small and without risk', 5000, scored(0), true],
  ['a fen too much', 5000.01, scored(0), false],
  ['a point below the limit of risk', 100, scored(29), true],
  ['at the limit of risk', 100, scored(30), false],
  ['without a score', 100, { score: undefined }, false],
  ['sent back once', 100, { ...scored(0), returned: 1 }, false],
  [
    'after a payment came back',
    100,
    {
      ...scored(0),
      payments: [
        {
          kind: 'returned',
          id: 'p',
          of: 'h',
          amountMinor: 1,
          excessMinor: 0,
          at: noticedAt,
          to: 'party-1',
          reason: 'AC04',
        },
      ],
    },
    false,
  ],
])('the rules release, or do not: %s (S34)', (_, amount, change, released) => {
  const { claim, item } = at(amount, change);
  expect(releasedByRules(claim, item, pack)).toBe(released);
});

test.each<[string, number, Partial<Person>, string | undefined]>([
  ['at the personal limit', 500_000, {}, undefined],
  ['a fen above it', 500_000.01, {}, 'limit'],
  ['without a limit', 0.01, { limitMinor: undefined }, 'limit'],
  ['with a limit of nothing', 0.01, { limitMinor: 0 }, 'limit'],
  ['the assessor', 100, { code: 'C-301' }, 'segregation'],
])('a reviewer %s', (_, amount, change, reason) => {
  const { claim, item } = at(amount);
  const { limitMinor: limit, ...others } = seniorReviewer;
  const given = 'limitMinor' in change ? change : { limitMinor: limit, ...change };
  const { limitMinor, ...rest } = { ...others, ...given };
  const person: Person = { ...rest, ...(limitMinor !== undefined && { limitMinor }) };
  expect(mayNotDecideOn(person, 'approve', claim, item, pack)?.reason).toBe(reason);
});

test('the verifier may not approve, and an approval counts once for each person', () => {
  const { claim, item } = at(100);
  const verified = { ...claim, hands: [{ did: 'verified' as const, by: 'R-502', item: item.id }] };
  expect(mayNotDecideOn(seniorReviewer, 'approve', verified, item, pack)?.reason).toBe('segregation');
  const subject = ClaimUnderTest.covered({ items: [{ ...item, claimedMinor: yuan(200_000) }] }, rich)
    .prepared('item-1', ['driving-licence', 'police-determination', 'repair-invoice'])
    .reviewable(yuan(200_000));
  subject.does(seniorReviewer, act.approves(subject.hash()));
  expect(mayNotDecideOn(seniorReviewer, 'approve', subject.claim, subject.item(), pack)?.reason).toBe(
    'approved-before',
  );
  expect(mayNotDecideOn(manager, 'approve', subject.claim, subject.item(), pack)).toBeUndefined();
  expect(validApprovals(subject.claim, subject.item()).map(({ by }) => by)).toEqual(['R-502']);
});

test('an approval of something else does not stand', () => {
  const { claim, item } = at(100, { approvals: [{ of: 'another', by: 'R-502', at: noticedAt }] });
  expect(validApprovals(claim, item)).toEqual([]);
});

test('what the rules released before the total of the claim had grown is reviewed by people', () => {
  const two = { items: [anInsuredVehicle({ claimed: 6000 }), aThirdPartyVehicle({ claimed: 3500 })] };
  const subject = ClaimUnderTest.covered(two).prepared('item-1', allPapers).prepared('item-2', allPapers);
  subject.reviewable(yuan(3500), 'item-2').take({ kind: 'review-by-rules', item: 'item-2' });
  expect(subject.item('item-2').payments).toMatchObject([{ kind: 'approved' }]);
  subject.reviewable(yuan(6000)).asks(manager, act.approves(subject.hash()));
  subject.take({ kind: 'payment-instructed', item: 'item-2', payment: subject.payment('item-2') });
  expect(subject.item('item-2')).toMatchObject({ approvals: [], payments: [] });
  subject.take({ kind: 'review-by-rules', item: 'item-2' });
  expect(subject.item('item-2').approvals).toEqual([]);
});
