import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import twilio from 'twilio';

import { twilioSignatureMatches } from '../../activities/outside/sms.ts';
import { startSmsStandIn, type SmsStandInOptions } from '../../local/sms-stand-in.ts';
import type { StandIn } from '../../local/stand-in/stand-in.ts';
import { startReceiver } from '../support/webhook-receiver.ts';

const account = { accountSid: `AC${'b2'.repeat(16)}`, authToken: 'token-of-the-account' };
const from = '+15005550006';
const [li, wang] = ['+8613800138000', '+8613900139000'];

let running: StandIn[] = [];
async function start(options: Partial<SmsStandInOptions> = {}): Promise<StandIn> {
  const standIn = await startSmsStandIn({ port: 0, ...account, delays: { sentMs: 5, deliveredMs: 5 }, ...options });
  running.push(standIn);
  return standIn;
}
afterEach(async () => {
  await Promise.all(running.map((standIn) => standIn.stop()));
  running = [];
});

/** Twilio's own client, told to ask here. */
function client({ url }: StandIn, token = account.authToken) {
  const own = twilio(account.accountSid, token);
  own.api.baseUrl = url;
  return own;
}

const page = async ({ url }: StandIn): Promise<string> => (await fetch(url)).text();
const answer = ({ url }: StandIn, body: string) =>
  fetch(`${url}/stand-in/answers`, { method: 'POST', body: new URLSearchParams({ from: li!, to: from, body }), redirect: 'manual' });

async function until<T>(ask: () => Promise<T>, enough: (value: T) => boolean): Promise<T> {
  for (const started = Date.now(); Date.now() - started < 5_000; await new Promise((resolve) => setTimeout(resolve, 10))) {
    const value = await ask();
    if (enough(value)) return value;
  }
  throw new Error('It did not come to that');
}

test('a message is queued, and then delivered', async () => {
  const { messages } = client(await start());
  const { sid, status, numSegments, dateSent } = await messages.create({ to: li!, from, body: '您好' });
  expect({ status, numSegments, dateSent }).toEqual({ status: 'queued', numSegments: '1', dateSent: null });
  const delivered = await until(() => messages(sid).fetch(), (message) => message.status === 'delivered');
  expect(delivered).toMatchObject({ sid, to: li, from, body: '您好', direction: 'outbound-api', errorCode: null });
  expect(delivered.dateSent!.getTime()).toBeGreaterThan(Date.now() - 60_000);
});

test('messages are listed by telephone and day, the newest first, over more than one page', async () => {
  const { messages } = client(await start());
  for (const n of [1, 2, 3]) await messages.create({ to: li!, from, body: `message ${n}` });
  await messages.create({ to: wang!, from, body: 'another telephone' });
  await until(() => messages.list(), (all) => all.every(({ status }) => status === 'delivered'));
  const bodies = async (filter: object): Promise<string[]> => (await messages.list(filter)).map(({ body }) => body);
  expect(await bodies({ to: li, pageSize: 2 })).toEqual(['message 3', 'message 2', 'message 1']);
  expect(await bodies({ dateSentAfter: new Date(Date.now() - 60_000) })).toHaveLength(4);
  expect(await bodies({ dateSentAfter: new Date(Date.now() + 60_000) })).toEqual([]);
  expect(await bodies({ dateSentBefore: new Date(Date.now() - 60_000) })).toEqual([]);
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
  const { url } = await start();
  const response = await fetch(`${url}/2010-04-01/Accounts/${account.accountSid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${account.accountSid}:${account.authToken}`).toString('base64')}` },
    body: new URLSearchParams({ To: li!, From: from, Body: 'x', ...changes }),
  });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ code, status, more_info: expect.stringContaining(String(code)), message: expect.any(String) });
});

test('who does not know the token learns nothing and sends nothing', async () => {
  const standIn = await start();
  const { sid } = await client(standIn).messages.create({ to: li!, from, body: 'x' });
  const stranger = client(standIn, 'another').messages;
  await expect(stranger.create({ to: li!, from, body: 'y' })).rejects.toMatchObject({ status: 401, code: 20003 });
  await expect(stranger(sid).fetch()).rejects.toMatchObject({ status: 401 });
  await expect(stranger.list()).rejects.toMatchObject({ status: 401 });
});

test('faults are met in the order in which they were planned, and then no more', async () => {
  const standIn = await start();
  const plan = (fault: object) => fetch(`${standIn.url}/stand-in/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) });
  expect((await plan({ answer: 'explode' })).status).toBe(400);
  await plan({ answer: '429', times: 2 });
  await plan({ answer: '500-not-made' });
  const tried = async () => client(standIn).messages.create({ to: li!, from, body: 'x' }).then(() => 201, (error: { status: number }) => error.status);
  expect([await tried(), await tried(), await tried(), await tried()]).toEqual([429, 429, 500, 201]);
});

test('a message made in silence is delivered, and nobody is told', async () => {
  const webhook = await startReceiver();
  const standIn = await start();
  await fetch(`${standIn.url}/stand-in/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"answer":"silent"}' });
  const { messages } = client(standIn);
  const { sid } = await messages.create({ to: li!, from, body: 'x', statusCallback: webhook.url });
  await until(() => messages(sid).fetch(), (message) => message.status === 'delivered');
  await webhook.stop();
  expect(webhook.received).toEqual([]);
});

test('messages survive a restart, even one in the middle of a line, and go on to their delivery', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lipei-sms-'));
  const before = await start({ dataDir, delays: { sentMs: 60_000, deliveredMs: 1 } });
  const { sid } = await client(before).messages.create({ to: li!, from, body: 'still under way' });
  await before.stop();
  await appendFile(join(dataDir, 'sms-messages.jsonl'), '{"id":"SM');

  const after = await start({ dataDir });
  await client(after).messages.create({ to: li!, from, body: 'afterwards' });
  await until(() => client(after).messages(sid).fetch(), (message) => message.status === 'delivered');
  await after.stop();

  const last = await start({ dataDir });
  expect((await client(last).messages.list()).map(({ body }) => body)).toEqual(['afterwards', 'still under way']);
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
  const order = ['+86 138 0013 8000', '第一条', '第二条', '+86 139 0013 9000', '另一部手机'].map((text) => html.indexOf(text));
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test('what a message says is shown as it is written, and only its links are links', async () => {
  const standIn = await start();
  await client(standIn).messages.create({ to: li!, from, body: '<script>alert(1)</script> & https://lipei.example/u#a"b' });
  const html = await page(standIn);
  expect(html).not.toContain('<script>alert');
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; <a href="https://lipei.example/u#a" target="_blank" rel="noreferrer noopener">https://lipei.example/u#a</a>&quot;b');
});

test('a link ends where the sentence goes on', async () => {
  const standIn = await start();
  await client(standIn).messages.create({ to: li!, from, body: '提交:https://lipei.example/u?a=1&b=2#T-_x。谢谢 (https://lipei.example).' });
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
  expect(html).toContain(`<script nonce="${/nonce-([^']+)/.exec(response.headers.get('content-security-policy') ?? '')?.[1]}">`);
});

test('an answer typed on the page is told to us, signed; STOP blocks the telephone until START', async () => {
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

  const told = (await webhook.next(3)).map(({ url, body, headers }) => ({ url, form: Object.fromEntries(new URLSearchParams(body)), signature: String(headers['x-twilio-signature']) }));
  await webhook.stop();
  expect(told.map(({ form }) => [form['From'], form['Body'], form['OptOutType']])).toEqual(
    expect.arrayContaining([[li, '明天送去', undefined], [li, ' stop ', 'STOP'], [li, 'Start', 'START']]),
  );
  for (const { url, form, signature } of told) expect(twilioSignatureMatches(account.authToken, url, form, signature)).toBe(true);
});

test('where answers have nowhere to go there is nowhere to type them', async () => {
  const standIn = await start();
  await client(standIn).messages.create({ to: li!, from, body: 'x' });
  expect(await page(standIn)).not.toContain('name="body"');
});
