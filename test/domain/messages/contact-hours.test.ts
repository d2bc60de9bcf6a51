import fc from 'fast-check';
import { waitFor } from '../../../domain/messages/contact-hours.ts';
import {
  notificationChannels,
  notificationKinds,
  type Notification,
} from '../../../domain/messages/notifications.ts';

const hours = { from: 8 * 60, to: 21 * 60 };
const text: Notification = {
  id: 'paid-1-sms',
  kind: 'paid',
  seq: 1,
  channel: 'sms',
  to: { party: 'party-1' },
  facts: {},
};
const acknowledgement: Notification = { ...text, id: 'acknowledgement-1-sms', kind: 'acknowledgement' };

test.each<[string, Notification, number, ReturnType<typeof waitFor>]>([
  ['at the opening minute', text, 8 * 60, undefined],
  ['a minute before it', text, 8 * 60 - 1, { days: 0, minute: 480 }],
  ['at midnight', text, 0, { days: 0, minute: 480 }],
  ['a minute before closing', text, 21 * 60 - 1, undefined],
  ['at the closing minute', text, 21 * 60, { days: 1, minute: 480 }],
  ['an email at midnight', { ...text, channel: 'email' }, 0, undefined],
  ['a letter at midnight', { ...text, channel: 'letter' }, 0, undefined],
  ['an acknowledgement at midnight', acknowledgement, 0, undefined],
  [
    'an acknowledgement that is repeated at midnight',
    { ...acknowledgement, insteadOf: 'acknowledgement-1-email' },
    0,
    { days: 0, minute: 480 },
  ],
])('%s', (_, notification, minute, expected) =>
  expect(waitFor(notification, minute, hours)).toEqual(expected),
);

test('no text goes to a party outside of contact hours on its own clock, but the acknowledgement', () => {
  const messages = fc.record({
    kind: fc.constantFrom(...notificationKinds),
    channel: fc.constantFrom(...notificationChannels),
    insteadOf: fc.constantFrom(undefined, 'acknowledgement-1-email'),
  });
  const minutes = fc.integer({ min: 0, max: 24 * 60 });
  fc.assert(
    fc.property(messages, minutes, minutes, minutes, (message, now, from, to) => {
      const { kind, channel, insteadOf } = message;
      const goesNow =
        waitFor({ ...text, kind, channel, ...(insteadOf && { insteadOf }) }, now, { from, to }) === undefined;
      const isOutside = now < from || now >= to;
      const isFirstWord = kind === 'acknowledgement' && insteadOf === undefined;
      expect(goesNow).toBe(!(channel === 'sms' && isOutside && !isFirstWord));
    }),
  );
});
