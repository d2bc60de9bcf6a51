import { cutsOf, dueMinor, payableMinor } from '../../../domain/money/payable.ts';
import { nextStep } from '../../../domain/road/road.ts';
import {
  act,
  allPapers,
  aNote,
  anInsuredVehicle,
  aPerson,
  aPolicy,
  aThirdPartyVehicle,
  ClaimUnderTest,
  daysAfter,
  finance,
  handler,
  manager,
  noticedAt,
  pack,
  papers,
  seniorReviewer,
  supervisor,
  verifier,
  yuan,
} from '../../support/builders.ts';

const otherHandler = aPerson('C-309', { roles: ['handler'] });
const otherReviewer = aPerson('R-509', { roles: ['reviewer'], limitMinor: yuan(500_000) });

const otherManager = aPerson('M-609', { roles: ['manager'], limitMinor: yuan(900_000) });

const step = (subject: ClaimUnderTest, item = 'item-1'): string =>
  nextStep(subject.claim, subject.item(item), pack) ?? 'ended';
const messages = (subject: ClaimUnderTest): string[] => subject.claim.outbox.map(({ kind }) => kind);
const factsOf = (subject: ClaimUnderTest, kind: string) =>
  subject.claim.outbox.findLast((each) => each.kind === kind)?.facts;

const atReview = (claimed = 4800, assessed = 4800): ClaimUnderTest =>
  ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed })] })
    .prepared('item-1', claimed > 5000 ? allPapers : papers)
    .reviewable(yuan(assessed));

const withdrawn = (): ClaimUnderTest => atReview().does(handler, act.withdraws()).closed();
const refused = (): ClaimUnderTest => atReview().refused().closed();
/** Claimed 8000, cut to 6000 and paid. */
const cut = (): ClaimUnderTest => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 8000 })] })
    .prepared('item-1', allPapers)
    .paid(yuan(6000));
  return subject.closed();
};
const nothing = (): ClaimUnderTest => {
  const subject = ClaimUnderTest.covered({}, aPolicy({ objects: excess(5000) })).prepared('item-1', papers);
  subject.assessed(yuan(4800)).take({ kind: 'verify-by-rules', item: 'item-1' });
  return subject.closed();
};

const excess = (amount: number) => ({
  'insured-vehicle': { sumInsuredMinor: yuan(500_000), excessMinor: yuan(amount) },
});

/** By other people than before, up to the decision. */
function assessedAgain(subject: ClaimUnderTest, amountMinor: number): ClaimUnderTest {
  subject.assessed(amountMinor, 'item-1', otherHandler);
  subject.does(verifier, act.verifies(subject.item().assessments));
  subject.take({ kind: 'score', item: 'item-1' });
  return subject;
}

function paidAgain(subject: ClaimUnderTest, reference = 'B-2'): ClaimUnderTest {
  subject.does(otherReviewer, act.approves(subject.hash()));
  subject.take({ kind: 'payment-instructed', item: 'item-1', payment: subject.payment() });
  subject.take({ kind: 'bank-confirmed', payment: subject.payment(), reference });
  return subject;
}

test.each([
  ['withdrawn', 'withdrawn-by-mistake', withdrawn, 'review'],
  ['refused', 'rejected-by-mistake', refused, 'score'],
  ['refused', 'appeal', refused, 'assess'],
  ['refused', 'late-document', refused, 'assess'],
  ['paid', 'appeal', cut, 'assess'],
  ['paid', 'late-document', cut, 'assess'],
  ['nothing-payable', 'calculation-error', nothing, 'assess'],
])('a closed claim that was %s is taken up again: %s', (outcome, reason, at, stands) => {
  const subject = at();
  expect(subject.claim.outcome).toBe(outcome);
  const decision = subject.asks(supervisor, act.reopens(reason));
  expect(decision).toMatchObject({
    kind: 'decided',
    entries: expect.arrayContaining([
      expect.objectContaining({ kind: 'claim-reopened', reason }),
      expect.objectContaining({ kind: 'item-reopened', item: 'item-1', reason }),
    ]),
  });
  expect(subject.claim.outcome).toBeUndefined();
  expect([subject.item().outcome, subject.item().refusal, step(subject)]).toEqual([
    undefined,
    undefined,
    stands,
  ]);
  expect(subject.claim.stage).toBe(stands);
  expect(messages(subject)).toContain('reopened');
  expect(factsOf(subject, 'reopened')).toEqual({
    item: 'item-1',
    reason,
    ...(outcome === 'paid' ? { paidBeforeMinor: yuan(6000) } : {}),
  });
});

test.each([
  ['a reason that no pack has', refused, 'nonsense', undefined, 'unknown-code'],
  ['a reason for something else', refused, 'withdrawn-by-mistake', undefined, 'unknown-code'],
  ['an item that the claim has not', refused, 'appeal', 'item-9', 'unknown-item'],
  ['an item that is open', atReview, 'appeal', 'item-1', 'not-now'],
])('%s reopens nothing, and the answer says what does', (_, at, reason, item, why) => {
  const subject = at();
  const answer = subject.asks(supervisor, item ? act.reopens(reason, item) : act.reopens(reason));
  expect(answer).toMatchObject({ kind: 'denied', reason: why });
  expect(answer.kind === 'denied' && answer.sentence).toMatch(/one of|has item-1|is open/);
});

test('nothing else than reopening is let through after the closure', () => {
  const subject = refused();
  for (const [person, done] of [
    [handler, act.notes()],
    [handler, act.appeals()],
    [manager, act.assesses(1)],
    [handler, act.withdraws()],
  ] as const)
    expect(subject.asks(person, done)).toMatchObject({ kind: 'denied', reason: 'claim-closed' });
});

test('a reason takes up the items that it fits, and no others', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle(), aThirdPartyVehicle()] });
  subject.prepared().reviewable(yuan(4800)).refused();
  subject.does(handler, act.withdraws('item-2')).closed();
  expect(subject.claim.outcome).toBe('refused');
  subject.does(supervisor, act.reopens('withdrawn-by-mistake'));
  expect(subject.claim.items.map(({ outcome }) => outcome?.kind)).toEqual(['refused', undefined]);
});

test.each([
  ['proposed the refusal', seniorReviewer],
  ['confirmed it', manager],
])('who %s neither reopens nor decides the second look (S22)', (_, { code, limitMinor }) => {
  const person = aPerson(code, {
    roles: ['supervisor', 'manager', 'handler', 'reviewer'],
    ...(limitMinor === undefined ? {} : { limitMinor }),
  });
  const subject = refused();
  expect(subject.asks(person, act.reopens('appeal'))).toMatchObject({
    kind: 'denied',
    reason: 'segregation',
  });
  subject.does(supervisor, act.reopens('appeal'));
  expect(subject.asks(person, act.assesses(yuan(4800)))).toMatchObject({ reason: 'segregation' });
  assessedAgain(subject, yuan(4800));
  expect(subject.asks(person, act.approves(subject.hash()))).toMatchObject({ reason: 'segregation' });
  expect(subject.asks(person, act.refuses())).toMatchObject({ reason: 'segregation' });
});

test('who assessed what is appealed against does not assess it again; where a paper is new, they may', () => {
  const appealed = cut().does(supervisor, act.reopens('appeal'));
  expect(appealed.asks(handler, act.assesses(yuan(8000)))).toMatchObject({
    kind: 'denied',
    reason: 'segregation',
  });
  const proven = cut().does(supervisor, act.reopens('late-document'));
  expect(proven.asks(handler, act.assesses(yuan(8000))).kind).toBe('decided');
});

test('a second look is never left to the rules, however small it is', () => {
  const subject = refused().does(supervisor, act.reopens('late-document'));
  subject.assessed(yuan(4800)).take({ kind: 'verify-by-rules', item: 'item-1' });
  expect(step(subject)).toBe('verify');
  subject.does(verifier, act.verifies(2)).take({ kind: 'score', item: 'item-1' });
  subject.take({ kind: 'review-by-rules', item: 'item-1' });
  expect(step(subject)).toBe('review');
});

test('a refusal on appeal is paid by other people, and counts as paid', () => {
  const subject = refused().does(supervisor, act.reopens('appeal'));
  paidAgain(assessedAgain(subject, yuan(4800))).closed();
  expect(subject.claim.outcome).toBe('paid');
  expect(subject.item().outcome).toEqual({ kind: 'paid', amountMinor: yuan(4800), reference: 'B-2' });
});

test('a refusal that is upheld says that it was looked at again', () => {
  const subject = refused().does(supervisor, act.reopens('appeal'));
  assessedAgain(subject, yuan(4800)).refused('item-1', [otherReviewer, otherManager]);
  expect(factsOf(subject, 'refused')).toMatchObject({ isSecondLook: true, clause: 'excluded-cause' });
  expect(subject.closed().claim.outcome).toBe('refused');
});

describe('what was paid with a cut, and is appealed against', () => {
  test('the difference is paid, and no more: with the approvals of the whole', () => {
    const subject = cut().does(supervisor, act.reopens('appeal'));
    assessedAgain(subject, yuan(7500));
    expect([payableMinor(subject.claim, subject.item()), dueMinor(subject.claim, subject.item())]).toEqual([
      yuan(7500),
      yuan(1500),
    ]);
    const junior = aPerson('R-508', { roles: ['reviewer'], limitMinor: yuan(7000) });
    expect(subject.asks(junior, act.approves(subject.hash()))).toMatchObject({ reason: 'limit' });
    paidAgain(subject);
    expect(factsOf(subject, 'paid')).toMatchObject({
      amountMinor: yuan(1500),
      paidBeforeMinor: yuan(6000),
      isSecondLook: true,
    });
    expect(subject.item().payments.map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
      ['confirmed', yuan(6000)],
      ['confirmed', yuan(1500)],
    ]);
    expect(subject.closed().item().outcome).toEqual({
      kind: 'paid',
      amountMinor: yuan(7500),
      reference: 'B-2',
    });
  });

  test.each([
    ['the same', 6000],
    ['less', 5000],
  ])(
    'it comes to %s: nothing more is paid, nothing is asked back, and the customer reads it',
    (_, amount) => {
      const subject = cut().does(supervisor, act.reopens('appeal'));
      assessedAgain(subject, yuan(amount));
      expect(step(subject)).toBe('conclude');
      expect(factsOf(subject, 'nothing-payable')).toMatchObject({
        amountMinor: 0,
        paidBeforeMinor: yuan(6000),
        isSecondLook: true,
      });
      expect(subject.closed().item().outcome).toEqual({
        kind: 'paid',
        amountMinor: yuan(6000),
        reference: 'B-1',
      });
    },
  );

  test('the excess is taken once, and the cuts are the whole difference', () => {
    const subject = ClaimUnderTest.covered(
      { items: [anInsuredVehicle({ claimed: 8000 })] },
      aPolicy({ objects: excess(500) }),
    )
      .prepared('item-1', allPapers)
      .paid(yuan(6000))
      .closed();
    subject.does(supervisor, act.reopens('appeal'));
    paidAgain(assessedAgain(subject, yuan(8000)));
    expect(subject.item().payments.map(({ amountMinor, excessMinor }) => [amountMinor, excessMinor])).toEqual(
      [
        [yuan(5500), yuan(500)],
        [yuan(2000), 0],
      ],
    );
    expect(cutsOf(subject.claim, subject.item())).toEqual([{ rule: 'excess', minor: yuan(500) }]);
  });

  test('the sum insured is used once', () => {
    const subject = ClaimUnderTest.covered(
      { items: [anInsuredVehicle({ claimed: 8000 })] },
      aPolicy({ objects: { 'insured-vehicle': { sumInsuredMinor: yuan(7000), excessMinor: 0 } } }),
    )
      .prepared('item-1', allPapers)
      .paid(yuan(6000))
      .closed();
    subject.does(supervisor, act.reopens('appeal'));
    expect(
      paidAgain(assessedAgain(subject, yuan(8000)))
        .item()
        .payments.at(-1)?.amountMinor,
    ).toBe(yuan(1000));
  });

  test('the first payment comes back after the difference was paid: it alone is paid again', () => {
    const subject = cut().does(supervisor, act.reopens('appeal'));
    paidAgain(assessedAgain(subject, yuan(7500))).closed();
    subject.take({ kind: 'bank-returned', payment: 'L0000-00000-item-1-payment-1', reason: 'AC04' });
    expect([subject.claim.outcome, step(subject)]).toEqual([undefined, 'payee']);
    subject.does(finance, act.clears('account-wrong'));
    subject.does(handler, act.setsPayee('account-7'));
    subject.take({ kind: 'score', item: 'item-1' });
    paidAgain(subject, 'B-3');
    expect(subject.item().payments.at(-1)?.amountMinor).toBe(yuan(6000));
    expect(subject.closed().item().outcome).toMatchObject({ kind: 'paid', amountMinor: yuan(7500) });
  });

  test('it is withdrawn: what was paid stays paid', () => {
    const subject = cut().does(supervisor, act.reopens('appeal')).does(handler, act.withdraws());
    expect(subject.closed().item().outcome).toMatchObject({ kind: 'paid', amountMinor: yuan(6000) });
  });
});

test('the clock of the law starts anew with the second look (Insurance Law art. 23)', () => {
  const subject = refused();
  subject.now = daysAfter(100);
  subject.does(supervisor, act.reopens('appeal'));
  expect(subject.item().clock).toMatchObject({ state: 'running', since: daysAfter(100), deductedMs: 0 });
});

test('an item that was withdrawn stands where it stood, with the approvals that still count', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 380_000 })] });
  subject.prepared('item-1', allPapers).reviewable(yuan(380_000));
  subject.does(seniorReviewer, act.approves(subject.hash())).does(handler, act.withdraws()).closed();
  subject.does(supervisor, act.reopens());
  expect(step(subject)).toBe('review');
  subject.does(manager, act.approves(subject.hash()));
  expect(step(subject)).toBe('pay');
});

test('a request to withdraw ends with the claim that is taken up again', () => {
  const subject = atReview();
  subject.take({ kind: 'request-withdrawal' });
  subject.does(handler, act.withdraws()).closed().does(supervisor, act.reopens());
  expect(subject.claim.withdrawalRequested).toBe(false);
});

test('what no policy covers is checked again, and two people decide again', () => {
  const subject = new ClaimUnderTest();
  subject.take({ kind: 'acknowledge' });
  subject.take({ kind: 'check-cover', policy: undefined });
  for (const person of [seniorReviewer, manager])
    subject.does(person, {
      kind: 'refuse',
      item: 'item-1',
      clause: 'no-policy',
      reasons: ['policy-unknown'],
    });
  subject.closed().does(supervisor, act.reopens('rejected-by-mistake'));
  expect(subject.claim.cover).toBeUndefined();
  subject.take({ kind: 'check-cover', policy: aPolicy() });
  expect([subject.item().refusal, subject.claim.stage]).toEqual([undefined, 'survey']);
});

/** The first item is refused, and the customer disagrees, while the second is open. */
const inAppeal = (): ClaimUnderTest => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle(), aThirdPartyVehicle()] });
  subject.prepared().reviewable(yuan(4800)).refused().take({ kind: 'conclude', item: 'item-1' });
  return subject.does(aPerson('H-101', { roles: ['hotline'] }), act.appeals());
};

describe('an appeal about an item that has ended, in an open claim,', () => {
  test('waits for a supervisor, then for the manager, and keeps the claim open', () => {
    const subject = inAppeal();
    expect(subject.expecting('appeal:item-1')).toMatchObject({ from: 'supervisor', item: 'item-1' });
    for (
      let turns = 0;
      turns < 20 && !subject.waitsFor().some((id) => id.startsWith('escalation:manager:appeal'));
      turns += 1
    )
      subject.chase();
    expect(subject.waitsFor()).toContain('escalation:manager:appeal:item-1');
  });

  test('ends when the supervisor reopens the item', () => {
    const subject = inAppeal().does(supervisor, act.reopens('appeal', 'item-1'));
    expect(subject.expecting('appeal:item-1')).toBeUndefined();
    expect(step(subject)).toBe('assess');
  });

  test('is recorded once, and only about what has ended', () => {
    expect(inAppeal().asks(handler, act.appeals())).toMatchObject({ kind: 'denied', reason: 'not-now' });
    expect(inAppeal().asks(handler, act.appeals('item-2'))).toMatchObject({
      kind: 'denied',
      reason: 'not-now',
    });
  });
});

test('an appeal has the time that the letters say; our own mistakes are put right at any time', () => {
  const late = refused();
  const days = Number(/\d+/.exec(pack.appeals.within)?.[0]);
  late.now = daysAfter(days + 1, noticedAt);
  expect(late.asks(supervisor, act.reopens('appeal'))).toMatchObject({ kind: 'denied', reason: 'not-now' });
  expect(late.asks(supervisor, act.reopens('rejected-by-mistake')).kind).toBe('decided');

  const open = inAppeal().does(supervisor, act.reopens('rejected-by-mistake', 'item-1'));
  open.take({ kind: 'score', item: 'item-1' });
  open.refused('item-1', [otherReviewer, otherManager]).take({ kind: 'conclude', item: 'item-1' });
  open.now = daysAfter(days + 1, noticedAt);
  expect(open.asks(handler, act.appeals())).toMatchObject({
    kind: 'denied',
    sentence: expect.stringContaining('The time to appeal'),
  });
});

const cutAndOpen = (assessed: number): ClaimUnderTest => {
  const subject = ClaimUnderTest.covered({
    items: [anInsuredVehicle({ claimed: 8000 }), aThirdPartyVehicle()],
  });
  subject.prepared('item-1', allPapers).paid(yuan(assessed)).take({ kind: 'conclude', item: 'item-1' });
  return subject.does(handler, act.adds('repair-invoice', 'item-1', 'late'));
};
const keeps = { kind: 'keep-decision', item: 'item-1', note: aNote() } as const;

describe('a document that comes after the decision, in an open claim,', () => {
  test('is a supervisor’s task, who reopens the item or says that it changes nothing (S36)', () => {
    const reopened = cutAndOpen(6000);
    expect(reopened.expecting('late:item-1')).toMatchObject({ from: 'supervisor' });
    expect(reopened.asks(aPerson('C-301', { roles: ['supervisor'] }), keeps)).toMatchObject({
      reason: 'segregation',
    });
    reopened.does(supervisor, act.reopens('late-document'));
    expect([reopened.expecting('late:item-1'), step(reopened)]).toEqual([undefined, 'documents']);
    const kept = cutAndOpen(6000).does(supervisor, keeps);
    expect([kept.expecting('late:item-1'), step(kept)]).toEqual([undefined, 'ended']);
    expect(kept.asks(supervisor, keeps)).toMatchObject({ kind: 'denied', reason: 'not-now' });
  });

  test('changes nothing where all was paid; an appeal is never answered so', () => {
    expect(cutAndOpen(8000).expecting('late:item-1')).toBeUndefined();
    const appealed = cutAndOpen(8000).does(handler, act.appeals());
    expect(appealed.asks(supervisor, keeps)).toMatchObject({
      sentence: expect.stringContaining('letters promise'),
    });
  });
});
