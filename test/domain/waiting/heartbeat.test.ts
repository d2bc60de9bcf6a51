import { heartbeatAt, silentUntil } from '../../../domain/waiting/heartbeat.ts';
import type { LedgerOutcome } from '../../../domain/messages/notifications.ts';
import { aPolicyholder, ClaimUnderTest, handler, noticedAt, rules } from '../../support/builders.ts';

const days = (count: number): string =>
  new Date(Date.parse(noticedAt) + count * 24 * 3_600_000).toISOString();
const accepted: LedgerOutcome = { kind: 'accepted' };
const suppressed: LedgerOutcome = { kind: 'suppressed', reason: 'unsubscribed' };

/** Every planned message ends so. */
function messages(subject: ClaimUnderTest, outcome: LedgerOutcome): void {
  for (let [next] = subject.claim.outbox; next; [next] = subject.claim.outbox)
    subject.take({ kind: 'notification-ended', notification: next.id, outcome });
}

function opened(outcome = accepted): ClaimUnderTest {
  const subject = ClaimUnderTest.covered({ parties: [aPolicyholder()] });
  messages(subject, outcome);
  return subject;
}

const progressOf = (subject: ClaimUnderTest): number => subject.claim.sent.progress ?? 0;

test('two weeks after the last contact the claimant gets a progress message, and the allowed silence ends then', () => {
  const subject = opened();
  expect([heartbeatAt(subject.claim, rules), silentUntil(subject.claim, rules)]).toEqual([
    days(14),
    days(14),
  ]);
});

test('what was decided and never taken breaks no silence', () => {
  const subject = opened();
  subject.now = days(13);
  subject
    .does(handler, { kind: 'add-document', document: 'driving-licence', attachment: 'a' })
    .does(handler, { kind: 'reject-document', document: 'driving-licence', reason: 'unreadable' });
  expect(heartbeatAt(subject.claim, rules)).toBeUndefined(); // something is on its way
  messages(subject, suppressed);
  expect(silentUntil(subject.claim, rules)).toBe(days(14));
  expect(heartbeatAt(subject.claim, rules)).toBe(days(14));
});

test('a party that progress never reaches is tried four times in an interval, never without end, and the claim counts as silent', () => {
  const subject = opened();
  for (
    subject.now = days(14);
    subject.now < days(28);
    subject.now = days((Date.parse(subject.now) - Date.parse(noticedAt)) / (24 * 3_600_000) + 1 / 24)
  ) {
    subject.take({ kind: 'take-rungs' });
    messages(subject, suppressed);
  }
  expect(progressOf(subject)).toBeGreaterThan(1);
  expect(progressOf(subject)).toBeLessThanOrEqual(5);
  expect(silentUntil(subject.claim, rules)).toBe(days(14));
});

test('a call that reaches them is a word from us', () => {
  const subject = opened();
  subject.now = days(10);
  subject.does(handler, { kind: 'record-call', party: 'party-1', outcome: 'no-answer' });
  expect(silentUntil(subject.claim, rules)).toBe(days(14));
  subject.does(handler, { kind: 'record-call', party: 'party-1', outcome: 'reached' });
  expect(silentUntil(subject.claim, rules)).toBe(days(24));
});

test('a claim that has closed may be silent', () => {
  const subject = opened();
  subject.does(handler, { kind: 'withdraw' });
  subject.take({ kind: 'conclude', item: 'item-1' });
  subject.take({ kind: 'close' });
  expect([heartbeatAt(subject.claim, rules), silentUntil(subject.claim, rules)]).toEqual([
    undefined,
    undefined,
  ]);
});
