import { cutsOf, payableHash, payableMinor } from '../../../domain/money/payable.ts';
import { nextStep } from '../../../domain/road/road.ts';
import {
  act,
  anInsuredVehicle,
  aPerson,
  aPolicy,
  aThirdPartyVehicle,
  ClaimUnderTest,
  finance,
  handler,
  juniorReviewer,
  manager,
  pack,
  seniorReviewer,
  surveyor,
  verifier,
  yuan,
  aNote,
} from '../../support/builders.ts';

const large = (): ClaimUnderTest =>
  ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 380_000 })] })
    .prepared('item-1', ['driving-licence', 'police-determination', 'repair-invoice'])
    .reviewable(yuan(380_000));
const hash = (subject: ClaimUnderTest, item = 'item-1'): string =>
  payableHash(subject.claim, subject.item(item)) ?? '';
const approve = (subject: ClaimUnderTest, person = seniorReviewer) =>
  subject.asks(person, { kind: 'approve', item: 'item-1', of: hash(subject) });
const step = (subject: ClaimUnderTest, item = 'item-1') => nextStep(subject.claim, subject.item(item), pack);

test('a large payment needs two approvals by different people', () => {
  const subject = large();
  expect(approve(subject)).toMatchObject({ kind: 'decided' });
  expect(step(subject)).toBe('review');
  expect(approve(subject, manager)).toMatchObject({ kind: 'decided' });
  expect(step(subject)).toBe('pay');
});

test.each([
  [
    'the assessor',
    aPerson('C-301', { roles: ['handler', 'reviewer'], limitMinor: yuan(900_000) }),
    'segregation',
  ],
  [
    'the verifier',
    aPerson('V-401', { roles: ['verifier', 'reviewer'], limitMinor: yuan(900_000) }),
    'segregation',
  ],
  ['somebody with too low a limit', juniorReviewer, 'limit'],
  ['a handler who is no reviewer', aPerson('C-302', { roles: ['handler'] }), 'role'],
  [
    'a relative of the policyholder',
    aPerson('R-503', { roles: ['reviewer'], limitMinor: yuan(900_000), conflicts: ['P-1'] }),
    'conflict-of-interest',
  ],
])('%s cannot approve it', (_, person, reason) => {
  expect(approve(large(), person)).toMatchObject({ kind: 'denied', reason });
});

test('the same person does not count twice', () => {
  const subject = large();
  approve(subject);
  expect(approve(subject)).toMatchObject({ kind: 'denied', reason: 'approved-before' });
});

test.each([
  ['exactly the limit may be approved', 500_000, 'decided'],
  ['one fen above it may not', 500_000.01, 'denied'],
])('%s', (_, limit, kind) => {
  const subject = ClaimUnderTest.covered(
    { items: [anInsuredVehicle({ claimed: limit })] },
    aPolicy({ objects: { 'insured-vehicle': { sumInsuredMinor: yuan(2_000_000), excessMinor: 0 } } }),
  );
  subject
    .prepared('item-1', ['driving-licence', 'police-determination', 'repair-invoice'])
    .reviewable(yuan(limit));
  expect(approve(subject).kind).toBe(kind);
});

test("splitting helps nobody: the limit is measured on the claim's cumulative total", () => {
  const subject = ClaimUnderTest.covered({
    items: [anInsuredVehicle({ claimed: 40_000 }), aThirdPartyVehicle({ claimed: 40_000 })],
  });
  subject
    .prepared('item-1', ['driving-licence', 'police-determination', 'repair-invoice'])
    .reviewable(yuan(40_000));
  expect(subject.asks(juniorReviewer, { kind: 'approve', item: 'item-1', of: hash(subject) })).toMatchObject({
    kind: 'decided',
  });
  subject.prepared('item-2', ['repair-invoice']).reviewable(yuan(40_000), 'item-2');
  expect(
    subject.asks(juniorReviewer, { kind: 'approve', item: 'item-2', of: hash(subject, 'item-2') }),
  ).toMatchObject({ kind: 'denied', reason: 'limit' });
});

test('a changed amount voids approvals, and says so', () => {
  const subject = large();
  approve(subject);
  const old = hash(subject);
  const decision = subject.asks(handler, { kind: 'assess', item: 'item-1', amountMinor: yuan(390_000) });
  expect(decision).toMatchObject({
    entries: expect.arrayContaining([
      expect.objectContaining({ kind: 'approval-voided', of: old, because: 'assess' }),
    ]),
  });
  expect(subject.item().approvals).toEqual([]);
  expect(step(subject)).toBe('verify');
});

test('a changed payee voids approvals even after the payment was released', () => {
  const subject = large();
  approve(subject);
  approve(subject, manager);
  expect(step(subject)).toBe('pay');
  subject.does(handler, { kind: 'set-payee', item: 'item-1', party: 'party-1', account: 'another' });
  expect(subject.item().approvals).toEqual([]);
  expect(step(subject)).toBe('score');
});

test('an approval of what somebody saw before it changed is refused', () => {
  const subject = large();
  const seen = hash(subject);
  subject.assessed(yuan(370_000));
  subject.reviewable(yuan(360_000));
  expect(subject.asks(manager, { kind: 'approve', item: 'item-1', of: seen })).toMatchObject({
    kind: 'denied',
    reason: 'content-changed',
  });
});

test('returned for rework with a reason code, it is assessed, verified and approved again', () => {
  const subject = large();
  approve(subject);
  subject.does(manager, {
    kind: 'return-for-rework',
    item: 'item-1',
    to: 'assess',
    reason: 'price-too-high',
  });
  expect(step(subject)).toBe('assess');
  expect(subject.item()).toMatchObject({ returned: 1, approvals: [] });
  subject.reviewable(yuan(350_000));
  approve(subject);
  approve(subject, manager);
  expect(step(subject)).toBe('pay');
});

test('a reason sends back only where it may', () => {
  expect(
    large().asks(manager, {
      kind: 'return-for-rework',
      item: 'item-1',
      to: 'verify',
      reason: 'price-too-high',
    }),
  ).toMatchObject({ kind: 'denied', reason: 'unknown-code' });
});

test('a return to documents names them, and they are asked for again', () => {
  const subject = large();
  expect(
    subject.asks(manager, {
      kind: 'return-for-rework',
      item: 'item-1',
      to: 'documents',
      reason: 'page-missing',
    }),
  ).toMatchObject({ reason: 'malformed' });
  subject.does(manager, {
    kind: 'return-for-rework',
    item: 'item-1',
    to: 'documents',
    reason: 'page-missing',
    documents: ['repair-invoice'],
  });
  expect(step(subject)).toBe('documents');
  expect(subject.expecting('document:item-1:repair-invoice')).toBeDefined();
});

test('a payment that the bank returns asks for the account again and is approved again', () => {
  const subject = large();
  approve(subject);
  approve(subject, manager);
  const [payment] = subject.item().payments;
  subject.take({ kind: 'payment-instructed', item: 'item-1', payment: payment?.id ?? '' });
  subject.take({ kind: 'bank-returned', payment: payment?.id ?? '', reason: 'AC04' });
  expect(step(subject)).toBe('payee');
  expect(subject.expecting('payee:item-1')).toMatchObject({ from: 'customer', ask: 'party-1' });
  subject.does(handler, { kind: 'set-payee', item: 'item-1', party: 'party-1', account: 'account-1' });
  expect(step(subject)).toBe('clear');
  expect(subject.expecting('clear:item-1')).toMatchObject({ from: 'finance', ladder: 'finance' });
  subject.does(finance, act.clears('account-wrong'));
  subject.take({ kind: 'score', item: 'item-1' });
  expect(step(subject)).toBe('review');
  approve(subject);
  approve(subject, manager);
  expect(subject.item().payments.map(({ id, kind }) => `${id.slice(-9)} ${kind}`)).toEqual([
    'payment-1 returned',
    'payment-2 approved',
  ]);
});

test('a small low-risk payment is released by the rules, and never after a return or a changed payee (S34)', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 4800 })] })
    .prepared()
    .reviewable(yuan(4800));
  subject.take({ kind: 'review-by-rules', item: 'item-1' });
  expect(step(subject)).toBe('pay');
  subject.does(handler, { kind: 'set-payee', item: 'item-1', party: 'party-1', account: 'another' });
  subject.take({ kind: 'score', item: 'item-1' });
  subject.take({ kind: 'review-by-rules', item: 'item-1' });
  expect(step(subject)).toBe('review');
});

test('nobody verifies their own assessment (S16)', () => {
  const both = aPerson('V-402', { roles: ['handler', 'verifier'] });
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 8000 })] }).prepared(
    'item-1',
    ['driving-licence', 'police-determination', 'repair-invoice'],
  );
  subject.does(both, { kind: 'assess', item: 'item-1', amountMinor: yuan(8000) });
  expect(subject.asks(both, { kind: 'verify', item: 'item-1', version: 1 })).toMatchObject({
    kind: 'denied',
    reason: 'segregation',
  });
  subject.does(verifier, { kind: 'verify', item: 'item-1', version: 1 });
});

test('a refusal needs clause, reasons and a second person (S22)', () => {
  const subject = large();
  expect(
    subject.asks(seniorReviewer, { kind: 'refuse', item: 'item-1', clause: 'because', reasons: ['r'] }),
  ).toMatchObject({ reason: 'unknown-code' });
  subject.does(seniorReviewer, {
    kind: 'refuse',
    item: 'item-1',
    clause: 'excluded-cause',
    reasons: ['racing'],
  });
  expect(step(subject)).toBe('review');
  expect(subject.asks(seniorReviewer, { kind: 'refuse', item: 'item-1' })).toMatchObject({
    reason: 'segregation',
  });
  subject.does(manager, { kind: 'refuse', item: 'item-1' });
  expect(step(subject)).toBe('conclude');
});

test.each([
  ['no clause', { reasons: ['racing'] }, 'malformed'],
  ['no reason', { clause: 'excluded-cause' }, 'malformed'],
  ['a reason of another clause', { clause: 'excluded-cause', reasons: ['loss-staged'] }, 'unknown-code'],
  ['free text', { clause: 'excluded-cause', reasons: ['invoice-altered'] }, 'unknown-code'],
])('who proposes a refusal with %s is denied with the list', (_, given, reason) => {
  const answer = large().asks(seniorReviewer, { kind: 'refuse', item: 'item-1', ...given });
  expect(answer).toMatchObject({ kind: 'denied', reason });
  expect(answer.kind === 'denied' && answer.sentence).toMatch(/racing|excluded-cause/);
});

test('the second person says nothing else than the first, and may add a note', () => {
  const subject = large().does(seniorReviewer, act.refuses());
  for (const given of [{ clause: 'fraud' }, { reasons: ['drink-driving'] }])
    expect(subject.asks(manager, { kind: 'refuse', item: 'item-1', ...given })).toMatchObject({
      reason: 'content-changed',
    });
  const answer = subject.asks(manager, { kind: 'refuse', item: 'item-1', note: aNote('why') });
  expect(answer.kind === 'decided' && answer.entries[0]).toMatchObject({
    kind: 'refusal-confirmed',
    note: aNote('why'),
  });
});

test('a refusal needs the limit that paying needs, by the larger of claimed and assessed (M7)', () => {
  const small = { ...seniorReviewer, limitMinor: yuan(50_000) };
  expect(large().asks(small, act.refuses())).toMatchObject({ reason: 'limit' });
  const { limitMinor: _, ...without } = seniorReviewer;
  expect(large().asks(without, act.refuses())).toMatchObject({ reason: 'limit' });
  expect(large().asks(verifier, act.refuses())).toMatchObject({ reason: 'role' });
});

test.each([
  ['no such policy', undefined, 'no-policy'],
  ['loss before inception', aPolicy({ from: '2026-11-23T00:00:00.000Z' }), 'not-in-force'],
  ['loss at the moment of expiry', aPolicy({ to: '2026-11-22T10:00:00.000Z' }), 'not-in-force'],
  ['another line', aPolicy({ line: 'home' }), 'line-not-covered'],
  ['object not insured', aPolicy({ objects: {} }), 'object-not-insured'],
])('%s: the rules propose to refuse, and two people uphold it', (_, policy, clause) => {
  const subject = new ClaimUnderTest();
  subject.take({ kind: 'acknowledge' });
  subject.take({ kind: 'check-cover', policy });
  expect(subject.item().refusal).toMatchObject({ clause, by: 'lipei' });
  expect(step(subject)).toBe('review');
  expect(subject.expecting('survey')).toBeUndefined();
  const { reasons = [] } = subject.item().refusal ?? {};
  subject.does(manager, { kind: 'refuse', item: 'item-1', clause, reasons });
  expect(step(subject)).toBe('review');
  expect(subject.asks(manager, { kind: 'refuse', item: 'item-1' })).toMatchObject({ reason: 'segregation' });
  subject.does(seniorReviewer, { kind: 'refuse', item: 'item-1' });
  expect(step(subject)).toBe('conclude');
});

test('what one person upheld of the rules and another returned is checked for cover again', () => {
  const subject = new ClaimUnderTest();
  subject.take({ kind: 'acknowledge' });
  subject.take({ kind: 'check-cover', policy: undefined });
  subject.does(manager, act.refuses('no-policy', 'item-1', ['policy-unknown']));
  subject.does(seniorReviewer, act.returns('assess', 'cover-to-be-checked-again'));
  expect(subject.claim.cover).toBeUndefined();
  expect(subject.item().refusal).toBeUndefined();
});

test('the excess is deducted, and the sum insured is the most that is paid', () => {
  const subject = ClaimUnderTest.covered(
    { items: [anInsuredVehicle({ claimed: 8000 })] },
    aPolicy({ objects: { 'insured-vehicle': { sumInsuredMinor: yuan(5000), excessMinor: yuan(500) } } }),
  );
  subject.prepared('item-1', ['driving-licence', 'police-determination', 'repair-invoice']);
  subject.assessed(yuan(3000));
  expect(payableMinor(subject.claim, subject.item())).toBe(yuan(2500));
  subject.does(handler, { kind: 'assess', item: 'item-1', amountMinor: yuan(8000) });
  expect(payableMinor(subject.claim, subject.item())).toBe(yuan(5000));
});

test("the third party's missing invoice does not hold up the insured vehicle (S3)", () => {
  const subject = ClaimUnderTest.covered({
    items: [anInsuredVehicle({ claimed: 4800 }), aThirdPartyVehicle()],
  })
    .prepared()
    .reviewable(yuan(4800));
  subject.take({ kind: 'review-by-rules', item: 'item-1' });
  expect([step(subject), step(subject, 'item-2')]).toEqual(['pay', 'documents']);
});

test('a withdrawn item ends; one whose payment is with the bank does not', () => {
  const subject = ClaimUnderTest.covered().prepared().reviewable(yuan(4800));
  subject.take({ kind: 'review-by-rules', item: 'item-1' });
  subject.take({ kind: 'payment-instructed', item: 'item-1', payment: subject.item().payments[0]?.id ?? '' });
  expect(subject.asks(handler, { kind: 'withdraw' })).toMatchObject({ kind: 'denied', reason: 'not-now' });
  const other = ClaimUnderTest.covered();
  other.does(handler, { kind: 'withdraw' });
  expect(other.item().outcome).toMatchObject({ kind: 'withdrawn' });
});

test('a decision on a closed claim is refused', () => {
  const subject = ClaimUnderTest.covered();
  subject.does(handler, { kind: 'withdraw' });
  subject.take({ kind: 'close' });
  expect(subject.asks(surveyor, { kind: 'report-survey', onScene: true, findings: aNote() })).toMatchObject({
    kind: 'denied',
    reason: 'claim-closed',
  });
});

test('a confirmation that overtakes the answer to our instruction is taken, and the answer changes nothing then', () => {
  const subject = ClaimUnderTest.covered().prepared().reviewable(yuan(4800));
  subject.take({ kind: 'review-by-rules', item: 'item-1' });
  const payment = subject.item().payments[0]?.id ?? '';
  subject.take({ kind: 'bank-confirmed', payment, reference: 'BANK-1' });
  expect(subject.item().payments).toMatchObject([{ kind: 'confirmed', reference: 'BANK-1' }]);
  subject.take({ kind: 'payment-instructed', item: 'item-1', payment });
  expect(subject.item().payments).toMatchObject([{ kind: 'confirmed' }]);
});

test.each([
  [
    'within everything',
    4_000,
    5_000,
    500,
    500_000,
    [
      ['assessment', 1_000],
      ['excess', 500],
    ],
  ],
  ['above what was claimed', 6_000, 5_000, 0, 500_000, [['assessment', -1_000]]],
  [
    'below the excess',
    300,
    5_000,
    500,
    500_000,
    [
      ['assessment', 4_700],
      ['excess', 300],
    ],
  ],
  [
    'above the sum insured',
    5_000,
    5_000,
    500,
    3_000,
    [
      ['excess', 500],
      ['sum-insured', 1_500],
    ],
  ],
])('what is claimed less the cuts is what is paid: %s', (_, assessed, claimed, excess, insured, cuts) => {
  const objects = { 'insured-vehicle': { sumInsuredMinor: yuan(insured), excessMinor: yuan(excess) } };
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed })] }, aPolicy({ objects }))
    .prepared('item-1', ['driving-licence', 'police-determination', 'repair-invoice'])
    .reviewable(yuan(assessed));
  const found = cutsOf(subject.claim, subject.item());
  // The story gives one reason for all that is below the claimed amount; above it there is nothing to explain.
  const why = assessed < claimed ? { reason: 'depreciation' } : {};
  expect(found).toEqual(
    cuts.map(([rule, amount]) => ({
      rule,
      minor: yuan(Number(amount)),
      ...(rule === 'assessment' ? why : {}),
    })),
  );
  expect(yuan(claimed) - found.reduce((sum, { minor }) => sum + minor, 0)).toBe(
    payableMinor(subject.claim, subject.item()),
  );
});
