import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isoBank } from '../../providers/bank/iso-bank.ts';
import { readBankStatus } from '../../providers/bank/pain-002.ts';
import { type BankStandInOptions, startBankStandIn } from '../../local/servers/bank-stand-in.ts';
import type { StandIn } from '../../local/stand-in/stand-in.ts';
import { startReceiver } from '../support/webhook-receiver.ts';

const secret = 'what the bank and we know';
let running: StandIn[] = [];
async function start(options: Partial<BankStandInOptions> = {}): Promise<StandIn> {
  const standIn = await startBankStandIn({ port: 0, secret, settleAfterMs: 20, retryAfterMs: 5, ...options });
  running.push(standIn);
  return standIn;
}
afterEach(async () => {
  await Promise.all(running.map((standIn) => standIn.stop()));
  running = [];
});

const order = (changes = {}) => ({
  id: 'L7K3M-9Q2X4-item-1-payment-1',
  amount: { minor: 480_000, currency: 'CNY' },
  payee: { name: '李明', account: '6222001' },
  remittance: '理赔',
  ...changes,
});

test('payments survive a restart, and then settle and are reported', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lipei-bank-'));
  const webhook = await startReceiver();
  const before = await start({ dataDir, settleAfterMs: 60_000, callbackUrl: webhook.url });
  await isoBank({ url: before.url, secret }).instruct(order());
  await before.stop();

  const after = await start({ dataDir });
  const [report] = await webhook.next(1);
  expect(readBankStatus(report!.body)).toMatchObject({ id: order().id, kind: 'confirmed' });
  expect(await isoBank({ url: after.url, secret }).inquire(order().id)).toMatchObject({ kind: 'confirmed' });
  await after.stop();

  await start({ dataDir });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await webhook.stop();
  expect(webhook.received).toHaveLength(1);
  await rm(dataDir, { recursive: true });
});

test('a report that nobody accepted before a restart is sent after it', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lipei-bank-'));
  const webhook = await startReceiver([503]);
  const before = await start({ dataDir, retryAfterMs: 60_000 });
  await isoBank({ url: before.url, secret, callback: webhook.url }).instruct(order());
  await webhook.next(1);
  await before.stop();
  await start({ dataDir });
  await webhook.next(2);
  await webhook.stop();
  await rm(dataDir, { recursive: true });
});

test('a payment that was made can be sent back, once it was made, and that is reported too', async () => {
  const webhook = await startReceiver();
  const { url } = await start({ callbackUrl: webhook.url, settleAfterMs: 200 });
  const bank = isoBank({ url, secret });
  await bank.instruct(order());
  const sendBack = () => fetch(`${url}/stand-in/payments/${order().id}/return`, { method: 'POST' });
  expect((await sendBack()).status).toBe(409);
  await webhook.next(1);
  expect((await sendBack()).status).toBe(204);
  const [, report] = await webhook.next(2);
  expect(readBankStatus(report!.body)).toMatchObject({ kind: 'returned', reason: 'AC04' });
  expect(await bank.inquire(order().id)).toMatchObject({ kind: 'returned', reason: 'AC04' });
  await webhook.stop();
});

test('what is not signed is neither taken nor answered', async () => {
  const { url } = await start();
  expect(
    (
      await fetch(`${url}/payments`, {
        method: 'POST',
        headers: { 'content-type': 'application/xml' },
        body: '<Document/>',
      })
    ).status,
  ).toBe(401);
  expect((await fetch(`${url}/payments/${order().id}`)).status).toBe(401);
});

test('the page lists the payments, the newest first, and what became of them', async () => {
  const { url } = await start();
  const bank = isoBank({ url, secret });
  await bank.instruct(order({ payee: { name: '<b>李明</b>', account: '6222001' } }));
  await bank.instruct(
    order({ id: 'L7K3M-9Q2X4-item-2-payment-1', payee: { name: 'Wang', account: '62220000' } }),
  );
  await bank.instruct(
    order({ id: 'L7K3M-9Q2X4-item-3-payment-1', payee: { name: 'Zhao', account: '62229999' } }),
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  const html = await (await fetch(url)).text();
  const found = [
    'item-3-payment-1',
    'rejected (AC01)',
    'item-2-payment-1',
    'returned (AC04)',
    'item-1-payment-1',
    '&lt;b&gt;李明&lt;/b&gt;',
    '>paid',
  ].map((text) => html.indexOf(text));
  expect(found).not.toContain(-1);
  expect(found).toEqual(found.toSorted((a, b) => a - b));
  expect(html).not.toContain('<b>李明');
  expect(html.match(/CNY 4800\.00/g)).toHaveLength(3);
});

test('before the first payment the page says so', async () => {
  const { url } = await start();
  expect(await (await fetch(url)).text()).toContain('No payment has been ordered yet');
});
