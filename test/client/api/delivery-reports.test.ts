import { pino } from 'pino';
import twilio from 'twilio';
import { contactHashing } from '../../../records/keys/contact-key.ts';
import { keepDeliveryReport } from '../../../records/messages/deliveries.ts';
import type { Claims } from '../../../client/engine/claims.ts';
import { postman } from '../../../client/api/webhooks/postman.ts';
import { lipei } from '../../support/lipei.ts';
import { aNotice, wang } from '../../support/notices.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { testKeyring, testSigning } from '../../support/test-keyring.ts';
import {
  everythingSent,
  openOffice,
  publicUrl,
  request,
  twilioToken,
  until,
  type Answered,
  type Office,
} from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

// oxlint-disable-next-line no-explicit-any -- tests look into it freely
const shown = async (claim: string): Promise<any> =>
  (await office.ask('C-301', 'GET', `/claims/${claim}`)).body;

let persons = 0;

/**
 * A claim of a party with a telephone of their own, who was notified that it was received and that a surveyor
 * comes.
 */
async function filed(): Promise<{ claim: string; phone: string }> {
  persons += 1;
  const phone = `+86136${String(persons).padStart(8, '0')}`;
  const { body } = await office.ask(
    'H-101',
    'POST',
    '/claims',
    aNotice({ parties: [{ ...wang, phone, email: `r${persons}@example.com` }] }),
  );
  await until(
    () => shown(body.claim),
    (claim) =>
      claim.notifications?.length === 4 &&
      claim.notifications.every(({ state }: { state: string }) => state === 'accepted'),
  );
  return { claim: body.claim, phone };
}

function sends(path: string, form: Record<string, string>, token = twilioToken): Promise<Answered> {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': twilio.getExpectedTwilioSignature(token, `${publicUrl}${path}`, form),
  };
  return request(`${office.api}${path}`, {
    method: 'POST',
    body: String(new URLSearchParams(form)),
    headers,
  });
}

const reports = (claim: string, id: string, form: Record<string, string>) =>
  sends(`/webhooks/twilio/status?s=${encodeURIComponent(`${claim}/${id}`)}`, form);
const texts = (from: string, Body: string, MessageSid: string, token?: string) =>
  sends(
    '/webhooks/twilio/inbound',
    { MessageSid, From: from, To: '+15005550006', Body, NumMedia: '0' },
    token,
  );
// oxlint-disable-next-line no-explicit-any -- tests look into it freely
const journal = async (claim: string): Promise<any[]> =>
  (await office.ask('A-991', 'GET', `/claims/${claim}/journal`)).body;

test('a claim gets the report of an arrival once, however often and in any order it is reported', async () => {
  const { claim } = await filed();
  const sid = `SM-${claim}`;
  for (const MessageStatus of ['delivered', 'sent', 'delivered', 'queued'])
    expect(await reports(claim, 'acknowledgement-1-sms', { MessageSid: sid, MessageStatus })).toMatchObject({
      status: 204,
    });
  await until(
    () => journal(claim),
    (entries) => entries.some(({ kind }) => kind === 'delivery-reported'),
  );
  expect((await journal(claim)).filter(({ kind }) => kind === 'delivery-reported')).toMatchObject([
    { notification: 'acknowledgement-1-sms', outcome: 'delivered', message: `twilio:${sid}:delivered` },
  ]);
  expect(
    await office.database.inbox.findMany({ where: { claim }, select: { id: true, forwardedAt: true } }),
  ).toEqual(expect.arrayContaining([{ id: `twilio:${sid}:delivered`, forwardedAt: expect.any(Date) }]));
});

test('a number that nobody has is left alone from then on, and the claim says so', async () => {
  const { claim } = await filed();
  await reports(claim, 'acknowledgement-1-sms', {
    MessageSid: `SM-${claim}`,
    MessageStatus: 'undelivered',
    ErrorCode: '30005',
  });
  await until(
    () => journal(claim),
    (entries) => entries.some(({ kind }) => kind === 'channel-lost'),
  );
  expect((await journal(claim)).find(({ kind }) => kind === 'channel-lost')).toMatchObject({
    party: 'party-1',
    channel: 'sms',
    code: '30005',
  });
});

test('STOP stops texts to that telephone in every open claim at once, START allows them; both are kept', async () => {
  const { claim, phone } = await filed();
  const second = (await office.ask('H-101', 'POST', '/claims', aNotice({ parties: [{ ...wang, phone }] })))
    .body.claim;
  await until(
    () => shown(second),
    ({ notifications }) => notifications?.length >= 2,
  );
  expect(await texts(phone, 'stop', `SM-stop-${claim}`)).toMatchObject({ status: 200, text: '<Response/>' });
  for (const each of [claim, second])
    await until(
      () => journal(each),
      (entries) => entries.some(({ kind }) => kind === 'channel-lost'),
    );
  const contact = (await contactHashing(office.database, testKeyring()))(phone);
  expect(await office.database.contactEvent.findMany({ where: { contact } })).toMatchObject([
    { kind: 'opted-out', source: 'text: stop', by: 'customer' },
  ]);
  await texts(phone, 'START', `SM-start-${claim}`);
  for (const each of [claim, second])
    await until(
      () => journal(each),
      (entries) => entries.some(({ kind }) => kind === 'channel-restored'),
    );
  await texts(phone, 'stop', `SM-stop-${claim}`); // handed on again: it is the same STOP
  expect(
    (await office.database.contactEvent.findMany({ where: { contact }, orderBy: { id: 'asc' } })).map(
      ({ kind }) => kind,
    ),
  ).toEqual(['opted-out', 'opted-in']);
});

test('what a customer writes is a note for the handler, who has somebody to call', async () => {
  const { claim, phone } = await filed();
  expect(await texts(phone, '发票下周才能拿到，可以吗？', `SM-text-${claim}`)).toMatchObject({ status: 200 });
  const { waitingOn } = await until(
    () => shown(claim),
    (each) =>
      each.waitingOn.some(
        ({ id, what }: { id?: string; what: string }) =>
          id === 'answer:party-1' || what === 'call policyholder',
      ),
  );
  expect(waitingOn).toEqual(
    expect.arrayContaining([expect.objectContaining({ from: 'handler', what: 'call policyholder' })]),
  );
  expect((await office.ask('C-301', 'GET', `/claims/${claim}/notes`)).body).toMatchObject([
    { by: 'party-1', text: '发票下周才能拿到，可以吗？' },
  ]);
  expect(office.logs.join('')).not.toContain('发票');

  const call = async (as: string, query = ''): Promise<unknown> =>
    (await office.ask(as, 'GET', `/work${query}`)).body.find(
      (task: { claim: string; party?: string }) => task.claim === claim && task.party === 'party-1',
    );
  const looks = (): string[] => office.logs.filter((line) => line.includes('"what":"contact"'));
  expect(await call('C-301')).toMatchObject({ act: 'record-call', policy: 'P-1' });
  expect(await call('C-301')).not.toHaveProperty('contact');
  expect(looks()).toEqual([]);
  expect(await call('C-301', '?contacts=true')).toMatchObject({ contact: { phone, locale: 'zh-CN' } });
  expect(looks()).toEqual([expect.stringContaining(`"by":"C-301","claim":"${claim}"`)]);
  expect(await call('C-302', '?contacts=true')).toBeUndefined();
});

test('a forged text, one from a stranger and one without a sender change nothing', async () => {
  const { claim, phone } = await filed();
  expect(await texts(phone, 'STOP', 'SM-forged', 'another token')).toMatchObject({ status: 403 });
  expect(await texts('+8613000000000', 'STOP', 'SM-stranger')).toMatchObject({ status: 200 });
  expect(await sends('/webhooks/twilio/inbound', { Body: 'STOP' })).toMatchObject({ status: 400 });
  expect((await journal(claim)).some(({ kind }) => kind === 'channel-lost')).toBe(false);
});

const telephones = async (): Promise<
  { claim: string; what: string; followUp: string; telephone: string }[]
> =>
  (await office.ask('O-951', 'GET', '/work')).body.flatMap(
    (task: { claim: string; what: string; followUp: string }) => {
      const telephone = /telephone-[0-9a-f]+/.exec(task.what)?.[0];
      return telephone === undefined ? [] : [{ ...task, telephone }];
    },
  );

test('a text from an unknown telephone is for operations, its words are sealed, and nothing is answered', async () => {
  const [from, words] = ['+8613000000001', 'Where is my money? Call me, Zhou.'];
  for (const Body of [words, words, 'Hello?'])
    expect(await texts(from, Body, `SM-unknown-${Body.length}`)).toMatchObject({
      status: 200,
      text: '<Response/>',
    });
  const [task, ...more] = await telephones();
  expect([task?.claim, more]).toEqual(['NO-CLAIM', []]);
  const path = `/telephones/${task?.telephone}`;
  expect((await office.ask('O-951', 'GET', path)).body).toMatchObject({
    phone: from,
    texts: [{ text: words }, { text: 'Hello?' }],
  });
  expect(await office.ask('F-701', 'GET', path)).toMatchObject({ status: 403 });
  const env = { LIPEI_TOKEN: await office.token('O-951'), LIPEI_DATA: temporaryDirectory() };
  expect((await lipei(['texts', task?.telephone ?? '', '--api', office.api], { env })).out).toMatch(
    /^\+8613000000001\n.*: Where is my money\? Call me, Zhou\.\n.*: Hello\?\n$/,
  );
  const list = (await lipei(['work', '--api', office.api], { env })).out;
  for (const part of ['NO-CLAIM', from, '“Hello?”', `close-out NO-CLAIM ${task?.followUp} called`])
    expect(list).toContain(part);
  expect(await office.ask('O-951', 'GET', '/telephones/telephone-0')).toMatchObject({ status: 404 });
  const kept = JSON.stringify([
    await office.database.note.findMany(),
    await office.database.party.findMany({ where: { claim: 'NO-CLAIM' } }),
    await office.database.followUp.findMany(),
  ]);
  for (const personal of ['Zhou', from]) expect(kept).not.toContain(personal);
  expect(office.logs.join('')).not.toContain('Zhou');
  const closedOut = await office.ask('O-951', 'POST', '/claims/NO-CLAIM/acts/close-out', {
    id: task?.followUp,
    how: 'called',
  });
  expect(closedOut).toMatchObject({ status: 200 });
  expect(await telephones()).toEqual([]);
  await texts(from, 'And now?', 'SM-unknown-again');
  expect(await telephones()).toHaveLength(1);
});

test('a text from an unknown telephone that names a claim is for the operations of that claim', async () => {
  const { claim } = await filed();
  const before = (await journal(claim)).length;
  const named = async () => (await telephones()).filter((task) => task.claim === claim).length;
  expect(await texts('+8613000000002', `claim ${claim.toLowerCase()} please`, 'SM-names-1')).toMatchObject({
    text: '<Response/>',
  });
  expect(await named()).toBe(1);
  await texts('+8613000000003', `尾号${claim.slice(-5)}1`, 'SM-names-2'); // no tail of ours
  expect(await named()).toBe(1);
  expect((await shown(claim)).followUps).toMatchObject([
    { what: expect.stringContaining('names this claim') },
  ]);
  expect(await journal(claim)).toHaveLength(before);
});

test('a text that asks for help is answered with the hotline, and is nobody’s work', async () => {
  const { claim, phone } = await filed();
  const answer = await texts('+12025550143', 'Help?', `SM-help-${claim}`);
  expect(answer.text).toContain(
    '<Message>Lipei Insurance: for help with your claim please call 800-555-0100.',
  );
  expect((await texts(phone, '帮助', `SM-help-2-${claim}`)).text).toContain('请致电400-000-0100');
  const verdict = {
    OptOutType: 'HELP',
    Body: 'HELP',
    From: phone,
    To: '+15005550006',
    MessageSid: 'SM-help-3',
  };
  expect((await sends('/webhooks/twilio/inbound', verdict)).text).toBe('<Response/>');
  expect((await office.ask('C-301', 'GET', `/claims/${claim}/notes`)).body).toEqual([]);
});

test('"yes" is an opt-in only where texts were stopped; elsewhere it is an answer', async () => {
  const { claim, phone } = await filed();
  await texts(phone, 'yes', `SM-yes-${claim}`);
  await until(
    () => journal(claim),
    (entries) => entries.some(({ kind }) => kind === 'text-received'),
  );
  const contact = (await contactHashing(office.database, testKeyring()))(phone);
  expect(await office.database.contactEvent.count({ where: { contact } })).toBe(0);
});

test('a wrong number that a call has found out is lost in every claim where the same number stands', async () => {
  const { claim, phone } = await filed();
  const second = (await office.ask('H-101', 'POST', '/claims', aNotice({ parties: [{ ...wang, phone }] })))
    .body.claim;
  await until(
    () => shown(second),
    ({ notifications }) => notifications?.length >= 2,
  );
  const called = (key: string) =>
    office.ask(
      'C-301',
      'POST',
      `/claims/${claim}/acts/record-call`,
      { party: 'party-1', outcome: 'wrong-number' },
      { 'idempotency-key': key },
    );
  for (let times = 0; times < 2; times += 1) expect(await called('call-1')).toMatchObject({ status: 200 });
  expect((await shown(claim)).parties[0]).toMatchObject({
    reach: { sms: false },
    lost: { sms: 'wrong-number' },
  });
  const contact = (await contactHashing(office.database, testKeyring()))(phone);
  expect(await office.database.contactEvent.findMany({ where: { contact } })).toMatchObject([
    { kind: 'unusable', channel: 'sms', source: 'a call: wrong number', by: 'C-301' },
  ]);
  await until(
    () => shown(second),
    ({ parties }) => parties[0].lost?.sms === 'wrong-number',
  );
});

test('a STOP from a former number, corrected since, changes nothing for our customer', async () => {
  const { claim, phone } = await filed();
  const right = phone.replace('+86136', '+86137');
  expect(
    await office.ask('C-301', 'POST', `/claims/${claim}/acts/correct-contact`, {
      party: 'party-1',
      phone: right,
    }),
  ).toMatchObject({ status: 200 });
  expect(await texts(phone, 'STOP', `SM-former-${claim}`)).toMatchObject({ status: 200 });
  expect(
    await office.database.contactEvent.findMany({
      where: { contact: (await contactHashing(office.database, testKeyring()))(phone) },
    }),
  ).toMatchObject([{ kind: 'opted-out' }]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([
    (await shown(claim)).parties[0].reach,
    await office.database.inbox.count({ where: { claim, kind: 'standing' } }),
  ]).toEqual([{ sms: true, email: true }, 0]);
});

/** Withdrawn, with nothing on its way any more. */
async function closed(): Promise<{ claim: string; phone: string }> {
  const { claim, phone } = await filed();
  expect(await office.ask('C-301', 'POST', `/claims/${claim}/acts/withdraw`, {})).toMatchObject({
    status: 200,
  });
  await until(
    () => shown(claim),
    ({ outcome }) => outcome === 'withdrawn',
  );
  await everythingSent(office, claim);
  return { claim, phone };
}

// oxlint-disable-next-line no-explicit-any -- tests look into it freely
const work = async (claim: string): Promise<any[]> =>
  (await office.ask('O-951', 'GET', '/work')).body.filter((task: { claim: string }) => task.claim === claim);
/**
 * A round of the postman, for which a closed claim has ended; what has just come in has waited long enough.
 */
async function postRound(claim: string): Promise<void> {
  await office.database.inbox.updateMany({
    where: { claim, forwardedAt: null },
    data: { at: new Date(Date.now() - 60_000) },
  });
  const ended = { report: async () => ({ kind: 'ended' as const }) } as unknown as Claims; // oxlint-disable-line no-unsafe-type-assertion -- a postman that asked more would fail
  const post = postman({
    database: office.database,
    claims: ended,
    signing: testSigning,
    log: pino({ level: 'silent' }),
  });
  await post.stop();
  await post.round();
}

test('a mandatory message that comes back after closing is for operations, who close it out', async () => {
  const { claim } = await closed();
  await reports(claim, 'acknowledgement-1-sms', {
    MessageSid: `SM-${claim}`,
    MessageStatus: 'undelivered',
    ErrorCode: '30005',
  });
  await postRound(claim);
  expect(await work(claim)).toEqual([]); // the email has brought it
  await keepDeliveryReport(office.database, testKeyring(), {
    id: `dsn:${claim}`,
    reference: `${claim}/acknowledgement-1-email`,
    providerId: '',
    outcome: 'bounced',
    code: '5.1.1',
    why: 'contact',
    at: new Date().toISOString(),
  });
  for (let times = 0; times < 2; times += 1) await postRound(claim);
  expect(await work(claim)).toMatchObject([
    {
      from: 'operations',
      what: 'tell policyholder: acknowledgement-1 did not arrive',
      followUp: 'acknowledgement-1',
      due: expect.any(String),
    },
  ]);
  expect(await shown(claim)).toMatchObject({ followUps: [{ id: 'acknowledgement-1' }] });
  const settled = (staff: string, how: string) =>
    office.ask(staff, 'POST', `/claims/${claim}/acts/close-out`, { id: 'acknowledgement-1', how });
  expect(await settled('R-501', 'called')).toMatchObject({ status: 403 });
  expect(await settled('O-951', 'somehow')).toMatchObject({ status: 400 });
  expect(await settled('O-951', 'called')).toMatchObject({ status: 200 });
  expect(await settled('O-951', 'called')).toMatchObject({ status: 404 });
  await postRound(claim);
  expect([await work(claim), (await shown(claim)).followUps]).toEqual([[], []]);
});

test('a text without a report hours after closing is for operations, until a late report says it arrived', async () => {
  const { claim } = await closed();
  const reference = `${claim}/acknowledgement-1-sms`;
  await office.database.notification.updateMany({
    where: { reference },
    data: { at: new Date(Date.now() - 7 * 3_600_000) },
  });
  await keepDeliveryReport(office.database, testKeyring(), {
    id: `dsn:${claim}`,
    reference: `${claim}/acknowledgement-1-email`,
    providerId: '',
    outcome: 'bounced',
    code: '5.2.2',
    at: new Date().toISOString(),
  });
  for (let times = 0; times < 2; times += 1) await postRound(claim);
  expect(await work(claim)).toHaveLength(1);
  await reports(claim, 'acknowledgement-1-sms', { MessageSid: `SM-${claim}`, MessageStatus: 'delivered' });
  await postRound(claim);
  expect(await work(claim)).toEqual([]);
});

test('what a customer writes when their claim has closed is kept with it, and somebody answers', async () => {
  const { claim, phone } = await closed();
  expect(await texts(phone, 'That was too little 😠', `SM-after-${claim}`)).toMatchObject({ status: 200 });
  await postRound(claim);
  expect(await work(claim)).toMatchObject([
    { what: 'answer policyholder, who has written', followUp: `twilio:SM-after-${claim}` },
  ]);
  expect((await office.ask('O-951', 'GET', `/claims/${claim}/notes`)).body).toMatchObject([
    { by: 'party-1', text: 'That was too little 😠' },
  ]);
});

test.each([
  [
    'without the message that it is about',
    '/webhooks/twilio/status',
    { MessageSid: 'SM-nobody', MessageStatus: 'delivered' },
    204,
  ],
  [
    'in a word that is not known',
    '/webhooks/twilio/status?s=x',
    { MessageSid: 'SM-nobody', MessageStatus: 'teleported' },
    204,
  ],
  [
    'about no message of ours',
    '/webhooks/twilio/status?s=x',
    { MessageSid: 'SM-nobody', MessageStatus: 'delivered' },
    204,
  ],
])('a signed receipt %s is not asked for again, and is logged', async (_, path, form, status) => {
  const before = office.logs.length;
  expect(await sends(path, form)).toMatchObject({ status });
  expect(office.logs.slice(before).join('')).toContain('SM-nobody');
  expect(await sends(path, form, 'another token')).toMatchObject({ status: 403 });
});

test('staff undo an opt-out at the request of the customer, with its source', async () => {
  const { claim, phone } = await filed();
  await texts(phone, '退订', `SM-optout-${claim}`);
  await until(
    () => journal(claim),
    (entries) => entries.some(({ kind }) => kind === 'channel-lost'),
  );
  const optIn = (staff: string, body: object) =>
    office.ask(staff, 'POST', `/claims/${claim}/acts/opt-in`, { party: 'party-1', ...body });
  expect(await optIn('V-401', { channel: 'sms', source: 'called' })).toMatchObject({ status: 403 });
  expect(await optIn('C-301', { channel: 'sms' })).toMatchObject({ status: 400 });
  expect(await optIn('C-301', { channel: 'letter', source: 'called' })).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('one of sms, email') },
  });
  expect(await optIn('C-301', { channel: 'sms', source: 'called on 24 November' })).toMatchObject({
    status: 200,
    body: { kind: 'kept', claims: [claim] },
  });
  await until(
    () => shown(claim),
    ({ parties }) => parties[0].reach.sms === true,
  );
  expect(
    await office.database.contactEvent.findMany({
      where: { contact: (await contactHashing(office.database, testKeyring()))(phone) },
      orderBy: { id: 'asc' },
    }),
  ).toMatchObject([
    { kind: 'opted-out' },
    { kind: 'opted-in', source: expect.stringMatching(/^note [0-9a-f]{32}$/), by: 'C-301' },
  ]);
});

test('staff opt a party out at its request, whatever the channel, also after the closure', async () => {
  const { claim } = await filed();
  const optOut = (staff: string, body: object, of = claim) =>
    office.ask(staff, 'POST', `/claims/${of}/acts/opt-out`, { party: 'party-1', source: 'called', ...body });
  expect(await optOut('V-401', { channel: 'sms' })).toMatchObject({ status: 403 });
  expect(await optOut('C-301', { channel: 'sms', source: undefined })).toMatchObject({ status: 400 });
  expect(await optOut('C-301', { channel: 'sms', party: 'party-9' })).toMatchObject({ status: 422 });
  expect(await optOut('C-301', { channel: 'sms' })).toMatchObject({ status: 200, body: { claims: [claim] } });
  expect(await optOut('O-951', { channel: 'email' })).toMatchObject({ status: 200 });
  await until(
    () => shown(claim),
    ({ parties }) => parties[0].lost?.sms === 'opted-out' && parties[0].lost?.email === 'opted-out',
  );
  const other = await closed();
  expect(await optOut('H-101', { channel: 'sms' }, other.claim)).toMatchObject({
    status: 200,
    body: { kind: 'kept', claims: [] },
  });
});

test('one click unsubscribes from what need not be said; a stranger learns nothing by trying', async () => {
  const { claim } = await filed();
  const row = await office.database.notification.findUniqueOrThrow({
    where: { reference: `${claim}/acknowledgement-1-email` },
  });
  const token = 'f'.repeat(26) + String(persons).padStart(6, '0');
  await office.database.notification.update({
    where: { reference: row.reference },
    data: { providerId: `<${token}@lipei.example>` },
  });
  const post = (s: string) =>
    request(`${office.api}/webhooks/unsubscribe?s=${s}`, {
      method: 'POST',
      body: 'List-Unsubscribe=One-Click',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  const [right, wrong] = [await post(token), await post('0'.repeat(32))];
  expect([right.status, wrong.status, right.text === wrong.text]).toEqual([200, 200, true]);
  expect(await request(`${office.api}/webhooks/unsubscribe?s=${token}`, { method: 'GET' })).toMatchObject({
    status: 405,
  });
  expect(
    await office.database.contactEvent.findMany({ where: { contact: row.contact ?? '' } }),
  ).toMatchObject([{ channel: 'email', kind: 'unsubscribed' }]);
  expect((await shown(claim)).parties[0].reach).toEqual({ sms: true, email: true });
});

test('the longest silence is listed first', async () => {
  const { body } = await office.ask('M-601', 'GET', '/claims?sort=silence');
  const notified = body.map(({ lastContactAt }: { lastContactAt: string }) => lastContactAt);
  expect(notified).toEqual(notified.toSorted());
  expect(notified.length).toBeGreaterThan(3);
});

test('a party without telephone and mailbox gets a letter, which is saved as a PDF', async () => {
  const { phone: _, email: __, ...nobody } = wang;
  const { claim } = (await office.ask('H-101', 'POST', '/claims', aNotice({ parties: [nobody] }))).body;
  await until(
    () => shown(claim),
    ({ letters }) => letters?.length === 1,
  );
  const pdf = await office.ask(
    'O-951',
    'GET',
    `/claims/${claim}/notifications/acknowledgement-1-letter/letter.pdf`,
  );
  expect(pdf).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="${claim}-acknowledgement-1-letter.pdf"`,
    },
  });
  expect(pdf.text.slice(0, 5)).toBe('%PDF-');
  expect(
    await office.ask(
      'O-951',
      'GET',
      `/claims/${claim}/notifications/acknowledgement-1-sms/letter.pdf?purpose=repair`,
    ),
  ).toMatchObject({ status: 404 });
  expect(
    await office.ask('R-501', 'GET', `/claims/${claim}/notifications/acknowledgement-1-letter/letter.pdf`),
  ).toMatchObject({ status: 403 });
});
