import { create, list, statusCallback } from '../../../local/sms/contract.ts';

const form = { To: '+8613800138000', From: '+15005550006', Body: 'x' };
const sid = (kind: string): string => kind + 'a1'.repeat(16);

test.each([
  ['a number of fifteen digits', { To: '+861380013800012' }, true],
  ['a number of sixteen', { To: '+8613800138000123' }, false],
  ['a number without its country', { To: '13800138000' }, false],
  ['a name as the recipient', { To: 'Lipei' }, false],
  ['a name as the sender', { From: 'Lipei' }, true],
  ['a name of twelve letters', { From: 'LipeiLipeiLi' }, false],
  ['1600 characters, each of two halves', { Body: '😀'.repeat(1600) }, true],
  ['1601 characters', { Body: 'x'.repeat(1601) }, false],
  ['a messaging service', { MessagingServiceSid: sid('MG') }, true],
  ['a message as a messaging service', { MessagingServiceSid: sid('SM') }, false],
  ['a callback that is no address', { StatusCallback: 'lipei.example' }, false],
])('a message is asked for with %s: %j', (_, changes, agreed) => {
  expect(create.form.safeParse({ ...form, ...changes }).success).toBe(agreed);
});

test.each([
  [{ DateSent: '2026-03-02' }, true],
  [{ 'DateSent>': '2026-03-02T08:00:00Z' }, true],
  [{ 'DateSent<': '2026-03-02 08:00' }, false],
  [{ DateSent: '2026-13-01' }, false],
  [{ PageSize: '1000' }, true],
  [{ PageSize: '0' }, false],
])('a list is asked for with %j: %s', (query, agreed) => {
  expect(list.query.safeParse(query).success).toBe(agreed);
});

test('a report has a status that Twilio knows', () => {
  const report = {
    MessageSid: sid('SM'),
    SmsSid: sid('SM'),
    AccountSid: sid('AC'),
    ApiVersion: '2010-04-01',
    From: form.From,
    To: form.To,
    SmsStatus: 'sent',
  };
  expect(statusCallback.safeParse({ ...report, MessageStatus: 'sent' }).success).toBe(true);
  expect(statusCallback.safeParse({ ...report, MessageStatus: 'lost' }).success).toBe(false);
});
