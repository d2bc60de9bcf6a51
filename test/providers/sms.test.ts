import { inspect } from 'node:util';

import { z } from 'zod';

import { readSmsStatus } from '../../providers/twilio/delivery-report.ts';
import { readText } from '../../providers/twilio/inbound-text.ts';
import { twilioSms } from '../../providers/twilio/sms.ts';
import { twilioSignatureMatches } from '../../providers/twilio/signature.ts';
import { startSmsStandIn } from '../../local/servers/sms-stand-in.ts';
import { create, list, statuses } from '../../local/sms/contract.ts';
import type { StandIn } from '../../local/stand-in/stand-in.ts';
import { startReceiver } from '../support/webhook-receiver.ts';

const account = {
  accountSid: `AC${'a1'.repeat(16)}`,
  authToken: 'token-of-the-account',
  from: '+15005550006',
};
const customer = '+8613800138000';

let twilio: StandIn;
const sms = (changes = {}) => twilioSms({ ...account, baseUrl: twilio.url, ...changes });
const message = (changes = {}) => ({
  to: customer,
  body: '【理赔】案件 L7K3M 缺维修发票。',
  reference: 'L7K3M:documents-reminder-1-sms',
  ...changes,
});
const sent = async () =>
  z
    .object({ messages: z.array(z.looseObject({})) })
    .parse(await (await fetch(`${twilio.url}/stand-in/messages`)).json()).messages;
const fieldsOf = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text));
const meets = (fault: object) =>
  fetch(`${twilio.url}/stand-in/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });

beforeEach(async () => {
  twilio = await startSmsStandIn({ port: 0, ...account, delays: { sentMs: 10, deliveredMs: 10 } });
});
afterEach(() => twilio.stop());

test('a message that Twilio takes is accepted, with its id and the number of its segments', async () => {
  const answer = await sms().send(message());
  expect(answer).toEqual({
    kind: 'accepted',
    providerId: expect.stringMatching(/^SM[0-9a-f]{32}$/),
    segments: 1,
  });
  expect(await sent()).toMatchObject([{ to: customer, body: message().body, callback: null }]);
});

test('a message that Twilio rejects does not exist there', async () => {
  expect(await sms().send(message({ to: '+15005550004' }))).toMatchObject({ kind: 'rejected' });
  expect(await sent()).toEqual([]);
});

test('what is asked of Twilio is what the contract knows', async () => {
  const receiver = await startReceiver(
    [201, 201],
    JSON.stringify({ sid: `SM${'0'.repeat(32)}`, num_segments: '1', messages: [] }),
  );
  const asking = { baseUrl: receiver.url, statusCallback: 'https://lipei.example/webhooks/twilio/status' };
  await sms(asking).send(message());
  await sms({ ...asking, from: `MG${'c3'.repeat(16)}` }).send(message());
  await sms(asking).find({ ...message(), since: '2026-03-01T08:00:00.000Z' });
  await receiver.stop();

  const [ours, service, inquiry] = receiver.received.map(({ url, body }) => ({
    path: new URL(url).pathname,
    form: fieldsOf(body),
    query: fieldsOf(new URL(url).search),
  }));
  expect(ours?.path).toBe(create.path.replace('{AccountSid}', account.accountSid));
  expect(Object.keys(create.form.strict().parse(ours?.form))).toEqual([
    'To',
    'From',
    'Body',
    'StatusCallback',
  ]);
  expect(Object.keys(create.form.strict().parse(service?.form))).toEqual([
    'To',
    'MessagingServiceSid',
    'Body',
    'StatusCallback',
  ]);
  expect(list.query.strict().parse(inquiry?.query)).toEqual({
    To: customer,
    'DateSent>': '2026-03-01T08:00:00Z',
    PageSize: 100,
  });
});

test('when Twilio has too many requests the message waits as long as Twilio requires', async () => {
  await meets({ answer: '429', retryAfterSeconds: 17 });
  expect(await sms().send(message())).toEqual({ kind: 'busy', retryAfterSeconds: 17, code: '20429' });
  expect(await sent()).toEqual([]);
});

test.each([
  ['before the message was made', '500-not-made', 0],
  ['after the message was made', '500-made', 1],
])('a breakdown %s leaves it unknown whether it was sent', async (_, answer, made) => {
  await meets({ answer });
  expect(await sms().send(message())).toEqual({ kind: 'unknown', code: 'http-500' });
  expect(await sent()).toHaveLength(made);
});

test('an answer that does not come leaves it unknown whether the message was sent', async () => {
  await meets({ answer: 'hang' });
  expect(await sms({ timeoutMs: 300 }).send(message())).toEqual({ kind: 'unknown', code: 'ECONNABORTED' });
  expect(await sent()).toHaveLength(1);
});

test('a message whose answer was lost is found by its number and text', async () => {
  const since = new Date(Date.now() - 1000).toISOString();
  await meets({ answer: 'hang' });
  await sms({ timeoutMs: 300 }).send(message());
  expect(await sms().find({ ...message(), since })).toEqual({
    kind: 'found',
    providerIds: [expect.stringMatching(/^SM/)],
  });
  expect(await sms().find({ ...message(), body: 'another text', since })).toEqual({
    kind: 'found',
    providerIds: [],
  });
  expect(await sms().find({ ...message(), since: new Date(Date.now() + 5000).toISOString() })).toEqual({
    kind: 'found',
    providerIds: [],
  });
});

test('a connection that never stood means that nothing was sent', async () => {
  const { url } = twilio;
  await twilio.stop();
  expect(await sms({ baseUrl: url }).send(message())).toEqual({ kind: 'busy', code: 'ECONNREFUSED' });
  expect(await sms({ baseUrl: 'https://nobody.invalid' }).send(message())).toEqual({
    kind: 'busy',
    code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
  });
});

test('no answer to a failure shows the credentials or the text', async () => {
  const { url } = twilio;
  await twilio.stop();
  const answer = inspect(await sms({ baseUrl: url }).send(message()), { depth: 9 });
  expect(answer).not.toContain(account.authToken);
  expect(answer).not.toContain(Buffer.from(`${account.accountSid}:${account.authToken}`).toString('base64'));
  expect(answer).not.toContain('维修发票');
});

test('credentials go in the clear only on this machine', () => {
  expect(() => sms({ baseUrl: 'http://sms.example.com' })).toThrow('neither https nor on this machine');
  expect(() => sms({ baseUrl: 'https://sms.example.com' })).not.toThrow();
});

test('Twilio reports the delivery to our address, signed, with the reference of the message', async () => {
  const webhook = await startReceiver();
  const answer = await sms({ statusCallback: `${webhook.url}/webhooks/sms` }).send(message());
  const reports = await webhook.next(3);
  await webhook.stop();

  const url = `${webhook.url}/webhooks/sms?s=${encodeURIComponent(message().reference)}`;
  for (const report of reports) {
    const form = fieldsOf(report.body);
    const signature = String(report.headers['x-twilio-signature']);
    expect(report.url).toBe(url);
    expect(twilioSignatureMatches(account.authToken, url, form, signature)).toBe(true);
    expect(
      twilioSignatureMatches(account.authToken, url, { ...form, MessageStatus: 'failed' }, signature),
    ).toBe(false);
    expect(
      twilioSignatureMatches(account.authToken, url.replace('reminder-1', 'reminder-2'), form, signature),
    ).toBe(false);
    expect(twilioSignatureMatches('another token', url, form, signature)).toBe(false);
    expect(twilioSignatureMatches(account.authToken, url, form, '')).toBe(false);
  }
  const providerId = answer.kind === 'accepted' ? answer.providerId : '';
  expect(reports.map((report) => readSmsStatus(fieldsOf(report.body)))).toEqual([
    { providerId, status: 'sending', outcome: 'on-its-way' },
    { providerId, status: 'sent', outcome: 'on-its-way' },
    { providerId, status: 'delivered', outcome: 'delivered' },
  ]);
});

test('a telephone that is switched off is reported as undelivered, for a while', async () => {
  const webhook = await startReceiver();
  await sms({ statusCallback: webhook.url }).send(message({ to: '+15005550033' }));
  const report = (await webhook.next(3)).at(-1);
  await webhook.stop();
  expect(readSmsStatus(fieldsOf(report?.body ?? ''))).toEqual({
    providerId: expect.any(String),
    status: 'undelivered',
    outcome: 'undelivered',
    code: '30003',
    again: 'PT1H',
  });
});

test.each([
  ['delivered', {}, { outcome: 'delivered' }],
  ['read', {}, { outcome: 'delivered' }],
  ['sending', {}, { outcome: 'on-its-way' }],
  ['undelivered', { ErrorCode: '30006' }, { outcome: 'undelivered', why: 'contact', code: '30006' }],
  ['undelivered', { ErrorCode: '30007' }, { outcome: 'undelivered', why: 'content', code: '30007' }],
  ['undelivered', { ErrorCode: '21610' }, { outcome: 'undelivered', why: 'contact', code: '21610' }],
  ['failed', { ErrorCode: '30610' }, { outcome: 'undelivered', code: '30610', again: 'PT12H' }],
  ['undelivered', { ErrorCode: '30008' }, { outcome: 'undelivered', code: '30008', again: 'PT1H' }],
  ['failed', {}, { outcome: 'undelivered', code: 'failed' }],
])('a report of %s %j is read', (MessageStatus, more, read) => {
  expect(readSmsStatus({ MessageSid: 'SM1', MessageStatus, ...more })).toEqual({
    providerId: 'SM1',
    status: MessageStatus,
    ...read,
  });
});

test.each([
  ['STOP', 'stop', 'en'],
  [' stop ', 'stop', 'en'],
  ['Stop.', 'stop', 'en'],
  ['STOP!', 'stop', 'en'],
  ['"STOP"', 'stop', 'en'],
  ['STOP ALL', 'stop', 'en'],
  ['stop stop STOP', 'stop', 'en'],
  ['S T O P', 'stop', 'en'],
  ['S\u200BT\uFEFFO\u00ADP', 'stop', 'en'],
  ['ＳＴＯＰ', 'stop', 'en'],
  ['😠 STOP', 'stop', 'en'],
  ['opt-out', 'stop', 'en'],
  ['Unsubscribe me, please!', 'stop', 'en'],
  ["Don't text me", 'stop', 'en'],
  ['Don’t text me', 'stop', 'en'],
  ['退订', 'stop', 'zh-CN'],
  ['退订。', 'stop', 'zh-CN'],
  ['退 订', 'stop', 'zh-CN'],
  ['【退訂】', 'stop', 'zh-CN'],
  ['停止', 'stop', 'zh-CN'],
  ['不要再发了！', 'stop', 'zh-CN'],
  ['ＴＤ', 'stop', 'zh-CN'],
  ['td', 'stop', 'zh-CN'],
  ['T.', 'stop', 'zh-CN'],
  ['Start', 'start', 'en'],
  ['yes', 'start', 'en'],
  ['订阅！', 'start', 'zh-CN'],
  ['Help?', 'help', 'en'],
  ['帮助', 'help', 'zh-CN'],
] as const)('a text that says %j asks for %s, in words of %s', (Body, keyword, language) => {
  expect(readText({ MessageSid: 'SM1', From: '+8613800138000', Body })).toEqual({
    id: 'SM1',
    from: '+8613800138000',
    body: Body,
    keyword,
    language,
  });
});

test.each([
  'please stop calling',
  'I cannot stop by before Monday',
  'the repair has to stop',
  'cancel my claim',
  '',
  '。',
  '👍🏽',
  '好的',
  '不要再发错地址',
  '我的车在路口停止',
])('a text that says %j is for people', (Body) => {
  expect(readText({ MessageSid: 'SM1', From: '+8613800138000', Body })).toEqual({
    id: 'SM1',
    from: '+8613800138000',
    body: Body,
  });
});

test.each([
  ['STOP', 'stop'],
  ['START', 'start'],
  ['HELP', 'help'],
])('Twilio’s own verdict %s counts, whatever the words', (OptOutType, keyword) => {
  expect(readText({ MessageSid: 'SM1', From: '+12025550100', Body: 'ARRET', OptOutType })).toEqual({
    id: 'SM1',
    from: '+12025550100',
    body: 'ARRET',
    keyword,
    isAnswered: true,
  });
});

test('a verdict that we do not know changes nothing', () => {
  const form = { MessageSid: 'SM1', From: '+12025550100', Body: 'ok', OptOutType: 'constructor' };
  expect(readText(form)).toEqual({ id: 'SM1', from: '+12025550100', body: 'ok' });
});

test.each(statuses.filter((status) => !['receiving', 'received'].includes(status)))(
  'every status that a message of ours can have is understood: %s',
  (MessageStatus) => {
    expect(readSmsStatus({ MessageSid: 'SM1', MessageStatus })).toBeDefined();
  },
);

test('a form that reports no delivery is none', () => {
  expect(readSmsStatus({ MessageSid: 'SM1', SmsStatus: 'received', Body: 'STOP' })).toBeUndefined();
});
