import type { Notification } from '../../../domain/messages/notifications.ts';
import { withLatestFacts } from '../../../domain/messages/triggers.ts';
import {
  aPolicy,
  aPolicyholder,
  aThirdParty,
  aThirdPartyVehicle,
  anInsuredVehicle,
  ClaimUnderTest,
  handler,
  rules,
  surveyor,
  verifier,
  yuan,
  aNote,
} from '../../support/builders.ts';

/** The notifications that are planned after this act, with recipient and channel. */
function notified(subject: ClaimUnderTest, act: () => unknown): Notification[] {
  const before = new Set(subject.claim.outbox.map(({ id }) => id));
  act();
  return subject.claim.outbox.filter(({ id }) => !before.has(id));
}

const inShort = (notifications: Notification[]): string[] =>
  notifications.map(
    ({ kind, channel, to, facts }) =>
      `${kind}/${channel} → ${to.party}${facts.isToAnother ? ' (to another)' : ''}`,
  );

const policyWith = (excess: number): ReturnType<typeof aPolicy> =>
  aPolicy({
    objects: {
      'insured-vehicle': { sumInsuredMinor: yuan(500_000), excessMinor: yuan(excess) },
      'third-party-vehicle': { sumInsuredMinor: yuan(1_000_000), excessMinor: 0 },
    },
  });

/** Assessed at nothing, for two reasons, and verified. */
function assessedAtNothing(reach = { sms: true, email: true }): {
  subject: ClaimUnderTest;
  messages: Notification[];
} {
  const subject = ClaimUnderTest.covered({ parties: [aPolicyholder({ reach })] }, policyWith(500)).prepared();
  const cuts = [{ reason: 'not-from-this-loss', minor: yuan(4400) }];
  const messages = notified(subject, () => {
    subject.does(handler, { kind: 'assess', item: 'item-1', amountMinor: yuan(400), cuts });
    subject.take({ kind: 'verify-by-rules', item: 'item-1' });
  });
  return { subject, messages };
}

/** Approved by the rules or by a reviewer, to the third party instead of the policyholder. */
function approvedForAnother(): { subject: ClaimUnderTest; messages: Notification[]; payment: string } {
  const subject = ClaimUnderTest.covered().prepared().reviewable(yuan(4800));
  subject.does(handler, { kind: 'set-payee', item: 'item-1', party: 'party-2', account: 'account-2' });
  subject.take({ kind: 'score', item: 'item-1' });
  const of = subject.item().score?.of ?? '';
  const messages = notified(subject, () =>
    subject.does(
      { ...verifier, code: 'R-501', roles: ['reviewer'], limitMinor: yuan(50_000) },
      { kind: 'approve', item: 'item-1', of },
    ),
  );
  return { subject, messages, payment: subject.item().payments[0]?.id ?? '' };
}

const sentBack = (): Notification[] => {
  const subject = ClaimUnderTest.covered({
    items: [anInsuredVehicle({ claimed: 8000 }), aThirdPartyVehicle()],
  });
  subject
    .prepared('item-1', ['driving-licence', 'police-determination', 'repair-invoice'])
    .prepared('item-2', ['repair-invoice'])
    .reviewable(yuan(3500), 'item-2');
  return notified(subject, () =>
    subject.does(
      { ...verifier, roles: ['reviewer'], limitMinor: yuan(50_000) },
      {
        kind: 'return-for-rework',
        item: 'item-2',
        to: 'documents',
        reason: 'document-unreadable',
        documents: ['repair-invoice', 'driving-licence'],
      },
    ),
  ).filter(({ channel }) => channel === 'sms');
};

const announced = (subject: ClaimUnderTest): string[] =>
  inShort(subject.claim.outbox.filter(({ kind }) => kind === 'surveyor-coming'));

/** Until the first letters are written. */
function written(): { subject: ClaimUnderTest; letters: Notification[] } {
  const subject = ClaimUnderTest.covered({
    items: [anInsuredVehicle({ claimed: 8000 }), aThirdPartyVehicle()],
  }).does(surveyor, { kind: 'report-survey', onScene: true, findings: aNote() });
  for (
    let rungs = 0;
    !subject.claim.outbox.some(({ kind }) => kind === 'formal-notice') && rungs < 200;
    rungs += 1
  )
    subject.chase();
  return { subject, letters: subject.claim.outbox.filter(({ kind }) => kind === 'formal-notice') };
}

describe('nothing is payable (S36)', () => {
  test('it is notified as a decision, with the account of every cut', () => {
    const { messages } = assessedAtNothing();
    expect(inShort(messages)).toEqual(['nothing-payable/sms → party-1', 'nothing-payable/email → party-1']);
    expect(messages[0]?.facts).toEqual({
      item: 'item-1',
      amountMinor: 0,
      account: {
        claimedMinor: yuan(4800),
        cuts: [
          { rule: 'assessment', reason: 'not-from-this-loss', minor: yuan(4400) },
          { rule: 'excess', minor: yuan(400) },
        ],
      },
    });
  });

  test.each([
    [
      'a party with no mailbox gets the account on paper too',
      { sms: true, email: false },
      ['nothing-payable/sms → party-1', 'nothing-payable/letter → party-1'],
    ],
    [
      'a party with neither gets one letter',
      { sms: false, email: false },
      ['nothing-payable/letter → party-1'],
    ],
  ])('%s', (_, reach, messages) => expect(inShort(assessedAtNothing(reach).messages)).toEqual(messages));

  test('the claim closes as one of which nothing was payable, not as paid', () => {
    const { subject, messages } = assessedAtNothing();
    expect(messages.map(({ kind }) => kind)[0]).toBe('nothing-payable');
    subject.take({ kind: 'conclude', item: 'item-1' });
    subject.take({ kind: 'close' });
    expect(subject.claim.outcome).toBe('nothing-payable');
    expect(subject.claim.outbox.findLast(({ kind }) => kind === 'claim-closed')?.facts).toEqual({
      outcome: 'nothing-payable',
    });
  });
});

test('a second assessment says that it replaces the first', () => {
  const subject = ClaimUnderTest.covered().prepared().reviewable(yuan(4800));
  const [again] = notified(subject, () => {
    subject.does(handler, { kind: 'assess', item: 'item-1', amountMinor: yuan(4900) });
    subject.does(verifier, { kind: 'verify', item: 'item-1', version: 2 });
  });
  expect(again).toMatchObject({ kind: 'assessed', facts: { amountMinor: yuan(4900), isRevised: true } });
});

describe('a payment to somebody else', () => {
  test('is notified to the payee with the amount alone, and to the item’s party as somebody else’s', () => {
    const { subject, messages, payment } = approvedForAnother();
    expect(inShort(messages)).toEqual([
      'payment-approved/sms → party-2',
      'payment-approved/sms → party-1 (to another)',
    ]);
    expect(messages[0]?.facts).toEqual({ item: 'item-1', amountMinor: yuan(4800) });
    const paid = notified(subject, () => subject.take({ kind: 'bank-confirmed', payment, reference: 'B-1' }));
    expect(inShort(paid)).toEqual([
      'paid/sms → party-2',
      'paid/email → party-2',
      'paid/sms → party-1 (to another)',
      'paid/email → party-1 (to another)',
    ]);
    expect(paid.at(-1)?.facts).toMatchObject({ account: { claimedMinor: yuan(4800) } });
  });

  test('that the bank returns is notified to the payee with the reason, to the other without', () => {
    const { subject, payment } = approvedForAnother();
    const returned = notified(subject, () =>
      subject.take({ kind: 'bank-returned', payment, reason: 'AC04' }),
    );
    expect(returned.filter(({ channel }) => channel === 'sms').map(({ to, facts }) => [to, facts])).toEqual([
      [{ party: 'party-2' }, { item: 'item-1', reason: 'AC04' }],
      [{ party: 'party-1' }, { item: 'item-1', isToAnother: true }],
    ]);
  });
});

describe('what is sent back for rework', () => {
  test('is asked for anew of each who brought it, with the reason', () => {
    expect(sentBack().map(({ kind, to, facts }) => [kind, to, facts.documents])).toEqual([
      [
        'document-rejected',
        { party: 'party-1' },
        [{ kind: 'driving-licence', reason: 'document-unreadable' }],
      ],
      [
        'document-rejected',
        { party: 'party-2' },
        [{ kind: 'repair-invoice', item: 'item-2', reason: 'document-unreadable' }],
      ],
    ]);
  });
});

test('the surveyor is announced when the survey is waited for, once (S25)', () => {
  expect(announced(ClaimUnderTest.covered())).toEqual([
    'surveyor-coming/sms → party-1',
    'surveyor-coming/email → party-1',
  ]);
  expect(announced(ClaimUnderTest.covered({ surveyWaived: true }))).toEqual([]);
});

test('the receipt has its number, its date and what it is for (S1)', () => {
  const subject = ClaimUnderTest.covered().prepared();
  expect(subject.claim.outbox.findLast(({ kind }) => kind === 'receipt-issued')).toMatchObject({
    channel: 'email',
    facts: {
      item: 'item-1',
      receipt: { number: 'L0000-00000-item-1-receipt-1', at: subject.now },
      documents: [{ kind: 'driving-licence' }, { kind: 'police-determination' }],
    },
  });
});

test('the message that a document has arrived lists what is missing when it is sent, not when it was decided', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 8000 })] }).does(surveyor, {
    kind: 'report-survey',
    onScene: true,
    findings: aNote(),
  });
  subject.take({ kind: 'document-arrived', document: 'driving-licence', attachment: 'sha-1' });
  const news = subject.claim.outbox.find(({ kind }) => kind === 'documents-received');
  const missing = (): (string | undefined)[] =>
    (news ? (withLatestFacts(news, subject.claim, rules).facts.missing ?? []) : []).map(({ kind }) => kind);
  expect(missing()).toEqual(['police-determination', 'repair-invoice']);
  subject.take({ kind: 'document-arrived', document: 'repair-invoice', attachment: 'sha-2' });
  expect(missing()).toEqual(['police-determination']);
});

describe('a formal letter', () => {
  test('asks each party once for all that it owes (S5)', () => {
    expect(written().letters.map(({ to, facts }) => [to, facts.documents])).toEqual([
      [
        { party: 'party-1' },
        [
          { kind: 'driving-licence' },
          { kind: 'police-determination' },
          { kind: 'repair-invoice', item: 'item-1' },
        ],
      ],
      [{ party: 'party-2' }, [{ kind: 'repair-invoice', item: 'item-2' }]],
    ]);
  });

  test('is not written anew while the last one waits to be posted', () => {
    const {
      subject,
      letters: [first],
    } = written();
    for (const { id } of subject.claim.outbox)
      subject.take({ kind: 'notification-ended', notification: id, outcome: { kind: 'accepted' } });
    expect(subject.claim.letters).toContain(first?.id);
    for (let rungs = 0; rungs < 60; rungs += 1) subject.chase();
    expect(subject.claim.outbox.filter(({ kind }) => kind === 'formal-notice')).toEqual([]);
  });

  test.each([
    ['to a party of the policy says by when it may sue', aPolicyholder(), true],
    ['to a third party does not', aThirdParty({ id: 'party-1' }), undefined],
  ])('%s', (_, party, isInsured) => {
    const subject = ClaimUnderTest.covered({ parties: [party] });
    const letter: Notification = {
      id: 'formal-notice-1-letter',
      kind: 'formal-notice',
      seq: 1,
      channel: 'letter',
      to: { party: 'party-1' },
      facts: {},
    };
    expect(withLatestFacts(letter, subject.claim, rules).facts.isInsured).toBe(isInsured);
  });
});
