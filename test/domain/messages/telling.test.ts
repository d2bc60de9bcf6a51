import type { Notification } from '../../../domain/messages/notifications.ts';
import { asItGoesOut } from '../../../domain/messages/telling.ts';
import {
  aPolicy,
  aPolicyholder,
  aThirdParty,
  aThirdPartyVehicle,
  anInsuredVehicle,
  Desk,
  handler,
  rules,
  surveyor,
  verifier,
  yuan,
} from '../../support/builders.ts';

/** What is planned to be said after this act, to whom and by which channel. */
function told(desk: Desk, act: () => unknown): Notification[] {
  const before = new Set(desk.claim.outbox.map(({ id }) => id));
  act();
  return desk.claim.outbox.filter(({ id }) => !before.has(id));
}

const inShort = (notifications: Notification[]): string[] =>
  notifications.map(
    ({ kind, channel, to, facts }) =>
      `${kind}/${channel} → ${'party' in to ? to.party : 'staff'}${facts.isToAnother ? ' (to another)' : ''}`,
  );

const policyWith = (excess: number): ReturnType<typeof aPolicy> =>
  aPolicy({
    objects: {
      'insured-vehicle': { sumInsuredMinor: yuan(500_000), excessMinor: yuan(excess) },
      'third-party-vehicle': { sumInsuredMinor: yuan(1_000_000), excessMinor: 0 },
    },
  });

/** Assessed at nothing, for two reasons, and verified. */
function assessedAtNothing(reach = { sms: true, email: true }): { desk: Desk; said: Notification[] } {
  const desk = Desk.covered({ parties: [aPolicyholder({ reach })] }, policyWith(500)).prepared();
  const cuts = [{ reason: 'not-from-this-loss', minor: yuan(4400) }];
  const said = told(desk, () => {
    desk.does(handler, { kind: 'assess', item: 'item-1', amountMinor: yuan(400), cuts });
    desk.take({ kind: 'verify-by-rules', item: 'item-1' });
  });
  return { desk, said };
}

/** Approved by the rules or by a reviewer, to the third party instead of the policyholder. */
function approvedForAnother(): { desk: Desk; said: Notification[]; payment: string } {
  const desk = Desk.covered().prepared().reviewable(yuan(4800));
  desk.does(handler, { kind: 'set-payee', item: 'item-1', party: 'party-2', account: 'account-2' });
  desk.take({ kind: 'score', item: 'item-1' });
  const of = desk.item().score?.of ?? '';
  const said = told(desk, () =>
    desk.does(
      { ...verifier, code: 'R-501', roles: ['reviewer'], limitMinor: yuan(50_000) },
      { kind: 'approve', item: 'item-1', of },
    ),
  );
  return { desk, said, payment: desk.item().payments[0]?.id ?? '' };
}

const sentBack = (): Notification[] => {
  const desk = Desk.covered({ items: [anInsuredVehicle({ claimed: 8000 }), aThirdPartyVehicle()] });
  desk
    .prepared('item-1', ['driving-licence', 'police-determination', 'repair-invoice'])
    .prepared('item-2', ['repair-invoice'])
    .reviewable(yuan(3500), 'item-2');
  return told(desk, () =>
    desk.does(
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

const announced = (desk: Desk): string[] =>
  inShort(desk.claim.outbox.filter(({ kind }) => kind === 'surveyor-coming'));

/** Until the first letters are written. */
function written(): { desk: Desk; letters: Notification[] } {
  const desk = Desk.covered({ items: [anInsuredVehicle({ claimed: 8000 }), aThirdPartyVehicle()] }).does(
    surveyor,
    { kind: 'report-survey', onScene: true },
  );
  for (
    let rungs = 0;
    !desk.claim.outbox.some(({ kind }) => kind === 'formal-notice') && rungs < 200;
    rungs += 1
  )
    desk.chase();
  return { desk, letters: desk.claim.outbox.filter(({ kind }) => kind === 'formal-notice') };
}

describe('nothing is payable (S36)', () => {
  test('it is told as a decision, with the account of every cut', () => {
    const { said } = assessedAtNothing();
    expect(inShort(said)).toEqual(['nothing-payable/sms → party-1', 'nothing-payable/email → party-1']);
    expect(said[0]?.facts).toEqual({
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
      'whoever has no mailbox gets the account on paper too',
      { sms: true, email: false },
      ['nothing-payable/sms → party-1', 'nothing-payable/letter → party-1'],
    ],
    [
      'whoever has neither gets one letter',
      { sms: false, email: false },
      ['nothing-payable/letter → party-1'],
    ],
  ])('%s', (_, reach, said) => expect(inShort(assessedAtNothing(reach).said)).toEqual(said));

  test('the claim closes as one of which nothing was payable, not as paid', () => {
    const { desk, said } = assessedAtNothing();
    expect(said.map(({ kind }) => kind)[0]).toBe('nothing-payable');
    desk.take({ kind: 'conclude', item: 'item-1' });
    desk.take({ kind: 'close' });
    expect(desk.claim.outcome).toBe('nothing-payable');
    expect(desk.claim.outbox.findLast(({ kind }) => kind === 'claim-closed')?.facts).toEqual({
      outcome: 'nothing-payable',
    });
  });
});

test('a second assessment says that it replaces the first', () => {
  const desk = Desk.covered().prepared().reviewable(yuan(4800));
  const [again] = told(desk, () => {
    desk.does(handler, { kind: 'assess', item: 'item-1', amountMinor: yuan(4900) });
    desk.does(verifier, { kind: 'verify', item: 'item-1', version: 2 });
  });
  expect(again).toMatchObject({ kind: 'assessed', facts: { amountMinor: yuan(4900), isRevised: true } });
});

describe('a payment to somebody else', () => {
  test('is told to the payee with the amount alone, and to whoever has the claim as somebody else’s', () => {
    const { desk, said, payment } = approvedForAnother();
    expect(inShort(said)).toEqual([
      'payment-approved/sms → party-2',
      'payment-approved/sms → party-1 (to another)',
    ]);
    expect(said[0]?.facts).toEqual({ item: 'item-1', amountMinor: yuan(4800) });
    const paid = told(desk, () => desk.take({ kind: 'bank-confirmed', payment, reference: 'B-1' }));
    expect(inShort(paid)).toEqual([
      'paid/sms → party-2',
      'paid/email → party-2',
      'paid/sms → party-1 (to another)',
      'paid/email → party-1 (to another)',
    ]);
    expect(paid.at(-1)?.facts).toMatchObject({ account: { claimedMinor: yuan(4800) } });
  });

  test('that the bank returns is told to the payee with the reason, to the other without', () => {
    const { desk, payment } = approvedForAnother();
    const returned = told(desk, () => desk.take({ kind: 'bank-returned', payment, reason: 'AC04' }));
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
  expect(announced(Desk.covered())).toEqual([
    'surveyor-coming/sms → party-1',
    'surveyor-coming/email → party-1',
  ]);
  expect(announced(Desk.covered({ surveyWaived: true }))).toEqual([]);
});

test('the receipt has its number, its date and what it is for (S1)', () => {
  const desk = Desk.covered().prepared();
  expect(desk.claim.outbox.findLast(({ kind }) => kind === 'receipt-issued')).toMatchObject({
    channel: 'email',
    facts: {
      item: 'item-1',
      receipt: { number: 'L0000-00000-item-1-receipt-1', at: desk.now },
      documents: [{ kind: 'driving-licence' }, { kind: 'police-determination' }],
    },
  });
});

test('whoever hears that a document came hears what is missing when the message goes out, not when it was decided', () => {
  const desk = Desk.covered({ items: [anInsuredVehicle({ claimed: 8000 })] }).does(surveyor, {
    kind: 'report-survey',
    onScene: true,
  });
  desk.take({ kind: 'document-arrived', document: 'driving-licence', attachment: 'sha-1' });
  const news = desk.claim.outbox.find(({ kind }) => kind === 'documents-received');
  const missing = (): (string | undefined)[] =>
    (news ? (asItGoesOut(news, desk.claim, rules).facts.missing ?? []) : []).map(({ kind }) => kind);
  expect(missing()).toEqual(['police-determination', 'repair-invoice']);
  desk.take({ kind: 'document-arrived', document: 'repair-invoice', attachment: 'sha-2' });
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
      desk,
      letters: [first],
    } = written();
    for (const { id } of desk.claim.outbox)
      desk.take({ kind: 'notification-ended', notification: id, outcome: { kind: 'accepted' } });
    expect(desk.claim.letters).toContain(first?.id);
    for (let rungs = 0; rungs < 60; rungs += 1) desk.chase();
    expect(desk.claim.outbox.filter(({ kind }) => kind === 'formal-notice')).toEqual([]);
  });

  test.each([
    ['to a party of the policy says by when it may sue', aPolicyholder(), true],
    ['to a third party does not', aThirdParty({ id: 'party-1' }), undefined],
  ])('%s', (_, party, isInsured) => {
    const desk = Desk.covered({ parties: [party] });
    const letter: Notification = {
      id: 'formal-notice-1-letter',
      kind: 'formal-notice',
      seq: 1,
      channel: 'letter',
      to: { party: 'party-1' },
      facts: {},
    };
    expect(asItGoesOut(letter, desk.claim, rules).facts.isInsured).toBe(isInsured);
  });
});
