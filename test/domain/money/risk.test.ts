import type { Claim, Item } from '../../../domain/claim/claim.ts';
import { riskOf } from '../../../domain/money/risk.ts';
import { aPolicy, ClaimUnderTest, lossAt, pack, yuan } from '../../support/builders.ts';

const hour = 3_600_000;
const noticed = (hours: number, ms = 0): string =>
  new Date(Date.parse(lossAt) + hours * hour + ms).toISOString();

/** Seen on the scene, noticed at once, assessed as claimed, paid to the account of the notice. */
const harmless = (): ClaimUnderTest =>
  ClaimUnderTest.covered(
    {},
    aPolicy({ objects: { 'insured-vehicle': { sumInsuredMinor: yuan(900_000), excessMinor: 0 } } }),
  )
    .prepared()
    .reviewable(yuan(4800));

const at = (amountMinor: number): Partial<Item> => ({
  claimedMinor: amountMinor,
  assessment: { version: 1, amountMinor, by: 'C-301' },
});

test.each<[string, Partial<Claim>, Partial<Item>, string[]]>([
  ['nothing unusual', {}, {}, []],
  ['noticed 48 hours after the loss', { noticedAt: noticed(48) }, {}, []],
  ['noticed a moment later', { noticedAt: noticed(48, 1) }, {}, ['late-notice']],
  ['not surveyed on the scene', { survey: { by: 'S-201', at: lossAt, onScene: false } }, {}, ['no-scene']],
  ['paid exactly 100000', {}, at(yuan(100_000)), []],
  ['paid a fen more', {}, at(yuan(100_000.01)), ['amount-above']],
  ['a changed payee', {}, { payee: { party: 'party-1', account: 'x', changed: true } }, ['payee-changed']],
  ['assessed at what is claimed', {}, at(yuan(5000)), []],
  [
    'assessed a fen above it',
    {},
    { ...at(yuan(5000)), claimedMinor: yuan(4999.99) },
    ['assessed-above-claimed'],
  ],
  [
    'a payment that came back',
    {},
    {
      payments: [
        {
          kind: 'returned',
          id: 'p',
          of: 'h',
          amountMinor: 1,
          excessMinor: 0,
          at: lossAt,
          to: 'party-1',
          reason: 'AC04',
        },
      ],
    },
    ['returned-before'],
  ],
])('%s', (_, ofClaim, ofItem, factors) => {
  const subject = harmless();
  const found = riskOf({ ...subject.claim, ...ofClaim }, { ...subject.item(), ...ofItem }, pack);
  const points = pack.risk.filter(({ factor }) => factors.includes(factor)).map((rule) => rule.points);
  expect(found).toEqual({ factors, points: points.reduce((sum, each) => sum + each, 0) });
});

test('points add up', () => {
  const subject = harmless();
  const claim = {
    ...subject.claim,
    noticedAt: noticed(500),
    survey: { by: 'S', at: lossAt, onScene: false },
  };
  const item = { ...subject.item(), payee: { party: 'party-1', account: 'x', changed: true } };
  expect(riskOf(claim, item, pack)).toEqual({
    points: 30 + 15 + 40,
    factors: ['late-notice', 'no-scene', 'payee-changed'],
  });
});

test('rules without a factor give it no points', () => {
  const subject = harmless();
  const item = { ...subject.item(), payee: { party: 'party-1', account: 'x', changed: true } };
  expect(riskOf(subject.claim, item, { ...pack, risk: [] })).toEqual({ points: 0, factors: [] });
});
