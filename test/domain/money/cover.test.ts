import type { PolicyFacts } from '../../../domain/money/policy.ts';
import {
  act,
  anInsuredVehicle,
  anOpening,
  aPolicy,
  aThirdPartyVehicle,
  ClaimUnderTest,
  handler,
  lossAt,
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

test('cover keeps what each object is insured for', () => {
  const objects = { 'insured-vehicle': { sumInsuredMinor: yuan(5000), excessMinor: yuan(300) } };
  expect(checked(aPolicy({ objects })).claim.cover).toEqual({ kind: 'covered', objects });
});

test('an item that has ended is not refused when cover is checked again', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle(), aThirdPartyVehicle()] });
  subject.does(handler, act.withdraws('item-1')).does(handler, act.corrects({ policy: 'P-2' }));
  subject.take({ kind: 'check-cover', policy: undefined });
  expect([subject.item().refusal, subject.item('item-2').refusal?.clause]).toEqual([undefined, 'no-policy']);
});
