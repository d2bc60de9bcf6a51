import type { Party } from '../../../domain/people/people.ts';
import { aPolicyholder, ClaimUnderTest, handler, aMessage } from '../../support/builders.ts';

const phoneAndMail: Partial<Party> = { prefers: 'sms' };
const anHourLater = '2026-11-23T03:00:00.000Z';

/** Acknowledged by text alone. */
function notified(party: Partial<Party> = phoneAndMail): ClaimUnderTest {
  const subject = ClaimUnderTest.covered({ parties: [aPolicyholder(party)] });
  for (const { id } of subject.claim.outbox)
    subject.take({ kind: 'notification-ended', notification: id, outcome: { kind: 'accepted' } });
  return subject;
}

const isOff = (subject: ClaimUnderTest, notification: string, again = 'PT1H') =>
  subject.take({
    kind: 'delivery-reported',
    notification,
    outcome: 'undelivered',
    arrived: subject.now,
    code: '30003',
    again,
  });
const planned = (subject: ClaimUnderTest) =>
  subject.claim.outbox.map(({ id, notBefore }) => (notBefore ? `${id} at ${notBefore}` : id));

test('a telephone that was off gets it once more an hour later, then it goes by email', () => {
  const subject = notified();
  isOff(subject, 'acknowledgement-1-sms');
  expect(planned(subject)).toEqual([`acknowledgement-2-sms at ${anHourLater}`]);
  expect(subject.claim.outbox[0]).toMatchObject({
    insteadOf: 'acknowledgement-1-sms',
    facts: { isRepeat: true },
  });
  subject.take({
    kind: 'notification-ended',
    notification: 'acknowledgement-2-sms',
    outcome: { kind: 'accepted' },
  });
  isOff(subject, 'acknowledgement-2-sms');
  expect(planned(subject)).toEqual(['acknowledgement-2-email']);
});

test('where nothing else is left, somebody calls', () => {
  const subject = notified({ reach: { sms: true, email: false } });
  isOff(subject, 'acknowledgement-1-sms');
  subject.take({
    kind: 'notification-ended',
    notification: 'acknowledgement-2-sms',
    outcome: { kind: 'accepted' },
  });
  isOff(subject, 'acknowledgement-2-sms');
  expect([planned(subject), subject.claim.unreached]).toEqual([
    [],
    [{ party: 'party-1', notification: 'acknowledgement-2-sms' }],
  ]);
});

test("an hour that the law of the recipient's place forbids is waited out", () => {
  const subject = notified();
  isOff(subject, 'acknowledgement-1-sms', 'PT12H');
  expect(planned(subject)).toEqual(['acknowledgement-2-sms at 2026-11-23T14:00:00.000Z']);
});

test('what the email has brought needs no second text', () => {
  const subject = notified({});
  isOff(subject, 'acknowledgement-1-sms');
  expect(planned(subject)).toEqual([]);
});

test('a telephone that is lost meanwhile is not tried again', () => {
  const subject = notified();
  subject.take({
    kind: 'contact-turned-out',
    party: 'party-1',
    channel: 'sms',
    standing: 'lost',
    code: 'opted-out',
  });
  isOff(subject, 'acknowledgement-1-sms');
  expect(planned(subject)).toEqual(['acknowledgement-1-email']);
});

test('a contact that turns out not to exist is lost, and the other channel says it', () => {
  const subject = ClaimUnderTest.covered({ parties: [aPolicyholder(phoneAndMail)] });
  subject.take({
    kind: 'notification-ended',
    notification: 'acknowledgement-1-sms',
    outcome: { kind: 'undeliverable', code: '21211', why: 'contact' },
  });
  expect(subject.claim.parties[0]).toMatchObject({
    reach: { sms: false, email: true },
    lost: { sms: '21211' },
  });
  expect(planned(subject)).toContain('acknowledgement-1-email');
});

test.each([
  ['a mandatory message is sent again, as a repeat', 'acknowledgement-1-sms', ['acknowledgement-2-sms']],
  ['of news the next message makes up for it', 'surveyor-coming-1-sms', []],
])('whether it went out cannot be found out: %s', (_, lost, expected) => {
  const subject = ClaimUnderTest.covered({ parties: [aPolicyholder(phoneAndMail)] });
  const before = new Set(planned(subject));
  subject.take({
    kind: 'notification-ended',
    notification: lost,
    outcome: { kind: 'lost', code: 'timeout' },
  });
  expect(planned(subject).filter((each) => !before.has(each))).toEqual(expected);
});

/** Every channel failed, so that a handler is to call. */
function missed(party: Partial<Party>): ClaimUnderTest {
  const subject = ClaimUnderTest.covered({ parties: [aPolicyholder(party)] });
  for (let [next] = subject.claim.outbox; next; [next] = subject.claim.outbox)
    subject.take({
      kind: 'notification-ended',
      notification: next.id,
      outcome: { kind: 'undeliverable', code: '30007', why: 'content' },
    });
  return subject;
}

const corrects = (subject: ClaimUnderTest, reach: Party['reach'], prefers?: 'sms' | 'email') =>
  subject.does(handler, {
    kind: 'correct-contact',
    party: 'party-1',
    revision: 2,
    marks: [],
    reach,
    ...(prefers && { prefers }),
  });

test.each([
  ['by the first channel of the rules', undefined, ['acknowledgement-2-sms']],
  ['by the one that they prefer', 'email' as const, ['acknowledgement-2-email']],
])('what was missed is sent once the contact has been corrected, %s', (_, prefers, expected) => {
  const subject = missed({ reach: { sms: true, email: false } });
  expect(subject.claim.unreached).toHaveLength(1);
  corrects(subject, { sms: true, email: true }, prefers);
  expect([planned(subject), subject.claim.unreached]).toEqual([expected, []]);
});

test('a contact that still reaches nobody leaves it to the handler to call', () => {
  const subject = missed({ reach: { sms: true, email: false } });
  const before = subject.claim.unreached;
  corrects(subject, { sms: false, email: false });
  expect([planned(subject), subject.claim.unreached]).toEqual([[], before]);
  expect(subject.expecting('reach:party-1')).toBeDefined();
});

test('what may be lost and cannot be repeated by its channel is sent by another', () => {
  const subject = ClaimUnderTest.covered({ parties: [aPolicyholder(phoneAndMail)] });
  subject.take({
    kind: 'contact-turned-out',
    party: 'party-1',
    channel: 'sms',
    standing: 'lost',
    code: 'opted-out',
  });
  subject.take({
    kind: 'notification-ended',
    notification: 'acknowledgement-1-sms',
    outcome: { kind: 'lost', code: 'timeout' },
  });
  expect(planned(subject)).toContain('acknowledgement-1-email');
  expect(planned(subject)).not.toContain('acknowledgement-2-sms');
});

test('a payment names its payee, as it was approved', () => {
  const subject = ClaimUnderTest.covered().prepared().reviewable(480_000);
  subject.take({ kind: 'review-by-rules', item: 'item-1' });
  expect(subject.item().payments).toMatchObject([{ kind: 'approved', to: 'party-1' }]);
});

test('a report that overtakes the sender’s own answer is the one that counts', () => {
  const subject = ClaimUnderTest.covered({ parties: [aPolicyholder(phoneAndMail)] });
  const notification = 'acknowledgement-1-sms';
  subject.take({ kind: 'delivery-reported', notification, outcome: 'delivered', arrived: subject.now });
  subject.take({ kind: 'notification-ended', notification, outcome: { kind: 'accepted' } });
  expect(subject.claim.deliveries['acknowledgement-1']).toMatchObject({
    by: { sms: 'delivered' },
    arrived: subject.now,
  });
  expect(subject.claim.outbox.map(({ id }) => id)).not.toContain(notification);
});

test.each([
  ['delivered, then not', 'delivered', 'undelivered', 'delivered'],
  ['not delivered, then delivered', 'undelivered', 'delivered', 'failed'],
  ['bounced twice', 'bounced', 'bounced', 'failed'],
] as const)('of two reports about one message the first counts: %s', (_, first, second, state) => {
  const subject = notified({});
  const notification = 'acknowledgement-1-sms';
  for (const [index, outcome] of [first, second].entries())
    subject.take({
      kind: 'delivery-reported',
      notification,
      outcome,
      arrived: anHourLater,
      message: aMessage(`r-${index}`),
    });
  expect(subject.claim.deliveries['acknowledgement-1']?.by.sms).toBe(state);
});

test('a report about a notification that this claim never sent is denied, one of long ago is taken', () => {
  const subject = notified({});
  const report = (notification: string) =>
    subject.take({ kind: 'delivery-reported', notification, outcome: 'delivered', arrived: anHourLater });
  expect(report('acknowledgement-2-sms')).toMatchObject({ reason: 'malformed' });
  expect(report('nonsense')).toMatchObject({ reason: 'malformed' });
  subject.on(200);
  expect(report('acknowledgement-1-email').kind).toBe('decided');
});

test.each([
  ['lost here comes back', true, true],
  ['that was never known does not appear', false, false],
])('a channel %s when it turns up', (_, wasLost, isBack) => {
  const subject = notified({ reach: { sms: wasLost, email: true } });
  const turnsOut = (standing: 'lost' | 'restored') =>
    subject.take({
      kind: 'contact-turned-out',
      party: 'party-1',
      channel: 'sms',
      standing,
      code: 'opted-out',
    });
  turnsOut('lost');
  expect(subject.claim.parties[0]?.reach.sms).toBe(false);
  turnsOut('restored');
  expect(subject.claim.parties[0]?.reach.sms).toBe(isBack);
});
