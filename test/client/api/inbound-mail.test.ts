import { createHash } from 'node:crypto';
import { pino } from 'pino';
import nodemailer from 'nodemailer';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { contactHashing, mailTokens } from '../../../records/keys/contact-key.ts';
import { notesOf } from '../../../records/claims/notes.ts';
import { newPartyKey } from '../../../security/sealing.ts';
import { smtpEmail } from '../../../providers/smtp/email.ts';
import { startInboundMail } from '../../../client/api/webhooks/inbound-mail.ts';
import { ownDatabase } from '../../support/runtime.ts';
import { testKeyring } from '../../support/test-keyring.ts';
import { startMailServer, type MailServer } from '../../support/mail-server.ts';

const bounces = 'bounces@lipei.example';
let database: Database, server: MailServer, inbound: Awaited<ReturnType<typeof startInboundMail>>;
const notified: string[] = [];
const logs: string[] = [];
let claims = 0;

beforeAll(async () => {
  database = connectDatabase(await ownDatabase());
  server = await startMailServer();
  const log = pino({ base: null }, { write: (line: string) => void logs.push(line) });
  inbound = await startInboundMail(
    { database, keyring: testKeyring(), log, bounces, port: 0 },
    {
      forward: async (...ids) => void notified.push(...ids),
      round: async () => undefined,
      stop: async () => undefined,
    },
  );
});
afterAll(async () => {
  await Promise.all([inbound.stop(), server.stop(), database.$disconnect()]);
});

/** A message that the mail server took; gives its reference and the address that it comes back to. */
async function sent(): Promise<{ reference: string; returnPath: string; to: string }> {
  claims += 1;
  const [claim, to] = [`LMAIL-${String(claims).padStart(5, '0')}`, `m${claims}@example.com`];
  const reference = `${claim}/paid-1-email`;
  const hashContact = await contactHashing(database, testKeyring());
  const answer = await smtpEmail({
    url: server.url,
    from: 'Claims <claims@lipei.example>',
    bounces,
    tokenOf: mailTokens(database, testKeyring()),
  }).send({
    to: { name: 'Wang', address: to },
    subject: 'Paid',
    text: 'Paid',
    html: '<p>Paid</p>',
    reference,
    mandatory: true,
  });
  const providerId = answer.kind === 'accepted' ? answer.providerId : '';
  await database.notification.create({
    data: {
      claim,
      kind: 'paid',
      seq: 1,
      channel: 'email',
      reference,
      recipient: 'party-1',
      template: 'en/paid.email',
      locale: 'en',
      sealed: '',
      bodySha256: '',
      state: 'accepted',
      plannedAt: new Date(),
      purpose: 'payment',
      facts: {},
      contact: hashContact(to),
      providerId,
    },
  });
  return { reference, to, returnPath: server.taken.at(-1)?.from ?? '' };
}

const report = (to: string, status: string, action = 'failed'): string =>
  [
    'From: Mail Delivery System <mailer-daemon@mx.example>',
    'Subject: Undelivered Mail',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'I am sorry.',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    `Final-Recipient: rfc822; ${to}`,
    `Action: ${action}`,
    `Status: ${status}`,
    'Diagnostic-Code: smtp; no',
    '',
    '--b--',
    '',
  ].join('\r\n');

async function comesBack(to: string, raw: string): Promise<string> {
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port: inbound.port,
    secure: false,
    ignoreTLS: true,
  });
  try {
    await transport.sendMail({ envelope: { from: '', to }, raw });
    return 'taken';
  } catch (fault) {
    return String(Object(fault).responseCode);
  }
}

const row = (reference: string) => database.notification.findUniqueOrThrow({ where: { reference } });

test('mail goes out with a return address of its own, which says nothing of the claim', async () => {
  const { returnPath, reference } = await sent();
  expect(returnPath).toMatch(/^bounces\+[0-9a-f]{32}@lipei\.example$/);
  expect(returnPath).not.toContain(reference.slice(0, 5));
});

test('a mail to staff about their work that comes back is a follow-up of operations, at the claim of the oldest task', async () => {
  const { reference, returnPath, to } = await sent();
  const { providerId } = await row(reference);
  await database.notification.delete({ where: { reference } });
  const hashContact = await contactHashing(database, testKeyring());
  await database.person.create({
    data: {
      code: 'C-301',
      name: 'Staff',
      email: to,
      roles: ['handler'],
      branch: 'longkou',
      limits: {},
      conflicts: [],
    },
  });
  const task = { person: 'C-301', claim: 'L7K3M-9Q2X4', expectation: 'assess:item-1', rung: 0 };
  await database.staffNotification.create({
    data: {
      reference: 'staff:C-301/1',
      person: 'C-301',
      at: new Date(),
      state: 'accepted',
      providerId,
      contact: hashContact(to),
      tasks: { create: [{ ...task, since: new Date() }] },
    },
  });
  expect(await comesBack(returnPath, report('somebody-else@example.com', '5.1.1'))).toBe('taken');
  expect(await database.followUp.count()).toBe(0);
  expect(await comesBack(returnPath, report(to, '5.1.1'))).toBe('taken');
  expect(await database.staffNotification.findMany()).toMatchObject([
    { state: 'bounced', errorCode: '5.1.1' },
  ]);
  expect(await database.followUp.findMany()).toMatchObject([
    { claim: 'L7K3M-9Q2X4', id: 'mailbox-C-301', branch: 'longkou' },
  ]);
});

test('a mailbox that does not exist: the address is no longer used, and the claim gets one report', async () => {
  const { reference, returnPath, to } = await sent();
  expect(await comesBack(returnPath, report(to, '5.1.1'))).toBe('taken');
  expect(await comesBack(returnPath, report(to, '5.1.1'))).toBe('taken');
  const { state, errorCode, contact } = await row(reference);
  expect({ state, errorCode }).toEqual({ state: 'bounced', errorCode: '5.1.1' });
  expect(await database.contactEvent.findMany({ where: { contact: contact ?? '' } })).toMatchObject([
    { channel: 'email', kind: 'unusable', source: '5.1.1' },
  ]);
  const kept = await database.inbox.findMany({ where: { claim: reference.split('/')[0] ?? '' } });
  expect(kept).toMatchObject([
    {
      kind: 'delivery-report',
      forwardedAt: null,
      message: {
        name: 'delivery-reported',
        notification: 'paid-1-email',
        outcome: 'bounced',
        code: '5.1.1',
        why: 'contact',
      },
    },
  ]);
  expect(notified.filter((id) => id === kept[0]?.id)).toHaveLength(1);
});

test.each([
  ['4.4.7', 'delayed'],
  ['4.0.0', 'delayed'],
  ['5.1.1', 'expanded'],
])('%s %s is not final: nothing changes', async (status, action) => {
  const { reference, returnPath, to } = await sent();
  expect(await comesBack(returnPath, report(to, status, action))).toBe('taken');
  expect(await row(reference)).toMatchObject({ state: 'accepted' });
});

test.each([
  ['a full mailbox', '5.2.2'],
  ['a server that has given up after days', '4.4.7'],
  ['a full mailbox that was tried for days', '4.2.2'],
])(
  '%s (%s): it came back, the claim gets a report, and the address is used again later',
  async (_, status) => {
    const { reference, returnPath, to } = await sent();
    await comesBack(returnPath, report(to, status));
    const { state, contact, errorCode } = await row(reference);
    expect([
      state,
      errorCode,
      await database.contactEvent.count({ where: { contact: contact ?? '' } }),
    ]).toEqual(['bounced', status, 0]);
    const [kept] = await database.inbox.findMany({ where: { claim: reference.split('/')[0] ?? '' } });
    expect(kept?.message).toEqual({
      name: 'delivery-reported',
      notification: 'paid-1-email',
      outcome: 'bounced',
      code: status,
      arrived: expect.any(String),
    });
  },
);

test('mail to a guessed address and too large mail are rejected', async () => {
  const { reference, returnPath, to } = await sent();
  for (const stranger of [
    'somebody@lipei.example',
    'bounces@lipei.example',
    `bounces+${'0'.repeat(32)}@lipei.example`,
    `bounces+${'0'.repeat(32)}@elsewhere.example`,
  ])
    expect(await comesBack(stranger, report(to, '5.1.1'))).toBe('550');
  expect(
    await comesBack(
      returnPath,
      `${report(to, '5.1.1')}${'x'.repeat(70)}\r\n`.repeat(1) + `${'y'.repeat(70)}\r\n`.repeat(150_000),
    ),
  ).toBe('552');
  expect(await row(reference)).toMatchObject({ state: 'accepted' });
  expect(logs.join('')).not.toContain('example.com');
});

const followUps = (reference: string) =>
  database.followUp.findMany({
    where: { claim: reference.split('/')[0] ?? '' },
    select: { id: true, what: true },
  });

const toLookAt = { id: 'mail-paid-1', what: 'look at mail that came back about paid-1 to party-1' };

test('a mail that comes back before the records know that it was sent counts', async () => {
  const { reference, returnPath, to } = await sent();
  const { providerId } = await row(reference);
  await database.notification.update({ where: { reference }, data: { providerId: null } });
  const back = comesBack(returnPath, report(to, '5.1.1'));
  await new Promise((resolve) => setTimeout(resolve, 300));
  await database.notification.update({ where: { reference }, data: { providerId } });
  expect(await back).toBe('taken');
  expect(await row(reference)).toMatchObject({ state: 'bounced' });
});

test('a server’s own words count for the recipient that they name', async () => {
  const { reference, returnPath, to } = await sent();
  const words = `Subject: failure notice\r\n\r\n<${to}>:\r\nSorry, no mailbox here by that name.\r\n`;
  expect(await comesBack(returnPath, words)).toBe('taken');
  const { state, contact } = await row(reference);
  expect([
    state,
    await database.contactEvent.count({ where: { contact: contact ?? '', kind: 'unusable' } }),
  ]).toEqual(['bounced', 1]);
  expect(await followUps(reference)).toEqual([]);
});

test.each([
  ['an out-of-office reply', 'Subject: Out of office\r\n\r\nBack on Monday.\r\n'],
  ['a delay', 'Subject: Warning: message delayed 4 hours\r\n\r\nIt could not be delivered yet.\r\n'],
])('%s changes nothing, and nobody looks at it', async (_, raw) => {
  const { reference, returnPath } = await sent();
  expect(await comesBack(returnPath, raw)).toBe('taken');
  expect([await row(reference), await followUps(reference)]).toMatchObject([{ state: 'accepted' }, []]);
});

test('what nobody understands is for operations, once for each message, with its words sealed', async () => {
  const { reference, returnPath } = await sent();
  const claim = reference.split('/')[0] ?? '';
  const key = newPartyKey(testKeyring());
  await database.party.create({
    data: { claim, id: 'party-1', role: 'policyholder', locale: 'en', timeZone: 'UTC', key, sealed: '' },
  });
  for (let times = 0; times < 2; times += 1)
    expect(await comesBack(returnPath, 'Subject: Re: Paid\r\n\r\nThank you!\r\n')).toBe('taken');
  expect(await followUps(reference)).toEqual([
    { id: 'mail-paid-1', what: 'look at mail that came back about paid-1 to policyholder' },
  ]);
  expect(await notesOf(database, testKeyring(), claim)).toMatchObject([
    { by: 'mail', text: 'Re: Paid\nThank you!' },
  ]);
  expect(await row(reference)).toMatchObject({ state: 'accepted' });
  expect(logs.join('')).not.toContain('Thank you');
});

test.each([
  ['another recipient', 'Final-Recipient: rfc822; somebody-else@example.com'],
  ['no recipient', 'X-Recipient: nobody'],
])('a report that names %s counts for nobody, even at the right address', async (_, recipient) => {
  const { reference, returnPath, to } = await sent();
  const forged = report(to, '5.1.1').replace(/Final-Recipient: .*/, recipient);
  expect(await comesBack(returnPath, forged)).toBe('taken');
  expect([await row(reference), await followUps(reference)]).toMatchObject([
    { state: 'accepted' },
    [toLookAt],
  ]);
});

test('of a mail that was forwarded, the address that we wrote counts', async () => {
  const { reference, returnPath, to } = await sent();
  const raw = report('forwarded@elsewhere.example', '5.1.1').replace(
    'Action:',
    `Original-Recipient: rfc822;\r\n ${to.toUpperCase()}\r\nAction:`,
  );
  expect(await comesBack(returnPath, raw)).toBe('taken');
  expect(await row(reference)).toMatchObject({ state: 'bounced' });
});

test('whoever knows the number of a claim cannot write a return address of it', async () => {
  const { reference, returnPath, to } = await sent();
  const guessed = createHash('sha256').update(reference).digest('hex').slice(0, 32);
  expect(returnPath).not.toContain(guessed);
  expect(await comesBack(`bounces+${guessed}@lipei.example`, report(to, '5.1.1'))).toBe('550');
  expect(await row(reference)).toMatchObject({ state: 'accepted' });
});
