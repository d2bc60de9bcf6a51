import { nextClaimStep, nextStep } from '../../../domain/road/road.ts';
import {
  act,
  anInsuredVehicle,
  aPolicy,
  aThirdPartyVehicle,
  ClaimUnderTest,
  handler,
  lossAt,
  manager,
  pack,
  seniorReviewer,
  yuan,
} from '../../support/builders.ts';

const news = { kind: 'policy-changed', policy: 'P-1' } as const;
const expired = aPolicy({ version: 2, to: lossAt });
const covered = aPolicy({ version: 3 });

const plate = (name: string): string => `vehicle:${name.padEnd(43, '-')}`;

/** The policy has changed to this, and cover was checked anew. */
function changes(subject: ClaimUnderTest, policy: Parameters<typeof aPolicy>[0]): ClaimUnderTest {
  subject.take(news);
  expect(nextClaimStep(subject.claim)).toBe('cover');
  subject.take({ kind: 'check-cover', policy: aPolicy(policy) });
  expect(nextClaimStep(subject.claim)).not.toBe('cover');
  return subject;
}

test('approvals stay where the policy changes nothing of the amount, and fall where it does', () => {
  const subject = ClaimUnderTest.covered().prepared().approved(yuan(4800));
  changes(subject, { version: 2 });
  expect(nextStep(subject.claim, subject.item(), pack)).toBe('pay');
  const objects = { 'insured-vehicle': { sumInsuredMinor: yuan(500_000), excessMinor: yuan(200) } };
  changes(subject, { version: 3, objects });
  expect([nextStep(subject.claim, subject.item(), pack), subject.item().approvals]).toEqual(['score', []]);
});

test('a refusal by the policy falls when the policy says otherwise, also one that a person has taken up', () => {
  const byRules = ClaimUnderTest.covered({}, expired);
  expect(changes(byRules, covered).item().refusal).toBeUndefined();
  const takenUp = ClaimUnderTest.covered({}, expired);
  takenUp.does(manager, act.refuses('not-in-force', 'item-1', ['loss-after-expiry']));
  expect(changes(takenUp, covered).item().refusal).toBeUndefined();
});

test('what two people decided stays, and so does what one has proposed for another reason', () => {
  const decided = ClaimUnderTest.covered({}, expired);
  for (const person of [manager, seniorReviewer])
    decided.does(person, act.refuses('not-in-force', 'item-1', ['loss-after-expiry']));
  expect(changes(decided, covered).item().refusal).toMatchObject({ confirmedBy: 'R-502' });
  const other = ClaimUnderTest.covered({}, expired);
  other.does(manager, act.refuses('fraud'));
  expect(changes(other, covered).item().refusal).toMatchObject({ clause: 'fraud', by: 'M-601' });
});

test('a payment at the bank keeps the whole claim on its cover, and nothing else is paid meanwhile', () => {
  const items = [anInsuredVehicle(), aThirdPartyVehicle()];
  const subject = ClaimUnderTest.covered({ items }).prepared().instructed(yuan(4800));
  subject.prepared('item-2', ['repair-invoice']).approved(yuan(3500), 'item-2');
  subject.take(news);
  expect(nextClaimStep(subject.claim)).toBeUndefined();
  const answer = subject.take({
    kind: 'payment-instructed',
    item: 'item-2',
    payment: subject.payment('item-2'),
  });
  expect(answer).toMatchObject({ kind: 'denied', reason: 'not-now' });
  subject.take({ kind: 'bank-confirmed', payment: subject.payment(), reference: 'B-1' });
  expect(nextClaimStep(subject.claim)).toBe('cover');
  subject.take({ kind: 'check-cover', policy: expired });
  expect([subject.item().refusal, subject.item('item-2').refusal?.clause]).toEqual([
    undefined,
    'not-in-force',
  ]);
  expect(nextStep(subject.claim, subject.item(), pack)).toBe('conclude');
});

test('a party that has read its amount is notified of another one, and of nothing else', () => {
  const subject = ClaimUnderTest.covered().prepared().reviewable(yuan(4800)).messages();
  changes(subject, { version: 2 });
  expect(subject.claim.outbox).toEqual([]);
  const objects = { 'insured-vehicle': { sumInsuredMinor: yuan(500_000), excessMinor: yuan(200) } };
  changes(subject, { version: 3, objects });
  expect(subject.claim.outbox).toMatchObject([
    { kind: 'assessed', facts: { amountMinor: yuan(4600), isRevised: true } },
    { kind: 'assessed' },
  ]);
});

test('a report about another policy changes nothing', () =>
  expect(ClaimUnderTest.covered().take({ ...news, policy: 'P-2' })).toMatchObject({
    kind: 'denied',
    reason: 'not-now',
  }));

test('a policy that is awaited is nobody’s refusal, until its source has none', () => {
  const subject = new ClaimUnderTest();
  subject.take({ kind: 'acknowledge' });
  subject.take({ kind: 'wait-for-policy' });
  expect([nextClaimStep(subject.claim), subject.claim.cover]).toEqual(['cover', undefined]);
  expect(subject.expecting('policy')).toMatchObject({ from: 'operations', ladder: 'operations' });
  subject.take({ ...news, found: 'no' });
  expect(subject.expecting('policy')).toBeUndefined();
  subject.take({ kind: 'wait-for-policy' });
  expect(subject.item().refusal).toMatchObject({ clause: 'no-policy', by: 'lipei' });
});

test.each([
  ['an unknown cause', { cause: 'horoscope' }, 'unknown-code'],
  ['a cause of the line', { cause: 'hail' }, undefined],
])('a correction with %s', (_, correction, reason) => {
  const subject = ClaimUnderTest.covered();
  const answer = subject.asks(handler, act.corrects(correction));
  expect(answer.kind === 'denied' ? answer.reason : undefined).toBe(reason);
  expect(subject.claim.cover === undefined).toBe(reason === undefined);
});

test('a corrected number plate has cover checked again', () => {
  const own = { sumInsuredMinor: yuan(500_000), excessMinor: 0, marks: [plate('A')] };
  const policy = aPolicy({ objects: { 'insured-vehicle': own } });
  const subject = ClaimUnderTest.covered({ items: [{ ...anInsuredVehicle(), vehicle: plate('B') }] }, policy);
  expect(subject.item().refusal).toMatchObject({ reasons: ['another-vehicle'] });
  subject.does(handler, act.corrects({ item: { id: 'item-1', vehicle: plate('A') } }));
  subject.take({ kind: 'check-cover', policy });
  expect(subject.item()).toMatchObject({ refusal: undefined, vehicle: plate('A') });
});
