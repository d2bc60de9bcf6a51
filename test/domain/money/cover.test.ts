import { refusedBy, unclearOf } from '../../../domain/money/insured.ts';
import { payableMinor } from '../../../domain/money/payable.ts';
import { concerning, type PolicyFacts, type SpecialTerm } from '../../../domain/money/policy.ts';
import { riskOf } from '../../../domain/money/risk.ts';
import { stakesOf } from '../../../domain/money/together.ts';
import { present } from '../../../domain/present.ts';
import {
  act,
  anInsuredVehicle,
  anOpening,
  aPolicy,
  aThirdPartyVehicle,
  ClaimUnderTest,
  handler,
  lossAt,
  pack,
  rules,
  yuan,
} from '../../support/builders.ts';

const justAfter = new Date(Date.parse(lossAt) + 1).toISOString();

function checked(policy: PolicyFacts | undefined, items = [anInsuredVehicle()]): ClaimUnderTest {
  const subject = new ClaimUnderTest(anOpening({ items }));
  subject.take({ kind: 'acknowledge' });
  subject.take({ kind: 'check-cover', policy });
  return subject;
}

test.each<[string, PolicyFacts | undefined, string | undefined, string[]]>([
  ['in force on the day of loss', aPolicy(), undefined, []],
  ['that begins at the moment of loss', aPolicy({ from: lossAt }), undefined, []],
  ['that begins a moment later', aPolicy({ from: justAfter }), 'not-in-force', ['loss-before-inception']],
  ['that ends a moment later', aPolicy({ to: justAfter }), undefined, []],
  ['that ends at the moment of loss', aPolicy({ to: lossAt }), 'not-in-force', ['loss-after-expiry']],
  ['that nobody knows', undefined, 'no-policy', ['policy-unknown']],
  ['of another line', aPolicy({ line: 'contents' }), 'line-not-covered', ['policy-is-for-contents']],
  [
    'of another line and long expired',
    aPolicy({ line: 'contents', to: '2020-01-01T00:00:00.000Z' }),
    'line-not-covered',
    ['policy-is-for-contents'],
  ],
  [
    'without the damaged object',
    aPolicy({ objects: {} }),
    'object-not-insured',
    ['no-cover-for-insured-vehicle'],
  ],
])('a policy %s', (_, policy, clause, reasons) => {
  const { refusal } = checked(policy).item();
  expect([refusal?.clause, refusal?.reasons ?? []]).toEqual([clause, reasons]);
});

test('what is not covered is proposed for refusal by the rules and confirmed by nobody yet (S22)', () =>
  expect(checked(undefined).item().refusal).toMatchObject({ by: 'lipei' }));

test('one object that is not insured refuses its item alone', () => {
  const objects = { 'insured-vehicle': { sumInsuredMinor: yuan(5000), excessMinor: 0 } };
  const subject = checked(aPolicy({ objects }), [anInsuredVehicle(), aThirdPartyVehicle()]);
  expect([subject.item().refusal, subject.item('item-2').refusal?.clause]).toEqual([
    undefined,
    'object-not-insured',
  ]);
});

test('cover keeps the version, and what the objects of the claim are insured for', () => {
  const insured = { sumInsuredMinor: yuan(5000), excessMinor: yuan(300), sharePercent: 80 };
  const objects = { 'insured-vehicle': insured, 'third-party-vehicle': insured };
  expect(checked(aPolicy({ version: 7, objects, wording: 'motor-cn-2020' })).claim.cover).toEqual({
    kind: 'covered',
    version: 7,
    wording: 'motor-cn-2020',
    objects: { 'insured-vehicle': insured },
  });
});

test.each([
  ['a policy of another country', aPolicy({ jurisdiction: 'US' }), 'policy-is-for-motor-in-us'],
  ['a policy in another currency', aPolicy({ currency: 'USD' }), 'policy-is-for-motor-in-cn'],
])('%s covers nothing here', (_, policy, reason) =>
  expect(checked(policy).item().refusal).toMatchObject({ clause: 'line-not-covered', reasons: [reason] }),
);

const sum = { sumInsuredMinor: yuan(500_000), excessMinor: 0 };
const plate = (name: string): string => `vehicle:${name.padEnd(43, '-')}`;
const fleet = aPolicy({
  objects: {
    'insured-vehicle': { ...sum, marks: [plate('A')] },
    'insured-vehicle:2': { ...sum, marks: [plate('B')] },
    'insured-vehicle:10': { ...sum, marks: [plate('C')] },
  },
});
const onlyA = aPolicy({ objects: { 'insured-vehicle': { ...sum, marks: [plate('A')] } } });
const anotherVehicle = { kind: 'refused', clause: 'object-not-insured', reasons: ['another-vehicle'] };
const unclear = { kind: 'insured', as: 'insured-vehicle', unclear: ['object-unclear'] };

test.each<[string, PolicyFacts, string | undefined, unknown]>([
  ['the only vehicle, by its plate', onlyA, plate('A'), undefined],
  ['the only vehicle, without a plate', onlyA, undefined, undefined],
  ['another vehicle', onlyA, plate('X'), anotherVehicle],
  ['a vehicle where the policy names none', aPolicy(), plate('X'), undefined],
  ['the first of a fleet', fleet, plate('A'), undefined],
  ['the second of a fleet', fleet, plate('B'), { kind: 'insured', as: 'insured-vehicle:2' }],
  ['the tenth of a fleet', fleet, plate('C'), { kind: 'insured', as: 'insured-vehicle:10' }],
  ['none of a fleet', fleet, plate('X'), anotherVehicle],
  ['one of a fleet, without a plate', fleet, undefined, unclear],
  [
    'one of several that the policy does not name',
    aPolicy({ objects: { 'insured-vehicle': sum, 'insured-vehicle:2': sum } }),
    plate('X'),
    unclear,
  ],
])('%s', (_, policy, vehicle, standing) => {
  const item = { ...anInsuredVehicle(), ...present({ vehicle }) };
  const { cover } = checked(policy, [item]).claim;
  expect(cover?.kind === 'covered' ? cover.items?.['item-1'] : undefined).toEqual(standing);
  expect(checked(concerning(policy, [item]), [item]).claim.cover).toEqual(cover);
});

const againstFire = aPolicy({ objects: { 'insured-vehicle': { ...sum, causes: ['fire', 'theft'] } } });
const withTerm = (excludes: SpecialTerm['excludes']): PolicyFacts =>
  aPolicy({ special: [{ number: '特3', ...present({ excludes }) }] });
const excluded = { clause: 'excluded-cause', reasons: ['special-term'], term: '特3' };

test.each<[string, PolicyFacts, string | undefined, object | undefined, string[]]>([
  ['a cause that the object is insured against', againstFire, 'fire', undefined, []],
  [
    'a cause that the object is not insured against',
    againstFire,
    'hail',
    { clause: 'excluded-cause', reasons: ['not-insured-against-hail'] },
    [],
  ],
  ['an unknown cause where it makes a difference', againstFire, undefined, undefined, ['cause-unknown']],
  ['an unknown cause where it makes none', aPolicy(), undefined, undefined, []],
  ['a cause that a special term excludes', withTerm({ causes: ['flood'] }), 'flood', excluded, []],
  ['a cause beside it', withTerm({ causes: ['flood'] }), 'hail', undefined, []],
  ['an unknown cause under it', withTerm({ causes: ['flood'] }), undefined, undefined, ['cause-unknown']],
  ['an object that a special term excludes', withTerm({ object: 'insured-vehicle' }), 'hail', excluded, []],
  ['a term about another object', withTerm({ object: 'third-party-vehicle' }), 'hail', undefined, []],
  ['a term that excludes nothing', withTerm(undefined), undefined, undefined, []],
])('%s', (_, policy, cause, refusal, unknown) => {
  const subject = ClaimUnderTest.covered(present({ cause }), policy);
  expect([refusedBy(subject.claim.cover, subject.item()), unclearOf(subject.claim, subject.item())]).toEqual([
    refusal,
    unknown,
  ]);
  if (refusal) expect(subject.item().refusal).toEqual({ ...refusal, by: 'lipei' });
});

test.each(['object-unclear', 'cause-unknown'])(
  'the rules pay nothing while %s, whatever the points',
  (why) => {
    const generous = { ...rules, pack: { ...pack, risk: [] } };
    const policy = why === 'cause-unknown' ? againstFire : fleet;
    const subject = ClaimUnderTest.covered({}, policy, generous).prepared().reviewable(yuan(300));
    subject.take({ kind: 'review-by-rules', item: 'item-1' });
    expect(subject.item().payments).toEqual([]);
    expect(riskOf(subject.claim, subject.item(), pack).factors).toContain(why);
  },
);

test('each vehicle of a fleet has its own sum and excess, in one claim and over claims', () => {
  const own = { sumInsuredMinor: yuan(4000), excessMinor: yuan(100) };
  const policy = aPolicy({
    objects: {
      'insured-vehicle': { ...own, marks: [plate('A')] },
      'insured-vehicle:2': { ...own, marks: [plate('B')] },
    },
  });
  const items = ['A', 'B'].map((name, index) => ({
    ...anInsuredVehicle({ id: `item-${index + 1}` }),
    vehicle: plate(name),
  }));
  const subject = ClaimUnderTest.covered({ items }, policy).prepared();
  subject.prepared('item-2').assessed(yuan(4800)).assessed(yuan(4800), 'item-2');
  expect([
    payableMinor(subject.claim, subject.item()),
    payableMinor(subject.claim, subject.item('item-2')),
  ]).toEqual([yuan(4000), yuan(4000)]);
  expect(stakesOf(subject.claim)).toEqual({ 'insured-vehicle': yuan(4800), 'insured-vehicle:2': yuan(4800) });
  const elsewhere = { related: [], policyPaid: { 'insured-vehicle:2': yuan(3900) } };
  subject.take({ kind: 'relate', elsewhere });
  expect([
    payableMinor(subject.claim, subject.item()),
    payableMinor(subject.claim, subject.item('item-2')),
  ]).toEqual([yuan(4000), yuan(100)]);
});

test('an item that has ended is not refused when cover is checked again', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle(), aThirdPartyVehicle()] });
  subject.does(handler, act.withdraws('item-1')).does(handler, act.corrects({ policy: 'P-2' }));
  subject.take({ kind: 'check-cover', policy: undefined });
  expect([subject.item().refusal, subject.item('item-2').refusal?.clause]).toEqual([undefined, 'no-policy']);
});
