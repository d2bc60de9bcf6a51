import { inspect } from 'node:util';

import { z } from 'zod';

import { bankSignatureMatches } from '../../providers/bank/signature.ts';
import { isoBank } from '../../providers/bank/iso-bank.ts';
import { readBankStatus } from '../../providers/bank/pain-002.ts';
import { customerCreditTransfer } from '../../providers/bank/pain-001.ts';
import { startBankStandIn } from '../../local/servers/bank-stand-in.ts';
import type { StandIn } from '../../local/stand-in/stand-in.ts';
import { startReceiver } from '../support/webhook-receiver.ts';

const secret = 'what the bank and we know';
let standIn: StandIn;
const bank = (changes = {}) => isoBank({ url: standIn.url, secret, ...changes });
const order = (changes = {}) => ({
  id: 'L7K3M-9Q2X4-item-1-payment-1',
  amount: { minor: 38_000_050, currency: 'CNY' },
  payee: { name: '李明 & Söhne <Co>', account: '6222 0012 2456 7890 123' },
  remittance: '理赔 L7K3M',
  ...changes,
});
const payments = async () =>
  z
    .object({ payments: z.array(z.looseObject({})) })
    .parse(await (await fetch(`${standIn.url}/stand-in/payments`)).json()).payments;
const meets = (fault: object) =>
  fetch(`${standIn.url}/stand-in/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });

/** A payment status report on P-1, with the bank's own name space. */
const report = (transaction: string, group = '') =>
  [
    '<p:Document xmlns:p="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><p:CstmrPmtStsRpt>',
    '<p:GrpHdr><p:MsgId>1</p:MsgId></p:GrpHdr>',
    `<p:OrgnlGrpInfAndSts><p:OrgnlMsgId>P-1</p:OrgnlMsgId>${group}</p:OrgnlGrpInfAndSts>`,
    transaction && itemReport(transaction),
    '</p:CstmrPmtStsRpt></p:Document>',
  ].join('');

const itemReport = (transaction: string): string =>
  [
    '<p:OrgnlPmtInfAndSts><p:TxInfAndSts><p:OrgnlEndToEndId>P-1</p:OrgnlEndToEndId>',
    `${transaction}</p:TxInfAndSts></p:OrgnlPmtInfAndSts>`,
  ].join('');

async function settled(id: string) {
  for (
    const started = Date.now();
    Date.now() - started < 5_000;
    await new Promise((resolve) => setTimeout(resolve, 10))
  ) {
    const answer = await bank().inquire(id);
    if (answer.kind !== 'pending') return answer;
  }
  throw new Error('The bank has not settled');
}

const startsBank = async (settleAfterMs: number): Promise<void> => {
  standIn = await startBankStandIn({ port: 0, secret, settleAfterMs, retryAfterMs: 10 });
};

beforeEach(() => startsBank(100));
afterEach(() => standIn.stop());

test('a payment is accepted, pending, and then confirmed under the bank’s reference', async () => {
  await standIn.stop();
  await startsBank(2_000); // enough time for an inquiry meanwhile
  expect(await bank().instruct(order())).toEqual({ kind: 'accepted' });
  expect(await bank().inquire(order().id)).toEqual({ kind: 'pending' });
  expect(await settled(order().id)).toEqual({
    kind: 'confirmed',
    reference: expect.stringMatching(/^BK[0-9A-F]{14}$/),
  });
  expect(await payments()).toMatchObject([
    {
      amount: '380000.50',
      currency: 'CNY',
      payee: '李明 & Söhne <Co>',
      account: '6222001224567890123',
      remittance: '理赔 L7K3M',
    },
  ]);
});

test.each([
  ['yuan have two decimals', { minor: 1, currency: 'CNY' }, '0.01'],
  ['yen have none', { minor: 4800, currency: 'JPY' }, '4800'],
  ['Kuwaiti dinars have three', { minor: 4800, currency: 'KWD' }, '4.800'],
])('%s', async (_, amount, paid) => {
  await bank().instruct(order({ amount }));
  expect(await payments()).toMatchObject([{ amount: paid, currency: amount.currency }]);
});

test('the same payment, instructed again and at the same time, is paid once', async () => {
  expect(await Promise.all([bank().instruct(order()), bank().instruct(order())])).toEqual([
    { kind: 'accepted' },
    { kind: 'accepted' },
  ]);
  await settled(order().id);
  expect(await bank().instruct(order())).toEqual({ kind: 'accepted' });
  expect(await payments()).toHaveLength(1);
});

test.each([
  ['another amount', { amount: { minor: 1, currency: 'CNY' } }],
  ['another account', { payee: { name: order().payee.name, account: '6222009' } }],
])('another payment of %s under the same id is rejected, and the first is valid', async (_, changes) => {
  await bank().instruct(order());
  expect(await bank().instruct(order(changes))).toEqual({ kind: 'rejected', reason: 'AM05' });
  expect(await settled(order().id)).toMatchObject({ kind: 'confirmed' });
  expect(await payments()).toMatchObject([{ amount: '380000.50', account: '6222001224567890123' }]);
});

test('money for a closed account comes back', async () => {
  expect(await bank().instruct(order({ payee: { name: '李明', account: '62220000' } }))).toEqual({
    kind: 'accepted',
  });
  expect(await settled(order().id)).toEqual({ kind: 'returned', reason: 'AC04' });
});

test.each([
  ['an account that the bank finds wrong', { name: '李明', account: '62229999' }, 'AC01'],
  ['an account that is none', { name: '李明', account: '' }, 'AC01'],
  ['an account that no bank has', { name: '李明', account: '62-22<script>' }, 'AC01'],
  ['nobody', { name: ' ', account: '6222001' }, 'BE22'],
])('a payment to %s is rejected', async (_, payee, reason) => {
  expect(await bank().instruct(order({ payee }))).toEqual({ kind: 'rejected', reason });
});

test.each([
  ['an id longer than banks carry', { id: 'x'.repeat(36) }],
  ['no amount', { amount: { minor: 0, currency: 'CNY' } }],
  ['a fraction of a fen', { amount: { minor: 0.5, currency: 'CNY' } }],
  ['no currency', { amount: { minor: 1, currency: '' } }],
])('a payment of %s is a mistake of ours and is not sent', async (_, changes) => {
  await expect(bank().instruct(order(changes))).rejects.toThrow(RangeError);
  expect(await payments()).toEqual([]);
});

test('a payment that the bank never got is not known', async () => {
  expect(await bank().inquire('L7K3M-9Q2X4-item-1-payment-9')).toEqual({ kind: 'not-known' });
});

test('an order that the bank had no time for was not taken', async () => {
  await meets({ answer: '429' });
  expect(await bank().instruct(order())).toEqual({ kind: 'busy', code: 'http-429' });
  expect(await payments()).toEqual([]);
});

test.each([
  ['a breakdown before the order was taken', '500-not-made', 'http-500', 'not-known'],
  ['a breakdown after the order was taken', '500-made', 'http-500', 'pending'],
  ['an answer that does not come', 'hang', 'no-answer', 'pending'],
])(
  'after %s it is unknown whether the bank pays; an inquiry answers, and a repeat does no harm',
  async (_, answer, code, inquired) => {
    await meets({ answer });
    expect(await bank({ timeoutMs: 60 }).instruct(order())).toEqual({ kind: 'unknown', code });
    expect(await bank().inquire(order().id)).toEqual({ kind: inquired });
    expect(await bank().instruct(order())).toEqual({ kind: 'accepted' });
    expect(await payments()).toHaveLength(1);
  },
);

test('a bank that cannot be reached has not taken the order', async () => {
  const { url } = standIn;
  await standIn.stop();
  expect(await bank({ url }).instruct(order())).toEqual({ kind: 'busy', code: 'not-connected' });
  expect(await bank({ url }).inquire(order().id)).toEqual({ kind: 'busy', code: 'not-connected' });
  expect(await bank({ url: 'https://nobody.invalid' }).instruct(order())).toEqual({
    kind: 'busy',
    code: 'not-connected',
  });
});

test('a bank that does not know our signature takes nothing and answers nothing', async () => {
  expect(await bank({ secret: 'another' }).instruct(order())).toEqual({ kind: 'busy', code: 'http-401' });
  expect(await bank({ secret: 'another' }).inquire(order().id)).toEqual({ kind: 'busy', code: 'http-401' });
  expect(await payments()).toEqual([]);
});

test('orders leave this machine over TLS only', () => {
  expect(() => bank({ url: 'http://bank.example.com' })).toThrow('neither https nor on this machine');
});

test('no failure contains the payee or the account', async () => {
  const messages = await bank()
    .instruct(order({ id: 'x'.repeat(36) }))
    .catch((error: unknown) => inspect(error, { depth: 9 }));
  expect(messages).toContain('is not one that banks carry');
  expect(messages).not.toMatch(/李明|6222/);
});

test.each([
  ['about another payment', report('<p:TxSts>ACTC</p:TxSts>')],
  ['that nobody can read', 'thank you'],
])('an answer %s leaves it unknown whether the bank pays', async (_, text) => {
  const other = await startReceiver([], text);
  expect(await bank({ url: other.url }).instruct(order())).toEqual({ kind: 'unknown', code: 'unreadable' });
  expect(await bank({ url: other.url }).inquire(order().id)).toEqual({ kind: 'busy', code: 'unreadable' });
  await other.stop();
});

test('the end of a payment is reported to our address and signed; nobody else can report it', async () => {
  const webhook = await startReceiver([500, 503]);
  await bank({ callback: `${webhook.url}/webhooks/bank` }).instruct(order());
  const reports = await webhook.next(3);
  await webhook.stop();
  const { url, body, headers } = reports[2]!;
  const signature = String(headers['x-bank-signature']);
  expect(url).toBe(`${webhook.url}/webhooks/bank`);
  expect(readBankStatus(body)).toEqual({
    id: order().id,
    kind: 'confirmed',
    reference: expect.stringMatching(/^BK/),
  });
  expect(bankSignatureMatches(secret, body, signature)).toBe(true);
  expect(bankSignatureMatches(secret, Buffer.from(body), signature)).toBe(true);
  expect(bankSignatureMatches(secret, body.replace('ACSC', 'RJCT'), signature)).toBe(false);
  expect(bankSignatureMatches('another', body, signature)).toBe(false);
  expect(bankSignatureMatches(secret, body, '')).toBe(false);
});

test('an order carries no more of a name than banks take, and nothing that XML has not', () => {
  const xml = customerCreditTransfer(
    order({ payee: { name: `李\u0000${'明'.repeat(200)}`, account: 'GB82 WEST 1234 5698 7654 32' } }),
    { name: 'Lipei', account: '1' },
    new Date(0),
  );
  expect(xml).toContain(`<Cdtr><Nm>李 ${'明'.repeat(138)}</Nm></Cdtr>`);
  expect(xml).toContain('<IBAN>GB82WEST12345698765432</IBAN>');
  expect(xml).toContain('<CreDtTm>1970-01-01T00:00:00.000Z</CreDtTm>');
});

const american = (currency: string): string =>
  customerCreditTransfer(
    order({
      amount: { minor: 40_000, currency },
      payee: { name: 'Frau Muster', account: '123456780000123456011' },
    }),
    { name: 'Lipei', account: '1' },
    new Date(0),
  );

test('an American account names its bank by the routing number, and other money knows no such bank', () => {
  expect(american('USD')).toContain(
    '<CdtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>USABA</Cd></ClrSysId><MmbId>123456780</MmbId></ClrSysMmbId>' +
      '</FinInstnId></CdtrAgt><Cdtr><Nm>Frau Muster</Nm></Cdtr>' +
      '<CdtrAcct><Id><Othr><Id>000123456011</Id></Othr></Id></CdtrAcct>',
  );
  expect(american('CNY')).toContain('<Othr><Id>123456780000123456011</Id></Othr>');
  expect(american('CNY')).not.toContain('CdtrAgt');
});

test('a number that only looks like an IBAN is some other number', () => {
  const xml = customerCreditTransfer(
    order({ payee: { name: 'Li', account: 'GB82WEST12345698765433' } }),
    { name: 'Lipei', account: '1' },
    new Date(0),
  );
  expect(xml).toContain('<CdtrAcct><Id><Othr><Id>GB82WEST12345698765433</Id></Othr></Id></CdtrAcct>');
});

test.each([
  [
    'settled with us',
    '<p:TxSts>ACSC</p:TxSts><p:AcctSvcrRef>0042</p:AcctSvcrRef>',
    { id: 'P-1', kind: 'confirmed', reference: '0042' },
  ],
  [
    'settled with the payee, without a reference',
    '<p:TxSts>ACCC</p:TxSts>',
    { id: 'P-1', kind: 'confirmed', reference: 'P-1' },
  ],
  ['in settlement', '<p:TxSts>ACSP</p:TxSts>', { id: 'P-1', kind: 'pending' }],
  ['something new', '<p:TxSts>XXXX</p:TxSts>', { id: 'P-1', kind: 'pending' }],
  [
    'rejected',
    '<p:TxSts>RJCT</p:TxSts><p:StsRsnInf><p:Rsn><p:Cd>AC04</p:Cd></p:Rsn></p:StsRsnInf>',
    { id: 'P-1', kind: 'returned', reason: 'AC04' },
  ],
  [
    'rejected in the bank’s own words',
    '<p:TxSts>RJCT</p:TxSts><p:StsRsnInf><p:Rsn><p:Prtry>closed</p:Prtry></p:Rsn></p:StsRsnInf>',
    { id: 'P-1', kind: 'returned', reason: 'closed' },
  ],
  [
    'rejected with a sentence, which a claim does not take',
    '<p:TxSts>RJCT</p:TxSts><p:StsRsnInf><p:Rsn><p:Prtry>Ask Li Na</p:Prtry></p:Rsn></p:StsRsnInf>',
    { id: 'P-1', kind: 'returned', reason: 'RJCT' },
  ],
  [
    'settled, with spaces in the reference',
    '<p:TxSts>ACSC</p:TxSts><p:AcctSvcrRef>2026 11 0042</p:AcctSvcrRef>',
    { id: 'P-1', kind: 'confirmed', reference: '2026-11-0042' },
  ],
  ['cancelled', '<p:TxSts>CANC</p:TxSts>', { id: 'P-1', kind: 'returned', reason: 'CANC' }],
])('a report of a payment %s is read', (_, transaction, status) =>
  expect(readBankStatus(report(transaction))).toEqual(status),
);

test('a report that rejects the whole file rejects the payment in it', () => {
  const group = '<p:GrpSts>RJCT</p:GrpSts><p:StsRsnInf><p:Rsn><p:Cd>FF01</p:Cd></p:Rsn></p:StsRsnInf>';
  expect(readBankStatus(report('', group))).toEqual({ id: 'P-1', kind: 'returned', reason: 'FF01' });
});

test.each([
  ['no XML', 'settled, thank you'],
  ['broken XML', report('<p:TxSts>ACSC</p:TxSts>').slice(0, -20)],
  ['another message', '<Document><CstmrCdtTrfInitn/></Document>'],
  ['XML with a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${report('<p:TxSts>ACSC</p:TxSts>')}`],
  [
    'a report on two payments',
    report('<p:TxSts>ACSC</p:TxSts></p:TxInfAndSts><p:TxInfAndSts><p:TxSts>RJCT</p:TxSts>'),
  ],
])('%s is not a report on a payment', (_, xml) => expect(() => readBankStatus(xml)).toThrow());
