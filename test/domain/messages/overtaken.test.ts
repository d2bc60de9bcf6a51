import { isOvertaken, overtaken } from '../../../domain/messages/overtaken.ts';
import {
  notificationId,
  notificationKinds,
  type Notification,
  type NotificationFacts,
  type NotificationKind,
  type Recipient,
} from '../../../domain/messages/notifications.ts';
import {
  aPolicyholder,
  aThirdPartyVehicle,
  anInsuredVehicle,
  ClaimUnderTest,
  handler,
  juniorReviewer,
  seniorReviewer,
  supervisor,
  surveyor,
  verifier,
  yuan,
  aNote,
} from '../../support/builders.ts';

const items = [anInsuredVehicle(), aThirdPartyVehicle()];
const later = '2026-11-24T02:00:00.000Z';

/** The last planned of its kind; it is still in the outbox, for these tests send nothing by themselves. */
function planned(subject: ClaimUnderTest, kind: NotificationKind): Notification {
  const found = subject.claim.outbox.findLast((each) => each.kind === kind);
  if (!found)
    throw new Error(`No ${kind} is planned, but ${subject.claim.outbox.map(({ id }) => id).join()}`);
  return found;
}

/** Planned by hand, as the claim stands now. */
const made = (
  subject: ClaimUnderTest,
  kind: NotificationKind,
  facts: NotificationFacts,
  to: Recipient,
): Notification => {
  const parts = { kind, seq: 1, channel: 'sms' } as const;
  return { id: notificationId(parts), ...parts, to, facts, decidedAt: subject.now };
};

const holder = { party: 'party-1' };
const surveyed = (): ClaimUnderTest =>
  ClaimUnderTest.covered().does(surveyor, { kind: 'report-survey', onScene: true, findings: aNote() });

function brings(subject: ClaimUnderTest, document: string, item?: string): ClaimUnderTest {
  return subject.does(handler, {
    kind: 'add-document',
    document,
    attachment: `sha-${document}`,
    ...(item && { item }),
  });
}

/** A major claim, whose handler is away until nobody knows when. */
function whileAway(): ClaimUnderTest {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 150_000 })] });
  subject.take({ kind: 'handler-away', handler: 'C-301', deputy: 'C-302' });
  return subject;
}

/** The paper came, and was not accepted. */
const rejected = (): ClaimUnderTest =>
  brings(surveyed(), 'driving-licence').does(handler, {
    kind: 'reject-document',
    document: 'driving-licence',
    reason: 'unreadable',
  });

/** Approved and with the bank. */
function instructed(subject = ClaimUnderTest.covered().prepared()): {
  subject: ClaimUnderTest;
  payment: string;
} {
  subject.reviewable(yuan(4800));
  subject.take({ kind: 'review-by-rules', item: 'item-1' });
  const payment = subject.item().payments[0]?.id ?? '';
  subject.take({ kind: 'payment-instructed', item: 'item-1', payment });
  return { subject, payment };
}

function paid(): ClaimUnderTest {
  const { subject, payment } = instructed();
  subject.take({ kind: 'bank-confirmed', payment, reference: 'B-1' });
  return subject;
}

function returned(): ClaimUnderTest {
  const { subject, payment } = instructed();
  subject.take({ kind: 'bank-returned', payment, reason: 'AC04' });
  return subject;
}

function closed(): ClaimUnderTest {
  const subject = surveyed().does(handler, { kind: 'withdraw' });
  subject.take({ kind: 'close' });
  return subject;
}

/** A supervisor takes up what was withdrawn by mistake. */
const takenUp = (subject: ClaimUnderTest): ClaimUnderTest =>
  subject.does(supervisor, { kind: 'reopen', reason: 'withdrawn-by-mistake' });

/** Chased until a message of this kind is planned. */
function chased(kind: NotificationKind, subject = surveyed()): ClaimUnderTest {
  for (let rungs = 0; !subject.claim.outbox.some((each) => each.kind === kind) && rungs < 300; rungs += 1)
    subject.chase();
  return subject;
}

/** Two reviewers refuse it, one after the other. */
function refused(subject = ClaimUnderTest.covered().prepared().reviewable(yuan(4800))): ClaimUnderTest {
  for (const reviewer of [juniorReviewer, seniorReviewer])
    subject.does(reviewer, { kind: 'refuse', item: 'item-1', clause: 'fraud', reasons: ['loss-staged'] });
  return subject;
}

/** Sent again at a later moment, as news. */
function followed(subject: ClaimUnderTest, by: NotificationKind, of: Notification): ClaimUnderTest {
  const seq = of.seq + 5;
  subject.claim = {
    ...subject.claim,
    outbox: [
      ...subject.claim.outbox,
      {
        ...of,
        id: notificationId({ kind: by, seq, channel: of.channel }),
        kind: by,
        seq,
        decidedAt: later,
      },
    ],
  };
  return subject;
}

interface Case {
  what: string;
  is: boolean;
  /** The claim as it is now, and the message that has waited. */
  now: () => { subject: ClaimUnderTest; message: Notification };
}

/** What was planned at first, after later events. */
const moved = (
  subject: ClaimUnderTest,
  kind: NotificationKind,
  on: (subject: ClaimUnderTest) => unknown,
): ReturnType<Case['now']> => {
  const message = planned(subject, kind);
  on(subject);
  return { subject, message };
};
const still = (subject: ClaimUnderTest, kind: NotificationKind): ReturnType<Case['now']> =>
  moved(subject, kind, () => {});
const byHand = (
  subject: ClaimUnderTest,
  kind: NotificationKind,
  facts: NotificationFacts,
  to: Recipient = holder,
): ReturnType<Case['now']> => ({ subject, message: made(subject, kind, facts, to) });
const followedBy = (
  subject: ClaimUnderTest,
  kind: NotificationKind,
  by: NotificationKind,
): ReturnType<Case['now']> => moved(subject, kind, () => followed(subject, by, planned(subject, kind)));

const licence = { documents: [{ kind: 'driving-licence' }] };
const ofItem = { item: 'item-1' };

/** Of each kind: when it is overtaken, and just not yet. */
const cases: Record<NotificationKind, Case[]> = {
  acknowledgement: [
    { what: 'the claim has closed', is: false, now: () => byHand(closed(), 'acknowledgement', {}) },
  ],
  'documents-needed': [
    { what: 'it is owed', is: false, now: () => byHand(surveyed(), 'documents-needed', licence) },
    {
      what: 'of two one has come',
      is: false,
      now: () =>
        byHand(brings(surveyed(), 'driving-licence'), 'documents-needed', {
          documents: [{ kind: 'driving-licence' }, { kind: 'police-determination' }],
        }),
    },
    {
      what: 'all has come',
      is: true,
      now: () => byHand(brings(surveyed(), 'driving-licence'), 'documents-needed', licence),
    },
    { what: 'what it lists is not known', is: false, now: () => byHand(surveyed(), 'documents-needed', {}) },
    { what: 'the claim has closed', is: true, now: () => byHand(closed(), 'documents-needed', licence) },
  ],
  'documents-reminder': [
    { what: 'it is owed', is: false, now: () => still(chased('documents-reminder'), 'documents-reminder') },
    {
      what: 'all has come',
      is: true,
      now: () =>
        moved(chased('documents-reminder'), 'documents-reminder', (subject) => {
          for (const document of ['driving-licence', 'police-determination']) brings(subject, document);
        }),
    },
    {
      what: 'another party owes it',
      is: true,
      now: () => byHand(surveyed(), 'documents-reminder', licence, { party: 'party-2' }),
    },
  ],
  'documents-received': [
    {
      what: 'papers are still missing',
      is: false,
      now: () => still(brings(surveyed(), 'driving-licence'), 'documents-received'),
    },
    {
      what: 'the receipt has been issued',
      is: true,
      now: () => byHand(ClaimUnderTest.covered().prepared(), 'documents-received', licence),
    },
    {
      what: 'one of two items has its receipt, and the papers are for both',
      is: false,
      now: () => byHand(ClaimUnderTest.covered({ items }).prepared(), 'documents-received', licence),
    },
    {
      what: 'the item of the papers has its receipt, another has none',
      is: true,
      now: () =>
        byHand(ClaimUnderTest.covered({ items }).prepared(), 'documents-received', {
          documents: [{ kind: 'repair-invoice', item: 'item-1' }],
        }),
    },
    { what: 'the claim has closed', is: true, now: () => byHand(closed(), 'documents-received', licence) },
  ],
  'document-rejected': [
    { what: 'it lies rejected', is: false, now: () => still(rejected(), 'document-rejected') },
    {
      what: 'it has come anew',
      is: true,
      now: () => moved(rejected(), 'document-rejected', (subject) => brings(subject, 'driving-licence')),
    },
    {
      what: 'it came anew and was rejected again, which a later message says',
      is: true,
      now: () => followedBy(rejected(), 'document-rejected', 'document-rejected'),
    },
    {
      what: 'the claim has closed',
      is: true,
      now: () =>
        moved(rejected(), 'document-rejected', (subject) => {
          subject.does(handler, { kind: 'withdraw' });
          subject.take({ kind: 'close' });
        }),
    },
  ],
  'surveyor-coming': [
    {
      what: 'the survey is waited for',
      is: false,
      now: () => still(ClaimUnderTest.covered(), 'surveyor-coming'),
    },
    {
      what: 'the survey has been reported',
      is: true,
      now: () =>
        moved(ClaimUnderTest.covered(), 'surveyor-coming', (subject) =>
          subject.does(surveyor, { kind: 'report-survey', onScene: true, findings: aNote() }),
        ),
    },
    {
      what: 'everything is withdrawn',
      is: true,
      now: () =>
        moved(ClaimUnderTest.covered(), 'surveyor-coming', (subject) =>
          subject.does(handler, { kind: 'withdraw' }),
        ),
    },
  ],
  'receipt-issued': [
    { what: 'it holds', is: false, now: () => still(ClaimUnderTest.covered().prepared(), 'receipt-issued') },
    {
      what: 'it has been assessed meanwhile, and the receipt holds',
      is: false,
      now: () =>
        moved(ClaimUnderTest.covered().prepared(), 'receipt-issued', (subject) =>
          subject.reviewable(yuan(4800)),
        ),
    },
    {
      what: 'the papers were sent back',
      is: true,
      now: () =>
        moved(ClaimUnderTest.covered().prepared().reviewable(yuan(4800)), 'receipt-issued', (subject) =>
          subject.does(seniorReviewer, {
            kind: 'return-for-rework',
            item: 'item-1',
            to: 'documents',
            reason: 'document-unreadable',
            documents: ['driving-licence'],
          }),
        ),
    },
    {
      what: 'the item is withdrawn',
      is: true,
      now: () =>
        moved(ClaimUnderTest.covered().prepared(), 'receipt-issued', (subject) =>
          subject.does(handler, { kind: 'withdraw' }),
        ),
    },
  ],
  assessed: [
    {
      what: 'it is to be paid',
      is: false,
      now: () => moved(ClaimUnderTest.covered().prepared().reviewable(yuan(4800)), 'assessed', instructedAt),
    },
    {
      what: 'a later assessment is made and not yet verified',
      is: false,
      now: () =>
        moved(ClaimUnderTest.covered().prepared().reviewable(yuan(4800)), 'assessed', (subject) => {
          subject.now = later;
          subject.does(handler, { kind: 'assess', item: 'item-1', amountMinor: yuan(4900) });
        }),
    },
    {
      what: 'a later assessment was verified',
      is: true,
      now: () =>
        moved(ClaimUnderTest.covered().prepared().reviewable(yuan(4800)), 'assessed', (subject) => {
          subject.now = later;
          subject.does(handler, { kind: 'assess', item: 'item-1', amountMinor: yuan(4900) });
          subject.does(verifier, { kind: 'verify', item: 'item-1', version: 2 });
        }),
    },
    {
      what: 'the item was refused',
      is: true,
      now: () => moved(ClaimUnderTest.covered().prepared().reviewable(yuan(4800)), 'assessed', refused),
    },
    {
      what: 'another item was assessed',
      is: false,
      now: () =>
        moved(ClaimUnderTest.covered({ items }).prepared().reviewable(yuan(4800)), 'assessed', (subject) => {
          followed(subject, 'assessed', { ...planned(subject, 'assessed'), facts: { item: 'item-2' } });
        }),
    },
  ],
  'nothing-payable': [
    { what: 'it stands', is: false, now: () => byHand(surveyed(), 'nothing-payable', ofItem) },
    { what: 'the claim has closed', is: false, now: () => byHand(closed(), 'nothing-payable', ofItem) },
    {
      what: 'a later assessment was notified',
      is: true,
      now: () => {
        const { subject, message } = byHand(surveyed(), 'nothing-payable', ofItem);
        return { subject: followed(subject, 'assessed', message), message };
      },
    },
  ],
  'payment-approved': [
    { what: 'the bank has it', is: false, now: () => still(instructed().subject, 'payment-approved') },
    { what: 'the bank has paid', is: true, now: () => still(paid(), 'payment-approved') },
    { what: 'the bank has returned it', is: true, now: () => still(returned(), 'payment-approved') },
    {
      what: 'the approval was cancelled',
      is: true,
      now: () => {
        const subject = ClaimUnderTest.covered().prepared().reviewable(yuan(4800));
        subject.take({ kind: 'review-by-rules', item: 'item-1' });
        return moved(subject, 'payment-approved', () => {
          subject.does(handler, {
            kind: 'set-payee',
            item: 'item-1',
            party: 'party-2',
            account: 'account-2',
          });
        });
      },
    },
  ],
  'payee-account-needed': [
    {
      what: 'the account is waited for',
      is: false,
      now: () => still(withoutAccount(), 'payee-account-needed'),
    },
    {
      what: 'the account is known',
      is: true,
      now: () =>
        moved(withoutAccount(), 'payee-account-needed', (subject) =>
          subject.does(handler, {
            kind: 'set-payee',
            item: 'item-1',
            party: 'party-1',
            account: 'account-9',
          }),
        ),
    },
    {
      what: 'the item is withdrawn',
      is: true,
      now: () =>
        moved(withoutAccount(), 'payee-account-needed', (subject) =>
          subject.does(handler, { kind: 'withdraw' }),
        ),
    },
  ],
  paid: [
    { what: 'it is the last payment', is: false, now: () => still(paid(), 'paid') },
    {
      what: 'the claim has closed',
      is: false,
      now: () =>
        moved(paid(), 'paid', (subject) => {
          subject.take({ kind: 'conclude', item: 'item-1' });
          subject.take({ kind: 'close' });
        }),
    },
    {
      what: 'a later payment for the item was notified',
      is: true,
      now: () => followedBy(paid(), 'paid', 'paid'),
    },
  ],
  'payment-returned': [
    { what: 'it is waited for', is: false, now: () => still(returned(), 'payment-returned') },
    {
      what: 'it has been paid after all',
      is: true,
      now: () => followedBy(returned(), 'payment-returned', 'paid'),
    },
    {
      what: 'it was returned again',
      is: true,
      now: () => followedBy(returned(), 'payment-returned', 'payment-returned'),
    },
  ],
  refused: [
    { what: 'it stands', is: false, now: () => still(refused(), 'refused') },
    {
      what: 'the claim has closed',
      is: false,
      now: () =>
        moved(refused(), 'refused', (subject) => {
          subject.take({ kind: 'conclude', item: 'item-1' });
          subject.take({ kind: 'close' });
        }),
    },
    {
      what: 'a later refusal was notified',
      is: true,
      now: () => followedBy(refused(), 'refused', 'refused'),
    },
    {
      what: 'it is looked at again, and that was notified',
      is: true,
      now: () => followedBy(refused(), 'refused', 'reopened'),
    },
  ],
  withdrawn: [
    { what: 'the claim has closed', is: false, now: () => still(closed(), 'withdrawn') },
    { what: 'the item was taken up again', is: true, now: () => moved(closed(), 'withdrawn', takenUp) },
  ],
  reopened: [
    { what: 'nothing is decided yet', is: false, now: () => still(takenUp(closed()), 'reopened') },
    {
      what: 'a decision was notified since',
      is: true,
      now: () => followedBy(takenUp(closed()), 'reopened', 'refused'),
    },
  ],
  'claim-closed': [
    { what: 'it has closed', is: false, now: () => still(closed(), 'claim-closed') },
    { what: 'it was taken up again', is: true, now: () => moved(closed(), 'claim-closed', takenUp) },
  ],
  'handler-changed': [
    { what: 'they have the claim', is: false, now: () => byHand(surveyed(), 'handler-changed', {}) },
    {
      what: 'the handler has changed again',
      is: true,
      now: () => {
        const { subject, message } = byHand(surveyed(), 'handler-changed', {});
        return { subject: followed(subject, 'handler-changed', message), message };
      },
    },
    { what: 'the claim has closed', is: true, now: () => byHand(closed(), 'handler-changed', {}) },
  ],
  'handler-away': [
    { what: 'the handler is still away', is: false, now: () => byHand(whileAway(), 'handler-away', {}) },
    { what: 'the handler is back', is: true, now: () => byHand(surveyed(), 'handler-away', {}) },
    {
      what: 'the absence has another end',
      is: true,
      now: () => byHand(whileAway(), 'handler-away', { awayUntil: '2026-12-01' }),
    },
    {
      what: 'the handler has changed',
      is: true,
      now: () => {
        const { subject, message } = byHand(whileAway(), 'handler-away', {});
        return { subject: followed(subject, 'handler-changed', message), message };
      },
    },
    { what: 'the claim has closed', is: true, now: () => byHand(closed(), 'handler-away', {}) },
  ],
  progress: [
    {
      what: 'nothing was sent since',
      is: false,
      now: () => {
        const subject = surveyed();
        subject.now = later;
        return byHand(subject, 'progress', {});
      },
    },
    {
      what: 'another party had a message',
      is: false,
      now: () => {
        const { subject, message } = byHand(surveyed(), 'progress', {});
        return { subject: followed(subject, 'paid', { ...message, to: { party: 'party-2' } }), message };
      },
    },
    {
      what: 'something is planned for the same party',
      is: true,
      now: () => {
        const { subject, message } = byHand(surveyed(), 'progress', {});
        return { subject: followed(subject, 'paid', message), message };
      },
    },
    {
      what: 'something was sent to the same party',
      is: true,
      now: () => {
        const { subject, message } = byHand(surveyed(), 'progress', {});
        followed(subject, 'paid', message);
        const { id } = planned(subject, 'paid');
        subject.take({ kind: 'notification-ended', notification: id, outcome: { kind: 'accepted' } });
        return { subject, message };
      },
    },
    {
      what: 'an older message is repeated',
      is: false,
      now: () => {
        const { subject, message } = byHand(surveyed(), 'progress', {});
        return {
          subject: followed(subject, 'paid', { ...message, facts: { isRepeat: true } }),
          message,
        };
      },
    },
    { what: 'the claim has closed', is: true, now: () => byHand(closed(), 'progress', {}) },
  ],
  'formal-notice': [
    {
      what: 'all that it asks for has come: the law wants it, and it was on its way',
      is: false,
      now: () => byHand(brings(surveyed(), 'driving-licence'), 'formal-notice', licence),
    },
    {
      what: 'a later one is planned',
      is: true,
      now: () => {
        const { subject, message } = byHand(surveyed(), 'formal-notice', licence);
        return { subject: followed(subject, 'formal-notice', message), message };
      },
    },
  ],
};

function instructedAt(subject: ClaimUnderTest): void {
  subject.take({ kind: 'review-by-rules', item: 'item-1' });
}

/** Verified, and nobody knows to which account. */
function withoutAccount(): ClaimUnderTest {
  const { account: _, ...party } = aPolicyholder();
  const subject = ClaimUnderTest.covered({ parties: [party] })
    .prepared()
    .assessed(yuan(4800));
  subject.take({ kind: 'verify-by-rules', item: 'item-1' });
  if (!subject.item().signedOff.verify)
    subject.does(verifier, { kind: 'verify', item: 'item-1', version: 1 });
  return subject;
}

describe.each(notificationKinds.map((kind) => ({ kind })))('$kind', ({ kind }) => {
  test.each(cases[kind])('$what: overtaken $is', ({ is, now }) => {
    const { subject, message } = now();
    expect(message.kind).toBe(kind);
    expect(isOvertaken(message, subject.claim)).toBe(is);
  });

  test('has a row on each side, unless it is never overtaken', () => {
    const sides = new Set(cases[kind].map(({ is }) => is));
    expect([...sides].toSorted()).toEqual(overtaken[kind].when.startsWith('never') ? [false] : [false, true]);
  });
});

test('a fall-back keeps what it is about: it is overtaken like the message that it replaces', () => {
  const { subject, payment } = instructed();
  const { id } = planned(subject, 'payment-approved');
  subject.take({ kind: 'notification-ended', notification: id, outcome: { kind: 'accepted' } });
  subject.take({
    kind: 'delivery-reported',
    notification: id,
    outcome: 'undelivered',
    arrived: subject.now,
    code: '30007',
  });
  const instead = planned(subject, 'payment-approved');
  expect(instead).toMatchObject({ channel: 'email', insteadOf: id, facts: { item: 'item-1' } });
  expect(isOvertaken(instead, subject.claim)).toBe(false);
  subject.take({ kind: 'bank-confirmed', payment, reference: 'B-1' });
  expect(isOvertaken(instead, subject.claim)).toBe(true);
});

test('a letter that is overtaken before it is written ends the calls about it', () => {
  const subject = rejected();
  for (const channel of ['sms', 'email'] as const)
    subject.take({
      kind: 'notification-ended',
      notification: `document-rejected-1-${channel}`,
      outcome: { kind: 'undeliverable', code: '30007', why: 'content' },
    });
  expect(subject.expecting('reach:party-1')).toBeDefined();
  const isWritten = (): boolean => subject.claim.outbox.some(({ id }) => id === 'document-rejected-1-letter');
  for (let rungs = 0; !isWritten() && rungs < 50; rungs += 1) subject.chase();
  const letter = planned(subject, 'document-rejected');
  expect([letter.channel, isOvertaken(letter, subject.claim)]).toEqual(['letter', false]);
  brings(subject, 'driving-licence');
  expect(isOvertaken(letter, subject.claim)).toBe(true);
  subject.take({
    kind: 'notification-ended',
    notification: letter.id,
    outcome: { kind: 'suppressed', reason: 'overtaken' },
  });
  expect([subject.claim.unreached, subject.expecting('reach:party-1')]).toEqual([[], undefined]);
});

test('what does not hold any more is not sent again, although somebody asks for it', () => {
  const { subject, payment } = instructed();
  const { id } = planned(subject, 'payment-approved');
  subject.take({ kind: 'notification-ended', notification: id, outcome: { kind: 'accepted' } });
  const resend = { kind: 'resend-notification', notification: id, party: 'party-1' } as const;
  expect(subject.asks(supervisor, resend).kind).toBe('decided');
  subject.take({ kind: 'bank-confirmed', payment, reference: 'B-1' });
  expect(subject.asks(supervisor, resend)).toMatchObject({ kind: 'denied', reason: 'not-now' });
});

test('a fall-back keeps its number, and the next message of its kind has a new one', () => {
  const subject = surveyed();
  const reject = (document: string): void => {
    brings(subject, document).does(handler, { kind: 'reject-document', document, reason: 'unreadable' });
  };
  reject('driving-licence');
  reject('police-determination');
  for (const channel of ['sms', 'email'])
    subject.take({
      kind: 'notification-ended',
      notification: `document-rejected-2-${channel}`,
      outcome: { kind: 'accepted' },
    });
  subject.take({
    kind: 'notification-ended',
    notification: 'document-rejected-1-email',
    outcome: { kind: 'lost', code: 'timeout' },
  });
  subject.take({
    kind: 'notification-ended',
    notification: 'document-rejected-1-sms',
    outcome: { kind: 'undeliverable', code: '30007', why: 'content' },
  });
  reject('driving-licence');
  const ids = subject.claim.outbox.filter(({ kind }) => kind === 'document-rejected').map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(subject.claim.sent['document-rejected']).toBe(4);
});
