import { heartbeatAt, silentUntil } from '../../../domain/waiting/heartbeat.ts';
import type { NotificationOutcome } from '../../../domain/messages/notifications.ts';
import { aPolicyholder, Desk, handler, noticedAt, rules } from '../../support/builders.ts';

const days = (count: number): string =>
  new Date(Date.parse(noticedAt) + count * 24 * 3_600_000).toISOString();
const accepted: NotificationOutcome = { kind: 'accepted' };
const suppressed: NotificationOutcome = { kind: 'suppressed', reason: 'unsubscribed' };

/** Everything that is to be said ends so. */
function said(desk: Desk, outcome: NotificationOutcome): void {
  for (let [next] = desk.claim.outbox; next; [next] = desk.claim.outbox)
    desk.take({ kind: 'notification-ended', notification: next.id, outcome });
}

function opened(outcome = accepted): Desk {
  const desk = Desk.covered({ parties: [aPolicyholder()] });
  said(desk, outcome);
  return desk;
}

const progressOf = (desk: Desk): number => desk.claim.told.progress ?? 0;

test('two weeks after something was taken for them the claimant hears how things stand, and the silence that is allowed ends then', () => {
  const desk = opened();
  expect([heartbeatAt(desk.claim, rules), silentUntil(desk.claim, rules)]).toEqual([days(14), days(14)]);
});

test('what was decided and never taken breaks no silence', () => {
  const desk = opened();
  desk.now = days(13);
  desk
    .does(handler, { kind: 'add-document', document: 'driving-licence', attachment: 'a' })
    .does(handler, { kind: 'reject-document', document: 'driving-licence', reason: 'blurred' });
  expect(heartbeatAt(desk.claim, rules)).toBeUndefined(); // something is on its way
  said(desk, suppressed);
  expect(silentUntil(desk.claim, rules)).toBe(days(14));
  expect(heartbeatAt(desk.claim, rules)).toBe(days(14));
});

test('whom progress never reaches is tried for four times in an interval, never without end, and the claim counts as silent', () => {
  const desk = opened();
  for (
    desk.now = days(14);
    desk.now < days(28);
    desk.now = days((Date.parse(desk.now) - Date.parse(noticedAt)) / (24 * 3_600_000) + 1 / 24)
  ) {
    desk.take({ kind: 'take-rungs' });
    said(desk, suppressed);
  }
  expect(progressOf(desk)).toBeGreaterThan(1);
  expect(progressOf(desk)).toBeLessThanOrEqual(5);
  expect(silentUntil(desk.claim, rules)).toBe(days(14));
});

test('a call that reaches them is a word from us', () => {
  const desk = opened();
  desk.now = days(10);
  desk.does(handler, { kind: 'record-call', party: 'party-1', outcome: 'no-answer' });
  expect(silentUntil(desk.claim, rules)).toBe(days(14));
  desk.does(handler, { kind: 'record-call', party: 'party-1', outcome: 'reached' });
  expect(silentUntil(desk.claim, rules)).toBe(days(24));
});

test('a claim that has closed may be silent', () => {
  const desk = opened();
  desk.does(handler, { kind: 'withdraw' });
  desk.take({ kind: 'conclude', item: 'item-1' });
  desk.take({ kind: 'close' });
  expect([heartbeatAt(desk.claim, rules), silentUntil(desk.claim, rules)]).toEqual([undefined, undefined]);
});
