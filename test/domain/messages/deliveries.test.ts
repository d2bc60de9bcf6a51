import type { Party } from '../../../domain/people/people.ts';
import { aPolicyholder, Desk, handler } from '../../support/builders.ts';

const phoneAndMail: Partial<Party> = { prefers: 'sms' };
const anHourLater = '2026-11-23T03:00:00.000Z';

/** Told by text alone that the claim has come in. */
function told(party: Partial<Party> = phoneAndMail): Desk {
  const desk = Desk.covered({ parties: [aPolicyholder(party)] });
  for (const { id } of desk.claim.outbox)
    desk.take({ kind: 'notification-ended', notification: id, outcome: { kind: 'accepted' } });
  return desk;
}

const isOff = (desk: Desk, notification: string, again = 'PT1H') =>
  desk.take({
    kind: 'delivery-reported',
    notification,
    outcome: 'undelivered',
    arrived: desk.now,
    code: '30003',
    again,
  });
const planned = (desk: Desk) =>
  desk.claim.outbox.map(({ id, notBefore }) => (notBefore ? `${id} at ${notBefore}` : id));

test('a telephone that was off gets it once more an hour later, then it goes by email', () => {
  const desk = told();
  isOff(desk, 'acknowledgement-1-sms');
  expect(planned(desk)).toEqual([`acknowledgement-2-sms at ${anHourLater}`]);
  expect(desk.claim.outbox[0]).toMatchObject({
    insteadOf: 'acknowledgement-1-sms',
    facts: { isRepeat: true },
  });
  desk.take({
    kind: 'notification-ended',
    notification: 'acknowledgement-2-sms',
    outcome: { kind: 'accepted' },
  });
  isOff(desk, 'acknowledgement-2-sms');
  expect(planned(desk)).toEqual(['acknowledgement-2-email']);
});

test('where nothing else is left, somebody calls', () => {
  const desk = told({ reach: { sms: true, email: false } });
  isOff(desk, 'acknowledgement-1-sms');
  desk.take({
    kind: 'notification-ended',
    notification: 'acknowledgement-2-sms',
    outcome: { kind: 'accepted' },
  });
  isOff(desk, 'acknowledgement-2-sms');
  expect([planned(desk), desk.claim.unreached]).toEqual([
    [],
    [{ party: 'party-1', notification: 'acknowledgement-2-sms' }],
  ]);
});

test("an hour that the law of the recipient's place forbids is waited out", () => {
  const desk = told();
  isOff(desk, 'acknowledgement-1-sms', 'PT12H');
  expect(planned(desk)).toEqual(['acknowledgement-2-sms at 2026-11-23T14:00:00.000Z']);
});

test('what the email has brought needs no second text', () => {
  const desk = told({});
  isOff(desk, 'acknowledgement-1-sms');
  expect(planned(desk)).toEqual([]);
});

test('a telephone that is lost meanwhile is not tried again', () => {
  const desk = told();
  desk.take({
    kind: 'contact-turned-out',
    party: 'party-1',
    channel: 'sms',
    standing: 'lost',
    code: 'opted-out',
  });
  isOff(desk, 'acknowledgement-1-sms');
  expect(planned(desk)).toEqual(['acknowledgement-1-email']);
});

test('a message to staff that is given up is gone: it stands on their work list, and the claim waits for nothing more', () => {
  const desk = told({});
  desk.now = '2026-11-26T00:00:00.000Z'; // the survey is late by then
  desk.take({ kind: 'take-rungs' });
  const escalation = desk.claim.outbox.find(({ kind }) => kind === 'escalation');
  expect(escalation?.to).toEqual({ staff: 'C-301' });
  const before = desk.claim.expectations;
  desk.take({
    kind: 'notification-ended',
    notification: escalation?.id ?? '',
    outcome: { kind: 'failed', code: 'provider-unreachable' },
  });
  expect(desk.claim.outbox.filter(({ kind }) => kind === 'escalation')).toEqual([]);
  expect([desk.claim.expectations, desk.claim.unreached]).toEqual([before, []]);
});

test('a contact that turns out not to exist is lost, and the other channel says it', () => {
  const desk = Desk.covered({ parties: [aPolicyholder(phoneAndMail)] });
  desk.take({
    kind: 'notification-ended',
    notification: 'acknowledgement-1-sms',
    outcome: { kind: 'undeliverable', code: '21211', why: 'contact' },
  });
  expect(desk.claim.parties[0]).toMatchObject({ reach: { sms: false, email: true }, lost: { sms: '21211' } });
  expect(planned(desk)).toContain('acknowledgement-1-email');
});

test.each([
  ['what must be heard is said once more, as a repeat', 'acknowledgement-1-sms', ['acknowledgement-2-sms']],
  ['of news the next message makes up for it', 'surveyor-coming-1-sms', []],
])('whether it went out cannot be found out: %s', (_, lost, expected) => {
  const desk = Desk.covered({ parties: [aPolicyholder(phoneAndMail)] });
  const before = new Set(planned(desk));
  desk.take({ kind: 'notification-ended', notification: lost, outcome: { kind: 'lost', code: 'timeout' } });
  expect(planned(desk).filter((each) => !before.has(each))).toEqual(expected);
});

/** Every channel failed, so that a handler is to call. */
function missed(party: Partial<Party>): Desk {
  const desk = Desk.covered({ parties: [aPolicyholder(party)] });
  for (let [next] = desk.claim.outbox; next; [next] = desk.claim.outbox)
    desk.take({
      kind: 'notification-ended',
      notification: next.id,
      outcome: { kind: 'undeliverable', code: '30007', why: 'content' },
    });
  return desk;
}

const corrects = (desk: Desk, reach: Party['reach'], prefers?: 'sms' | 'email') =>
  desk.does(handler, {
    kind: 'correct-contact',
    party: 'party-1',
    revision: 2,
    reach,
    ...(prefers && { prefers }),
  });

test.each([
  ['by the first channel of the rules', undefined, ['acknowledgement-2-sms']],
  ['by the one that they prefer', 'email' as const, ['acknowledgement-2-email']],
])('what was missed is said once the contact has been put right, %s', (_, prefers, expected) => {
  const desk = missed({ reach: { sms: true, email: false } });
  expect(desk.claim.unreached).toHaveLength(1);
  corrects(desk, { sms: true, email: true }, prefers);
  expect([planned(desk), desk.claim.unreached]).toEqual([expected, []]);
});

test('a contact that still reaches nobody leaves it to the handler to call', () => {
  const desk = missed({ reach: { sms: true, email: false } });
  const before = desk.claim.unreached;
  corrects(desk, { sms: false, email: false });
  expect([planned(desk), desk.claim.unreached]).toEqual([[], before]);
  expect(desk.expecting('reach:party-1')).toBeDefined();
});

test('what may be lost and cannot be repeated by its channel is said by another', () => {
  const desk = Desk.covered({ parties: [aPolicyholder(phoneAndMail)] });
  desk.take({
    kind: 'contact-turned-out',
    party: 'party-1',
    channel: 'sms',
    standing: 'lost',
    code: 'opted-out',
  });
  desk.take({
    kind: 'notification-ended',
    notification: 'acknowledgement-1-sms',
    outcome: { kind: 'lost', code: 'timeout' },
  });
  expect(planned(desk)).toContain('acknowledgement-1-email');
  expect(planned(desk)).not.toContain('acknowledgement-2-sms');
});

test('a payment says whom it goes to, as it was approved', () => {
  const desk = Desk.covered().prepared().reviewable(480_000);
  desk.take({ kind: 'review-by-rules', item: 'item-1' });
  expect(desk.item().payments).toMatchObject([{ kind: 'approved', to: 'party-1' }]);
});

test('a report that overtakes the sender’s own answer is the one that counts', () => {
  const desk = Desk.covered({ parties: [aPolicyholder(phoneAndMail)] });
  const notification = 'acknowledgement-1-sms';
  desk.take({ kind: 'receipt', notification, outcome: 'delivered', arrived: desk.now });
  desk.take({ kind: 'notification-ended', notification, outcome: { kind: 'accepted' } });
  expect(desk.claim.said['acknowledgement-1']).toMatchObject({ by: { sms: 'delivered' }, arrived: desk.now });
  expect(desk.claim.outbox.map(({ id }) => id)).not.toContain(notification);
});

test.each([
  ['delivered, then not', 'delivered', 'undelivered', 'delivered'],
  ['not delivered, then delivered', 'undelivered', 'delivered', 'failed'],
  ['bounced twice', 'bounced', 'bounced', 'failed'],
] as const)('of two reports about one message the first counts: %s', (_, first, second, fate) => {
  const desk = told({});
  const notification = 'acknowledgement-1-sms';
  for (const [index, outcome] of [first, second].entries())
    desk.take({ kind: 'receipt', notification, outcome, arrived: anHourLater, message: `r-${index}` });
  expect(desk.claim.said['acknowledgement-1']?.by.sms).toBe(fate);
});

test('a report about what this claim never told is denied, one of long ago is taken', () => {
  const desk = told({});
  const report = (notification: string) =>
    desk.take({ kind: 'receipt', notification, outcome: 'delivered', arrived: anHourLater });
  expect(report('acknowledgement-2-sms')).toMatchObject({ reason: 'malformed' });
  expect(report('nonsense')).toMatchObject({ reason: 'malformed' });
  desk.on(200);
  expect(report('acknowledgement-1-email').kind).toBe('decided');
});

test.each([
  ['lost here comes back', true, true],
  ['that was never known does not appear', false, false],
])('a channel %s when it turns up', (_, wasLost, isBack) => {
  const desk = told({ reach: { sms: wasLost, email: true } });
  const turnsOut = (standing: 'lost' | 'restored') =>
    desk.take({ kind: 'contact-turned-out', party: 'party-1', channel: 'sms', standing, code: 'opted-out' });
  turnsOut('lost');
  expect(desk.claim.parties[0]?.reach.sms).toBe(false);
  turnsOut('restored');
  expect(desk.claim.parties[0]?.reach.sms).toBe(isBack);
});
