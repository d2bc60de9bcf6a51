import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { answerToText } from '../../providers/twilio/answer.ts';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import twilio from 'twilio';

import { twilioSignatureMatches } from '../../providers/twilio/signature.ts';
import type { Message } from '../../local/sms/messages.ts';
import { startSmsStandIn, type SmsStandInOptions } from '../../local/servers/sms-stand-in.ts';
import type { StandIn } from '../../local/stand-in/stand-in.ts';
import { type Received, startReceiver } from '../support/webhook-receiver.ts';

const account = { accountSid: `AC${'b2'.repeat(16)}`, authToken: 'token-of-the-account' };
const from = '+15005550006';
const [li, wang] = ['+8613800138000', '+8613900139000'];

let running: StandIn[] = [];
const directories: string[] = [];
async function start(options: Partial<SmsStandInOptions> = {}): Promise<StandIn> {
  const standIn = await startSmsStandIn({
    port: 0,
    ...account,
    delays: { sentMs: 5, deliveredMs: 5 },
    ...options,
  });
  running.push(standIn);
  return standIn;
}
afterEach(async () => {
  await Promise.all(running.map((standIn) => standIn.stop()));
  running = [];
  await Promise.all(directories.splice(0).map((directory) => rm(directory, { recursive: true })));
});

/** Twilio's own client, with the stand-in's address. */
function client({ url }: StandIn, token = account.authToken) {
  const own = twilio(account.accountSid, token);
  own.api.baseUrl = url;
  return own;
}

const page = async ({ url }: StandIn): Promise<string> => (await fetch(url)).text();
const answer = ({ url }: StandIn, body: string) =>
  fetch(`${url}/stand-in/answers`, {
    method: 'POST',
    body: new URLSearchParams({ from: li!, to: from, body }),
    redirect: 'manual',
  });

const meets = ({ url }: StandIn, fault: object) =>
  fetch(`${url}/stand-in/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });

/** Asks as no client of Twilio would. */
const askTwilio = ({ url }: StandIn, path: string, init: RequestInit = {}) =>
  fetch(`${url}/2010-04-01/Accounts/${account.accountSid}/${path}`, {
    ...init,
    headers: {
      ...init.headers,
      authorization: `Basic ${Buffer.from(`${account.accountSid}:${account.authToken}`).toString('base64')}`,
    },
  });

const formOf = ({ body }: Received): Record<string, string> => Object.fromEntries(new URLSearchParams(body));
const statusOf = (report: Received): string | undefined => formOf(report)['MessageStatus'];

/** A stand-in that was stopped after it had these messages, old to new. */
async function startWith(...messages: Partial<Message>[]): Promise<StandIn> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lipei-sms-'));
  directories.push(dataDir);
  const at = '2026-03-01T08:00:00.000Z';
  const usual = {
    direction: 'outbound-api',
    to: li,
    from,
    service: null,
    body: 'x',
    segments: 1,
    status: 'delivered',
    errorCode: null,
    createdAt: at,
    updatedAt: at,
    sentAt: at,
    callback: null,
  };
  const lines = messages.map(
    (message, n) => `${JSON.stringify({ ...usual, id: `SM${String(n).padStart(32, '0')}`, ...message })}\n`,
  );
  await writeFile(join(dataDir, 'sms-messages.jsonl'), lines.join(''));
  return start({ dataDir });
}

async function until<T>(ask: () => Promise<T>, enough: (value: T) => boolean): Promise<T> {
  for (
    const started = Date.now();
    Date.now() - started < 5_000;
    await new Promise((resolve) => setTimeout(resolve, 10))
  ) {
    const value = await ask();
    if (enough(value)) return value;
  }
  throw new Error('It did not come to that');
}

test('a message is queued, and then delivered', async () => {
  const { messages } = client(await start());
  const { sid, status, numSegments, dateSent } = await messages.create({ to: li!, from, body: '您好' });
  expect({ status, numSegments, dateSent }).toEqual({ status: 'queued', numSegments: '1', dateSent: null });
  const delivered = await until(
    () => messages(sid).fetch(),
    (message) => message.status === 'delivered',
  );
  expect(delivered).toMatchObject({
    sid,
    to: li,
    from,
    body: '您好',
    direction: 'outbound-api',
    errorCode: null,
  });
  expect(delivered.dateSent!.getTime()).toBeGreaterThan(Date.now() - 60_000);
});

test('messages are listed by telephone and day, the newest first, over more than one page', async () => {
  const { messages } = client(await start());
  for (const n of [1, 2, 3]) await messages.create({ to: li!, from, body: `message ${n}` });
  await messages.create({ to: wang!, from, body: 'another telephone' });
  await until(
    () => messages.list(),
    (all) => all.every(({ status }) => status === 'delivered'),
  );
  const bodies = async (filter: object): Promise<string[]> =>
    (await messages.list(filter)).map(({ body }) => body);
  expect(await bodies({ to: li, pageSize: 2 })).toEqual(['message 3', 'message 2', 'message 1']);
  expect(await bodies({ dateSentAfter: new Date(Date.now() - 60_000) })).toHaveLength(4);
  expect(await bodies({ dateSentAfter: new Date(Date.now() + 60_000) })).toEqual([]);
  expect(await bodies({ dateSentBefore: new Date(Date.now() - 60_000) })).toEqual([]);
});

test.each([
  ['on a day', { DateSent: '2026-03-02' }, ['end of the 2nd', 'start of the 2nd']],
  [
    "on a day, asked with midnight as Twilio's client asks",
    { DateSent: '2026-03-02T00:00:00Z' },
    ['end of the 2nd', 'start of the 2nd'],
  ],
  ['since a day', { 'DateSent>': '2026-03-02' }, ['the 3rd', 'end of the 2nd', 'start of the 2nd']],
  [
    'until a day, all of it',
    { 'DateSent<': '2026-03-02' },
    ['end of the 2nd', 'start of the 2nd', 'the 1st'],
  ],
  ['since an instant', { 'DateSent>': '2026-03-02T23:59:59Z' }, ['the 3rd', 'end of the 2nd']],
  ['until an instant', { 'DateSent<': '2026-03-02T00:00:00Z' }, ['start of the 2nd', 'the 1st']],
  ['between two', { 'DateSent>': '2026-03-02T00:00:01Z', 'DateSent<': '2026-03-02' }, ['end of the 2nd']],
  ['to a telephone', { To: wang!, 'DateSent>': '2026-03-01' }, ['the 3rd']],
  ['from a telephone', { From: li!, 'DateSent>': '2026-03-01' }, []],
  ['at any time, sent or not', {}, ['not sent', 'the 3rd', 'end of the 2nd', 'start of the 2nd', 'the 1st']],
])('messages are listed that were sent %s', async (_, query, bodies) => {
  const standIn = await startWith(
    { body: 'the 1st', sentAt: '2026-03-01T23:59:59.900Z' },
    { body: 'start of the 2nd', sentAt: '2026-03-02T00:00:00.900Z' },
    { body: 'end of the 2nd', sentAt: '2026-03-02T23:59:59.900Z' },
    { body: 'the 3rd', sentAt: '2026-03-03T12:00:00.000Z', to: wang! },
    { body: 'not sent', sentAt: null, status: 'failed', errorCode: 30001 },
  );
  const { messages } = (await (
    await askTwilio(standIn, `Messages.json?${new URLSearchParams(query)}`)
  ).json()) as { messages: { body: string }[] };
  expect(messages.map(({ body }) => body)).toEqual(bodies);
});

const bodiesOn = ({ instances }: { instances: { body: string }[] }): string[] =>
  instances.map(({ body }) => body);

test('a page leads to the next and back by tokens, and is not moved by a new message', async () => {
  const standIn = await startWith({ body: '1' }, { body: '2' }, { body: '3' }, { body: '4' }, { body: '5' });
  const { messages } = client(standIn);
  const first = await messages.page({ to: li!, pageSize: 2 });
  await messages.create({ to: li!, from, body: 'new' });
  const second = (await first.nextPage())!;
  const third = (await second.nextPage())!;
  expect([first, second, third].map(bodiesOn)).toEqual([['5', '4'], ['3', '2'], ['1']]);
  expect(third.nextPageUrl).toBeUndefined();
  expect(bodiesOn((await third.previousPage())!)).toEqual(['3', '2']);
  expect(second.nextPageUrl).toMatch(
    /Messages\.json\?To=%2B8613800138000&PageSize=2&Page=2&PageToken=PASM\d{32}$/,
  );
});

test('an empty page ends where it starts', async () => {
  const empty = await (await askTwilio(await start(), 'Messages.json')).json();
  expect(empty).toMatchObject({
    messages: [],
    page: 0,
    page_size: 50,
    start: 0,
    end: 0,
    next_page_uri: null,
    previous_page_uri: null,
  });
});

test.each([
  ['a page without its token', { Page: '1' }],
  ['a page after a message that there is not', { Page: '1', PageToken: `PASM${'0'.repeat(32)}` }],
  ['a day that is none', { DateSent: '>=2026-03-02' }],
  ['pages that are too long', { PageSize: '1001' }],
])('%s is refused', async (_, query) => {
  const response = await askTwilio(await start(), `Messages.json?${new URLSearchParams(query)}`);
  expect([response.status, await response.json()]).toEqual([
    400,
    expect.objectContaining({ code: 20001, status: 400 }),
  ]);
});

const service = `MG${'c3'.repeat(16)}`;

test.each([
  ['one of ours', { from }, li!, ['sending', 'sent', 'delivered']],
  ['a messaging service', { messagingServiceSid: service }, li!, ['queued', 'sending', 'sent', 'delivered']],
  ['one of ours to a telephone that is off', { from }, '+15005550033', ['sending', 'sent', 'undelivered']],
  ['one of ours when too many wait', { from }, '+15005550031', ['sending', 'failed']],
])(
  'every change of status after the first is reported: a message from %s',
  async (_, sender, to, statuses) => {
    const webhook = await startReceiver();
    const { messages } = client(await start());
    const { sid } = await messages.create({ to, body: 'x', statusCallback: webhook.url, ...sender });
    expect((await webhook.next(statuses.length)).map(statusOf)).toEqual(statuses);
    await webhook.stop();
    expect((await messages(sid).fetch()).status).toBe(statuses.at(-1));
  },
);

test('a messaging service chooses the sender when the message is queued; segments count then', async () => {
  const { messages } = client(await start());
  const {
    sid,
    status,
    from: sender,
    numSegments,
  } = await messages.create({ to: li!, body: 'x', messagingServiceSid: service });
  expect({ status, sender, numSegments }).toEqual({ status: 'accepted', sender: null, numSegments: '0' });
  expect(
    await until(
      () => messages(sid).fetch(),
      (message) => message.status === 'delivered',
    ),
  ).toMatchObject({ from, messagingServiceSid: service, numSegments: '1' });
});

test('a message that did not arrive says why, to who asks and in its report', async () => {
  const webhook = await startReceiver();
  const { messages } = client(await start());
  const { sid } = await messages.create({ to: '+15005550036', from, body: 'x', statusCallback: webhook.url });
  const reports = await webhook.next(3);
  await webhook.stop();
  expect(await messages(sid).fetch()).toMatchObject({
    status: 'undelivered',
    errorCode: 30006,
    errorMessage: 'Landline or unreachable carrier',
  });
  expect(reports.map((report) => formOf(report)['ErrorCode'])).toEqual([undefined, undefined, '30006']);
});

test('reports come twice, if so planned, as the same report', async () => {
  const webhook = await startReceiver();
  const standIn = await start();
  await meets(standIn, { answer: 'duplicated' });
  await client(standIn).messages.create({ to: li!, from, body: 'x', statusCallback: webhook.url });
  const reports = await webhook.next(6);
  await webhook.stop();
  expect(reports.map(statusOf)).toEqual(['sending', 'sending', 'sent', 'sent', 'delivered', 'delivered']);
  expect(new Set(reports.map(({ headers }) => headers['i-twilio-idempotency-token'])).size).toBe(3);
});

test('reports come last first, if so planned', async () => {
  const webhook = await startReceiver();
  const standIn = await start();
  await meets(standIn, { answer: 'reordered' });
  await client(standIn).messages.create({ to: li!, from, body: 'x', statusCallback: webhook.url });
  expect((await webhook.next(3)).map(statusOf)).toEqual(['delivered', 'sent', 'sending']);
  await webhook.stop();
});

test('reports come before the answer, if so planned', async () => {
  const webhook = await startReceiver();
  const standIn = await start();
  await meets(standIn, { answer: 'before-the-response' });
  const { status } = await client(standIn).messages.create({
    to: li!,
    from,
    body: 'x',
    statusCallback: webhook.url,
  });
  expect(webhook.received.map(statusOf)).toEqual(['sending', 'sent', 'delivered']);
  await webhook.stop();
  expect(status).toBe('queued');
});

test('numbers are kept as Twilio writes them, however people write them; a name stays as it is', async () => {
  const { messages } = client(await start());
  expect(
    await messages.create({ to: '+86 138-0013-8000', from: '+1 (500) 555-0006', body: 'x' }),
  ).toMatchObject({ to: li, from });
  expect(await messages.create({ to: li!, from: 'Lipei Ltd', body: 'x' })).toMatchObject({
    from: 'Lipei Ltd',
  });
});

test('a field that the stand-in does not play is not left unnoticed', async () => {
  const standIn = await start();
  const response = await askTwilio(standIn, 'Messages.json', {
    method: 'POST',
    body: new URLSearchParams({ To: li!, From: from, Body: 'x', SendAt: '2026-03-02T00:00:00Z' }),
  });
  expect([response.status, await response.json()]).toEqual([
    501,
    { error: 'The stand-in does not play SendAt: see local/sms/contract.ts.' },
  ]);
  expect((await askTwilio(standIn, 'Messages.json?DateCreated=2026-03-02')).status).toBe(501);
});

test('JSON is no form, and what there is not is not found', async () => {
  const standIn = await start();
  const json = await askTwilio(standIn, 'Messages.json', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ To: li, From: from, Body: 'x' }),
  });
  expect(await json.json()).toMatchObject({ status: 400, code: 21604 });
  for (const path of ['Calls.json', 'Messages/SM1.json'])
    expect(await (await askTwilio(standIn, path)).json()).toMatchObject({ status: 404, code: 20404 });
});

test.each([
  ['an id that Twilio does not give', { id: 'SM1' }],
  ['a sender that is none', { from: '#' }],
])('an answer against the contract with Twilio is none: %s', async (_, changes) => {
  const standIn = await startWith({ id: `SM${'d'.repeat(32)}`, ...changes });
  const response = await askTwilio(standIn, 'Messages.json');
  expect([response.status, await response.text()]).toEqual([
    500,
    expect.stringContaining('Against the contract with Twilio'),
  ]);
});

test.each([
  ['no recipient', { To: '' }, 400, 21604],
  ['no sender', { From: '' }, 400, 21603],
  ['no text', { Body: '' }, 400, 21619],
  ['a sender that is none', { From: '#' }, 400, 21212],
  ['a callback that is no address', { StatusCallback: 'not a url' }, 400, 21609],
  ['a callback with an underscore in its host', { StatusCallback: 'https://a_b.example/' }, 400, 21609],
  ['a messaging service that is none', { MessagingServiceSid: 'MG1' }, 400, 21701],
])('a message with %s is refused as Twilio does', async (_, changes, status, code) => {
  const response = await askTwilio(await start(), 'Messages.json', {
    method: 'POST',
    body: new URLSearchParams({ To: li!, From: from, Body: 'x', ...changes }),
  });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({
    code,
    status,
    more_info: expect.stringContaining(String(code)),
    message: expect.any(String),
  });
});

test('who does not know the token learns nothing and sends nothing', async () => {
  const standIn = await start();
  const { sid } = await client(standIn).messages.create({ to: li!, from, body: 'x' });
  const stranger = client(standIn, 'another').messages;
  await expect(stranger.create({ to: li!, from, body: 'y' })).rejects.toMatchObject({
    status: 401,
    code: 20003,
  });
  await expect(stranger(sid).fetch()).rejects.toMatchObject({ status: 401 });
  await expect(stranger.list()).rejects.toMatchObject({ status: 401 });
});

test('faults are met in the order in which they were planned, and then no more', async () => {
  const standIn = await start();
  expect((await meets(standIn, { answer: 'explode' })).status).toBe(400);
  await meets(standIn, { answer: '429', times: 2 });
  await meets(standIn, { answer: '500-not-made' });
  const tried = async () =>
    client(standIn)
      .messages.create({ to: li!, from, body: 'x' })
      .then(
        () => 201,
        (error: { status: number }) => error.status,
      );
  expect([await tried(), await tried(), await tried(), await tried()]).toEqual([429, 429, 500, 201]);
});

test('a message made under `silent` is delivered, and no report is sent', async () => {
  const webhook = await startReceiver();
  const standIn = await start();
  await meets(standIn, { answer: 'silent' });
  const { messages } = client(standIn);
  const { sid } = await messages.create({ to: li!, from, body: 'x', statusCallback: webhook.url });
  await until(
    () => messages(sid).fetch(),
    (message) => message.status === 'delivered',
  );
  await webhook.stop();
  expect(webhook.received).toEqual([]);
});

test('messages survive a restart, even in the middle of a line, and are delivered after it', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lipei-sms-'));
  const before = await start({ dataDir, delays: { sentMs: 60_000, deliveredMs: 1 } });
  const { sid } = await client(before).messages.create({ to: li!, from, body: 'still under way' });
  await before.stop();
  await appendFile(join(dataDir, 'sms-messages.jsonl'), '{"id":"SM');

  const after = await start({ dataDir });
  await client(after).messages.create({ to: li!, from, body: 'afterwards' });
  await until(
    () => client(after).messages(sid).fetch(),
    (message) => message.status === 'delivered',
  );
  await after.stop();

  const last = await start({ dataDir });
  expect((await client(last).messages.list()).map(({ body }) => body)).toEqual([
    'afterwards',
    'still under way',
  ]);
  await last.stop();
  await rm(dataDir, { recursive: true });
});

test('the page shows each telephone’s messages, that with the newest first', async () => {
  const standIn = await start();
  const { messages } = client(standIn);
  await messages.create({ to: li!, from, body: '【理赔】第一条' });
  await messages.create({ to: wang!, from, body: '【理赔】另一部手机' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await messages.create({ to: li!, from, body: '【理赔】第二条' });
  const html = await page(standIn);
  const order = ['+86 138 0013 8000', '第一条', '第二条', '+86 139 0013 9000', '另一部手机'].map((text) =>
    html.indexOf(text),
  );
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test('what a message says is shown as it is written, and only its links are links', async () => {
  const standIn = await start();
  await client(standIn).messages.create({
    to: li!,
    from,
    body: '<script>alert(1)</script> & https://lipei.example/u#a"b',
  });
  const html = await page(standIn);
  expect(html).not.toContain('<script>alert');
  expect(html).toContain(
    '&lt;script&gt;alert(1)&lt;/script&gt; &amp; ' +
      '<a href="https://lipei.example/u#a" target="_blank" rel="noreferrer noopener">' +
      'https://lipei.example/u#a</a>&quot;b',
  );
});

test('a link ends where the sentence continues', async () => {
  const standIn = await start();
  await client(standIn).messages.create({
    to: li!,
    from,
    body: '提交:https://lipei.example/u?a=1&b=2#T-_x。谢谢 (https://lipei.example).',
  });
  const links = [...(await page(standIn)).matchAll(/<a href="([^"]+)"/g)].map(([, href]) => href);
  expect(links).toEqual(['https://lipei.example/u?a=1&amp;b=2#T-_x', 'https://lipei.example']);
});

test('the page needs nothing from elsewhere, and lets nothing from elsewhere in', async () => {
  const { url } = await start();
  const response = await fetch(url);
  const html = await response.text();
  expect(html).toContain('No telephone has received anything yet');
  expect(html).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//);
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(html).toContain(
    `<script nonce="${/nonce-([^']+)/.exec(response.headers.get('content-security-policy') ?? '')?.[1]}">`,
  );
});

test('an answer typed on the page is posted to us, signed; STOP blocks it until START', async () => {
  const webhook = await startReceiver();
  const standIn = await start({ inboundUrl: `${webhook.url}/webhooks/sms-inbound` });
  const { messages } = client(standIn);
  await messages.create({ to: li!, from, body: '【理赔】案件 L7K3M' });
  expect(await page(standIn)).toContain('name="body"');

  expect((await answer(standIn, '明天送去')).status).toBe(303);
  await answer(standIn, ' stop ');
  await expect(messages.create({ to: li!, from, body: 'x' })).rejects.toMatchObject({ code: 21610 });
  await messages.create({ to: wang!, from, body: 'others are not concerned' });
  await answer(standIn, 'Start');
  await messages.create({ to: li!, from, body: 'again' });

  const posts = (await webhook.next(3)).map(({ url, body, headers }) => ({
    url,
    form: Object.fromEntries(new URLSearchParams(body)),
    signature: String(headers['x-twilio-signature']),
  }));
  await webhook.stop();
  expect(posts.map(({ form }) => [form['From'], form['Body'], form['OptOutType']])).toEqual(
    expect.arrayContaining([
      [li, '明天送去', undefined],
      [li, ' stop ', 'STOP'],
      [li, 'Start', 'START'],
    ]),
  );
  for (const { url, form, signature } of posts)
    expect(twilioSignatureMatches(account.authToken, url, form, signature)).toBe(true);
});

test('what our webhook answers is a text to the telephone', async () => {
  const webhook = await startReceiver([], answerToText('Lipei & Co: please call 800-555-0100.'));
  const standIn = await start({ inboundUrl: `${webhook.url}/webhooks/sms-inbound` });
  await answer(standIn, 'HELP');
  await webhook.next(1);
  const replies = async () =>
    (await client(standIn).messages.list({ to: li! })).map(({ direction, body }) => ({ direction, body }));
  for (let tries = 0; (await replies()).length === 0 && tries < 100; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  await webhook.stop();
  expect(await replies()).toEqual([
    { direction: 'outbound-reply', body: 'Lipei & Co: please call 800-555-0100.' },
  ]);
});

test.each([
  ['without a text', { body: ' ' }],
  ['from something that is no telephone', { from: '#' }],
  ['to nobody', { to: '' }],
])('an answer %s is none', async (_, changes) => {
  const { url } = await start();
  const body = new URLSearchParams({ from: li!, to: from, body: '明天送去', ...changes });
  expect((await fetch(`${url}/stand-in/answers`, { method: 'POST', body })).status).toBe(400);
});

test('where answers have nowhere to go there is nowhere to type them', async () => {
  const standIn = await start();
  await client(standIn).messages.create({ to: li!, from, body: 'x' });
  expect(await page(standIn)).not.toContain('name="body"');
});
