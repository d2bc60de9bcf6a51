import type { Party } from '../../../domain/people/people.ts';
import { aPolicyholder, Desk } from '../../support/builders.ts';

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
    kind: 'receipt',
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
