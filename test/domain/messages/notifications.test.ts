import fc from 'fast-check';
import {
  isMandatory,
  isOwedByLaw,
  notificationChannels,
  notificationId,
  notificationKinds,
  partsOf,
  purposeOf,
  deliveryKey,
} from '../../../domain/messages/notifications.ts';

test('an id of a notification is taken apart into what it was made of', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...notificationKinds),
      fc.integer({ min: 1, max: 999_999 }),
      fc.constantFrom(...notificationChannels),
      (kind, seq, channel) => {
        const id = notificationId({ kind, seq, channel });
        expect(partsOf(id)).toEqual({ kind, seq, channel });
        expect(id.startsWith(`${deliveryKey({ kind, seq })}-`)).toBe(true);
      },
    ),
  );
});

test.each([
  ['an unknown kind', 'greeting-1-sms'],
  ['an unknown channel', 'paid-1-fax'],
  ['no number', 'paid-sms'],
  ['a number too long', 'paid-1000000-sms'],
  ['something after it', 'paid-1-sms-2'],
  ['something before it', 'L0000-00000/paid-1-sms'],
  ['capitals', 'PAID-1-SMS'],
  ['nothing', ''],
])('%s is no id of a notification', (_, id) => expect(partsOf(id)).toBeUndefined());

test('a party that opts out misses chases and news, and nothing that decides, pays or is required by law', () => {
  expect(notificationKinds.filter((kind) => !isMandatory(kind))).toEqual([
    'documents-reminder',
    'documents-received',
    'surveyor-coming',
    'receipt-issued',
    'assessed',
    'payment-approved',
    'withdrawn',
    'reopened',
    'claim-closed',
    'handler-changed',
    'handler-away',
    'progress',
  ]);
});

test('a letter goes to a party that nothing else reaches where the law or a decision requires it, not for a payment', () => {
  expect(notificationKinds.filter(isOwedByLaw)).toEqual([
    'acknowledgement',
    'documents-needed',
    'nothing-payable',
    'refused',
    'formal-notice',
  ]);
  expect([purposeOf.paid, isMandatory('paid'), isOwedByLaw('paid')]).toEqual(['payment', true, false]);
});
