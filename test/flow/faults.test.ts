import type { Duration } from '@temporalio/common';
import type { Claim } from '../../domain/claim/claim.ts';
import { claimNumber, workflowIdOf } from '../../domain/ids.ts';
import { claimQuery } from '../../workflows/contract.ts';
import { keepDeliveryReport } from '../../records/messages/deliveries.ts';
import type { NoticeOfLoss, NoticeParty } from '../../domain/claim/notice.ts';
import { aNotice, wang } from '../support/notices.ts';
import { throughProxy, type Proxy } from '../support/proxy.ts';
import { personalValues, placesInRecords } from '../support/personal-data.ts';
import { openStage, pause, type ClaimOnStage, type Stage } from '../support/stage.ts';
import { testKeyring } from '../support/test-keyring.ts';
import {
  assesses,
  atTheBank,
  bankPays,
  eventually,
  expectationsOf,
  files,
  isComplete,
  kindsOf,
  denialsOf,
  stands,
  survey,
  sentOf,
} from '../support/steps.ts';
import { aNote } from '../support/builders.ts';

let stage: Stage;
let records: Proxy;
beforeAll(async () => {
  // After a cancellation the time-skipping server cannot go on to a new run; the real one can.
  stage = await openStage({
    runEvents: 100_000,
    async through(url) {
      const { url: other, proxy } = await throughProxy(url);
      records = proxy;
      return other;
    },
  });
});
afterAll(async () => {
  await stage.close();
  await records.close();
});
afterEach(async () => {
  await records.repair();
  delete stage.bank.answer;
  delete stage.bank.status;
});

/** What the Temporal UI filters by. */
async function problemOf(claim: ClaimOnStage): Promise<unknown> {
  const { raw } = await claim.handle.describe();
  const data = raw.workflowExecutionInfo?.searchAttributes?.indexedFields?.['ClaimProblem']?.data;
  return data?.length ? (JSON.parse(Buffer.from(data).toString()) ?? undefined) : undefined;
}

/** Lets business time pass although something is being tried again meanwhile. */
async function passes(time: Duration, until: () => Promise<boolean>): Promise<void> {
  for (let waits = 0; !(await until()) && waits < 40; waits += 1) {
    await stage.env.sleep(time);
    await pause(30);
  }
  expect(await until()).toBe(true);
}

/** Asked at once, whether or not something is being tried. */
async function asked(claim: ClaimOnStage): Promise<Claim> {
  const state = await claim.handle.query(claimQuery);
  if (!state) throw new Error('The claim is not open');
  return state;
}

/** What its page in the Temporal UI says. */
async function detailsOf(claim: ClaimOnStage): Promise<string> {
  const metadata = await claim.handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}

const problemsOf = async (claim: ClaimOnStage): Promise<string[]> =>
  (await claim.handle.query(claimQuery))?.problems.map(({ id }) => id) ?? [];

async function ends(claim: ClaimOnStage): Promise<void> {
  await claim.does('C-301', 'withdraw');
  await claim.result();
}

test('a bank that is down beyond all retries becomes a problem of operations; after their retry it resumes, and is paid once', async () => {
  stage.bank.answer = { kind: 'busy', code: '503' };
  const claim = await files(stage);
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  await passes('5 minutes', async () => (await problemsOf(claim)).length > 0);
  expect(stage.bank.instructed).toBeGreaterThanOrEqual(12);
  const waiting = await stands(claim, 'problem:bank:item-1');
  expect(waiting.expectations.find(({ id }) => id === 'problem:bank:item-1')).toMatchObject({
    from: 'operations',
    what: 'the bank does not take payments',
    next: { do: 'remind' },
  });
  expect(await problemOf(claim)).toBe('the bank does not take payments');
  // What is perhaps on its way to the bank, nobody changes or takes back.
  const account = await stage.keepsAccount(claim.number, 'party-1', '6222020090003333');
  expect(await claim.does('C-301', 'set-payee', { item: 'item-1', party: 'party-1', account })).toMatchObject(
    { kind: 'denied', reason: 'not-now' },
  );
  expect(await claim.does('C-301', 'withdraw')).toMatchObject({ kind: 'denied', reason: 'not-now' });

  await stage.passes('26 hours');
  expect((await claim.state()).expectations.find(({ id }) => id === 'problem:bank:item-1')).toMatchObject({
    rung: 1,
    next: { do: 'escalate' },
  });
  delete stage.bank.answer;
  expect(stage.bank.instructed).toBeLessThan(50);
  expect(await claim.does('O-951', 'retry', { problem: 'sms' })).toMatchObject({
    kind: 'denied',
    reason: 'not-now',
  });
  expect(await claim.does('O-951', 'retry', { problem: 'bank' })).toMatchObject({ kind: 'recorded' });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect(stage.bank.orders.filter(({ id }) => id.startsWith(claim.number))).toHaveLength(1);
  expect(await problemOf(claim)).toBeUndefined();
});

test('a bank that does not answer inquiries blocks no other chasing: it is asked again, and then operations are notified', async () => {
  const claim = await files(stage);
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  const payment = await atTheBank(claim, 0);
  stage.bank.status = { kind: 'busy', code: '503' };
  await passes(
    '12 hours',
    async () =>
      (await claim.handle.query(claimQuery))?.expectations.some(
        ({ id }) => id === `escalation:operations:confirm:${payment}`,
      ) === true,
  );
  expect(await problemsOf(claim)).toEqual([]);
  expect(stage.bank.asked).toBeGreaterThan(15);
  await claim.reports('bank-confirmed', { payment, reference: 'B-7' });
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

test('an inquiry that finds the payment confirmed settles it without a report from the bank', async () => {
  const claim = await files(stage);
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  await atTheBank(claim, 0);
  stage.bank.status = { kind: 'confirmed', reference: 'B-8' };
  await stage.passes('5 hours');
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect((await claim.journal()).find(({ kind }) => kind === 'payment-confirmed')).toMatchObject({
    reference: 'B-8',
  });
});

/** A telephone and a mailbox of their own: what is found out about them holds for every claim. */
let persons = 0;
function somebody(): NoticeParty {
  persons += 1;
  return { ...wang, phone: `+86137${String(persons).padStart(8, '0')}`, email: `${persons}.${wang.email}` };
}

const textsTo = (claim: ClaimOnStage): string[] =>
  stage.sms.sent
    .filter(({ reference }) => reference.startsWith(claim.number))
    .map(({ reference }) => reference.split('/')[1] ?? '');
const mailsTo = (claim: ClaimOnStage): string[] =>
  stage.email.sent
    .filter(({ reference }) => reference.startsWith(claim.number))
    .map(({ reference }) => reference.split('/')[1] ?? '');

test('a mandatory message that was perhaps not sent is repeated once, marked as a repeat, when no delivery report comes', async () => {
  stage.sms.answers.push({ kind: 'unknown', code: 'timeout' });
  const claim = stage.claimOf((await fileWithoutWaiting({ parties: [somebody()] })).number);
  await eventually('sent', async () => textsTo(claim).length === 1);
  await stage.env.sleep('4 minutes');
  await claim.until('sent again', ({ outbox, sent }) => sent.acknowledgement === 2 && outbox.length === 0);
  expect(textsTo(claim)).toEqual(['acknowledgement-1-sms', 'surveyor-coming-1-sms', 'acknowledgement-2-sms']);
  expect((await claim.state()).deliveries).toMatchObject({
    'acknowledgement-1': { by: { sms: 'lost', email: 'sent' } },
    'acknowledgement-2': { by: { sms: 'sent' }, isRepeat: true },
  });
  await ends(claim);
});

test('a delivery report that comes meanwhile proves that it was sent: nothing is repeated', async () => {
  stage.sms.answers.push({ kind: 'unknown', code: 'timeout' });
  const claim = stage.claimOf((await fileWithoutWaiting({ parties: [somebody()] })).number);
  await eventually('sent', async () => textsTo(claim).length === 1);
  await keepDeliveryReport(stage.database, testKeyring(), {
    id: 'healed',
    reference: `${claim.number}/acknowledgement-1-sms`,
    providerId: 'SM-healed',
    outcome: 'delivered',
    at: new Date().toISOString(),
  });
  await stage.env.sleep('4 minutes');
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  expect(textsTo(claim)).toEqual(['acknowledgement-1-sms', 'surveyor-coming-1-sms']);
  await ends(claim);
});

test('a chase that was perhaps sent is not repeated: the next one makes up for it', async () => {
  const claim = await files(stage, { parties: [somebody()] });
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  stage.sms.answers.push({ kind: 'unknown', code: 'timeout' });
  await stage.passes('4 days');
  await stage.env.sleep('4 minutes');
  await claim.until('cleared up', ({ outbox }) => outbox.length === 0);
  expect(textsTo(claim)).toEqual([
    'acknowledgement-1-sms',
    'surveyor-coming-1-sms',
    'documents-reminder-1-sms',
  ]);
  expect((await claim.state()).deliveries).toMatchObject({ 'documents-reminder-1': { by: { sms: 'lost' } } });
  await ends(claim);
});

test('what a telephone does not take goes by email, where it was not sent so already; from then on the telephone is left alone', async () => {
  const claim = await files(stage, { parties: [somebody()] });
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  stage.sms.answers.push({ kind: 'rejected', why: 'recipient', code: '21614' });
  await stage.passes('4 days');
  expect(await sentOf(claim, 'documents-reminder')).toEqual([
    'documents-reminder/email → party-1',
    'documents-reminder/sms → party-1',
  ]);
  expect(
    stage.email.sent.find(({ reference }) => reference === `${claim.number}/documents-reminder-1-email`)
      ?.text,
  ).toContain('驾驶证');
  expect((await claim.state()).parties[0]).toMatchObject({
    reach: { sms: false, email: true },
    lost: { sms: '21614' },
  });
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  await atTheBank(claim, 0);
  expect(textsTo(claim)).toHaveLength(3);
  await bankPays(claim, 0);
});

test('a party that prefers email gets everything by that alone; what does not get there comes by text', async () => {
  const claim = await files(stage, { parties: [{ ...somebody(), prefers: 'email' }] });
  expect(await sentOf(claim, 'acknowledgement')).toEqual(['acknowledgement/email → party-1']);
  await stage.passes('60 hours');
  stage.email.answers.push({ kind: 'rejected', why: 'content', code: '554' });
  await stage.passes('30 hours');
  expect(await sentOf(claim, 'documents-reminder')).toEqual([
    'documents-reminder/email → party-1',
    'documents-reminder/sms → party-1',
  ]);
  expect(
    await claim.does('C-301', 'correct-contact', {
      party: 'party-1',
      revision: 2,
      marks: [],
      reach: { sms: true, email: true },
      prefers: 'sms',
    }),
  ).toMatchObject({ kind: 'recorded' });
  await stage.passes('4 days');
  expect((await sentOf(claim, 'documents-reminder')).filter((line) => line.includes('sms'))).toHaveLength(2);
  await ends(claim);
});

test('what no channel delivers leads to a call by the handler, and then to a letter; a new contact gets it at once', async () => {
  stage.sms.answers.push({ kind: 'rejected', why: 'recipient', code: '21211' });
  stage.email.answers.push({ kind: 'rejected', why: 'recipient', code: '550' });
  const claim = await files(stage, { parties: [somebody()] });
  await stands(claim, 'reach:party-1');
  expect((await claim.state()).expectations.find(({ id }) => id === 'reach:party-1')).toMatchObject({
    from: 'handler',
    what: 'call policyholder',
  });
  await stage.passes('4 days');
  const { letters } = await stands(claim, 'post:acknowledgement-1-letter');
  expect(letters).toContain('acknowledgement-1-letter');
  await claim.does('O-951', 'post-letter', { notification: 'acknowledgement-1-letter' });
  await claim.until('written', ({ unreached }) => unreached?.length === 0);
  for (const letter of letters.filter((each) => each !== 'acknowledgement-1-letter'))
    await claim.does('O-951', 'post-letter', { notification: letter });
  await ends(claim);
});

test('a corrected contact gets what was missed, and ends the call', async () => {
  stage.sms.answers.push({ kind: 'rejected', why: 'recipient', code: '21211' });
  stage.email.answers.push({ kind: 'rejected', why: 'recipient', code: '550' });
  const [before, after] = [somebody(), somebody()];
  const claim = await files(stage, { parties: [before] });
  await stands(claim, 'reach:party-1');
  await stage.keepsContact(claim.number, 'party-1', { phone: after.phone ?? '', email: after.email ?? '' });
  await claim.does('C-301', 'correct-contact', {
    party: 'party-1',
    revision: 2,
    marks: [],
    reach: { sms: true, email: true },
  });
  await claim.until(
    'sent',
    ({ outbox, expectations }) =>
      outbox.length === 0 && !expectations.some(({ id }) => id === 'reach:party-1'),
  );
  expect(stage.sms.sent.findLast(({ reference }) => reference.startsWith(claim.number))).toMatchObject({
    to: after.phone,
    reference: `${claim.number}/acknowledgement-2-sms`,
  });
  await ends(claim);
});

test('a provider that refuses us is a problem of operations at once; nobody is blamed, and all is sent once it is set up', async () => {
  stage.sms.answers.push(
    ...Array.from({ length: 4 }, () => ({ kind: 'rejected', why: 'configuration', code: '20003' }) as const),
  );
  const claim = stage.claimOf((await fileWithoutWaiting({ parties: [somebody()] })).number);
  await eventually('refused', async () => textsTo(claim).length === 1);
  await stage.env.sleep('10 seconds');
  await eventually('a problem', async () => (await problemsOf(claim)).includes('sms:messages'));
  expect(await problemOf(claim)).toBe('the SMS provider takes no messages');
  stage.sms.answers.length = 0;
  await stage.env.sleep('2 hours');
  await claim.until('sent', ({ outbox, problems }) => outbox.length === 0 && problems.length === 0);
  expect((await claim.state()).parties[0]?.reach.sms).toBe(true);
  await ends(claim);
});

test('a receipt that comes days later counts: what did not arrive goes by the other channel', async () => {
  const claim = await files(stage, { parties: [somebody()] });
  await stage.passes('4 days');
  expect(await sentOf(claim, 'documents-reminder')).toEqual(['documents-reminder/sms → party-1']);
  const arrived = new Date(await stage.env.currentTimeMs()).toISOString();
  await claim.reports('delivery-reported', {
    notification: 'documents-reminder-1-sms',
    outcome: 'undelivered',
    arrived,
    code: '30006',
    why: 'contact',
  });
  await claim.until(
    'sent',
    ({ outbox, sent, parties }) =>
      outbox.length === 0 && sent['documents-reminder'] === 1 && parties[0]?.reach.sms === false,
  );
  expect(mailsTo(claim)).toContain('documents-reminder-1-email');
  await claim.reports('delivery-reported', {
    notification: 'acknowledgement-1-sms',
    outcome: 'delivered',
    arrived,
  });
  await claim.until(
    'delivered',
    ({ deliveries }) => deliveries?.['acknowledgement-1']?.by.sms === 'delivered',
  );
  await claim.reports('delivery-reported', { notification: 'paid-1-sms', outcome: 'delivered', arrived });
  await eventually('refused', async () => (await denialsOf(claim)).length === 1);
  await ends(claim);
});

test('a party that opts out gets emails, one that opts in again texts; what they write is for the handler to answer', async () => {
  const claim = await files(stage, { parties: [somebody()] });
  await claim.reports('contact-turned-out', {
    party: 'party-1',
    channel: 'sms',
    standing: 'lost',
    code: 'opted-out',
  });
  await claim.until('opted out', ({ parties }) => parties[0]?.reach.sms === false);
  await stage.passes('4 days');
  expect(await sentOf(claim, 'documents-reminder')).toEqual(['documents-reminder/email → party-1']);
  await claim.reports('contact-turned-out', {
    party: 'party-1',
    channel: 'sms',
    standing: 'restored',
    code: 'opted-in',
  });
  await claim.until('opted in', ({ parties }) => parties[0]?.reach.sms === true);
  await claim.reports('text-arrived', { party: 'party-1', note: aNote() });
  await stands(claim, 'answer:party-1');
  await claim.does('C-301', 'record-call', { party: 'party-1', outcome: 'reached' });
  expect(await expectationsOf(claim)).not.toContain('answer:party-1');
  await ends(claim);
});

test('the same notification is sent again because somebody asks for it', async () => {
  const claim = await files(stage, { parties: [somebody()] });
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  expect(
    await claim.does('V-401', 'resend-notification', {
      notification: 'acknowledgement-1-sms',
      party: 'party-1',
    }),
  ).toMatchObject({ kind: 'denied', reason: 'role' });
  expect(
    await claim.does('C-301', 'resend-notification', { notification: 'paid-1-sms', party: 'party-1' }),
  ).toMatchObject({ kind: 'denied', reason: 'not-now' });
  expect(
    await claim.does('C-301', 'resend-notification', {
      notification: 'acknowledgement-1-sms',
      party: 'party-1',
    }),
  ).toMatchObject({ kind: 'recorded' });
  await claim.until('sent again', ({ outbox }) => outbox.length === 0);
  expect(textsTo(claim)).toEqual(['acknowledgement-1-sms', 'surveyor-coming-1-sms', 'acknowledgement-2-sms']);
  expect((await claim.journal()).findLast(({ kind }) => kind === 'notification-planned')).toMatchObject({
    by: 'C-301',
    notification: { insteadOf: 'acknowledgement-1-sms', facts: { isRepeat: true } },
  });
  await ends(claim);
});

test("a provider that is busy is tried again when it says so, and one message goes out; nobody else's waits for it", async () => {
  stage.sms.answers.push({ kind: 'busy', code: '429', retryAfterSeconds: 1800 });
  const number = (await fileWithoutWaiting()).number;
  const claim = stage.claimOf(number);
  await eventually('sent by email', async () =>
    stage.email.sent.some(({ reference }) => reference === `${number}/acknowledgement-1-email`),
  );
  await eventually(
    'busy',
    async () =>
      (
        await stage.database.notification.findUnique({
          where: { reference: `${number}/acknowledgement-1-sms` },
        })
      )?.state === 'retryable',
  );
  await stage.env.sleep('29 minutes');
  await pause(100);
  expect(textsTo(claim)).toEqual(['acknowledgement-1-sms']);
  await stage.env.sleep('2 minutes');
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  expect(textsTo(claim)).toEqual(['acknowledgement-1-sms', 'acknowledgement-1-sms', 'surveyor-coming-1-sms']);
  expect(
    await stage.database.notification.findUnique({ where: { reference: `${number}/acknowledgement-1-sms` } }),
  ).toMatchObject({ state: 'accepted', attempt: 2 });
  await ends(claim);
});

async function fileWithoutWaiting(change: Partial<NoticeOfLoss> = {}): Promise<{ number: string }> {
  const notice = aNotice(change, new Date(await stage.env.currentTimeMs()));
  const number = claimNumber(notice.source, notice.reference);
  await stage.client.workflow.start('claim', {
    workflowId: workflowIdOf(number),
    taskQueue: 'claims',
    args: [notice],
  });
  return { number };
}

test('while mail is down reminders of staff do not breed reminders: the claim waits for what it waited for', async () => {
  const claim = await files(stage);
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  stage.email.answers.push(
    ...Array.from({ length: 12 }, () => ({ kind: 'unknown', code: 'timeout' }) as const),
  );
  await stage.passes('9 days');
  stage.email.answers.length = 0;
  const state = await claim.state();
  expect(state.expectations.length).toBeLessThan(12);
  await ends(claim);
});

test('a party that no channel reaches is notified and chased by letter, and the claim continues', async () => {
  const { phone: _, email: __, ...unreachable } = wang;
  const claim = await files(stage, { parties: [unreachable] });
  await survey(claim);
  await stage.passes('4 days');
  expect((await claim.notified()).filter((line) => line.includes('party-1'))).toEqual([
    'acknowledgement/letter → party-1',
    'documents-reminder/letter → party-1',
  ]);
  const { letters } = await stands(claim, 'post:documents-reminder-1-letter');
  expect(letters).toEqual(['acknowledgement-1-letter', 'documents-reminder-1-letter']);
  for (const letter of letters)
    expect(await claim.does('O-951', 'post-letter', { notification: letter })).toMatchObject({
      kind: 'recorded',
    });
  // Progress goes only to a party that some channel reaches; the claim does not loop about it.
  await stage.passes('20 days');
  expect(await sentOf(claim, 'progress')).toEqual([]);
  for (const letter of (await claim.state()).letters)
    await claim.does('O-951', 'post-letter', { notification: letter });
  await claim.does('C-301', 'withdraw');
  await claim.until('ended', ({ outcome }) => outcome === 'withdrawn');
});

test('cancelled from outside it only asks: a handler keeps it open, people continue to work, and it is paid', async () => {
  const claim = await files(stage);
  await claim.handle.cancel();
  const waiting = await stands(claim, 'withdrawal');
  expect(waiting.expectations.find(({ id }) => id === 'withdrawal')).toMatchObject({
    from: 'handler',
    next: { do: 'remind' },
  });
  expect(await claim.does('S-201', 'cancel-withdrawal')).toMatchObject({ reason: 'role' });
  expect(await claim.does('C-301', 'cancel-withdrawal')).toMatchObject({ kind: 'recorded' });
  expect(await expectationsOf(claim)).not.toContain('withdrawal');
  await isComplete(claim);
  await stage.passes('1 hour');
  await assesses(claim, 'item-1', 200_000);
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

test('cancelled from outside and meant so: a handler withdraws it and it closes; nothing was torn down', async () => {
  const claim = await files(stage);
  await claim.handle.cancel();
  await stands(claim, 'withdrawal');
  expect(await claim.does('C-301', 'withdraw')).toMatchObject({ kind: 'recorded' });
  expect(await claim.result()).toEqual({ kind: 'closed', claim: claim.number, outcome: 'withdrawn' });
  expect((await kindsOf(claim)).at(-1)).toBe('notification-ended');
});

test('records that are away lose no claim: it says that it cannot be opened, and opens by itself when they are back', async () => {
  await records.cut();
  const { number } = await fileWithoutWaiting();
  const claim = stage.claimOf(number);
  await passes('1 minute', async () => (await problemOf(claim)) !== undefined);
  expect(await problemOf(claim)).toBe('the records cannot be reached');
  expect(await detailsOf(claim)).toMatch(/^\*\*Not open yet:\*\* the records cannot be reached/);
  await stage.env.sleep('5 hours');
  expect((await claim.handle.fetchHistory()).events?.length).toBeLessThan(20);
  await records.repair();
  await stage.env.sleep('61 minutes');
  await claim.until('opened', ({ acknowledged, outbox }) => acknowledged && outbox.length === 0);
  expect(await problemOf(claim)).toBeUndefined();
  await ends(claim);
});

test('a claim that cannot be opened is tried at once when operations say so', async () => {
  await records.cut();
  const { number } = await fileWithoutWaiting();
  const claim = stage.claimOf(number);
  await passes('1 minute', async () => (await problemOf(claim)) !== undefined);
  await records.repair();
  expect(
    await claim.handle.executeUpdate('retry', { args: [await claim.signs('O-951', 'retry')] }),
  ).toMatchObject({ kind: 'recorded' });
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  await ends(claim);
});

test('a journal that cannot be stored for hours stops neither acts nor timers, and nothing is sent before it is stored: the Temporal UI says what is broken, and everything is stored in order', async () => {
  const claim = await files(stage);
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  await records.cut();
  await claim.reports('document-arrived', { document: 'driving-licence', attachment: 'a'.repeat(64) });
  await passes('1 minute', async () => (await problemOf(claim)) !== undefined);
  expect(await problemOf(claim)).toBe('the records cannot be reached');
  expect(await detailsOf(claim)).toContain('**Problem:** the records cannot be reached');
  const waiting = await asked(claim);
  expect(waiting.expectations.find(({ id }) => id === 'problem:records:entries')).toMatchObject({
    from: 'operations',
    next: { do: 'remind' },
  });
  const rejects = await claim.signs('C-301', 'reject-document', {
    document: 'driving-licence',
    reason: 'expired',
  });
  const rejected = await claim.handle.startUpdate('reject-document', {
    args: [rejects],
    waitForStage: 'ACCEPTED',
  });
  // The survey's ladder continues, and what happens meanwhile shows.
  await claim.reports('document-arrived', {
    id: 'later',
    document: 'police-determination',
    attachment: 'b'.repeat(64),
  });
  await passes('6 hours', async () =>
    (await asked(claim)).expectations.some(({ id, rung }) => id === 'survey' && rung > 0),
  );
  expect(await detailsOf(claim)).toContain('police-determination (received)');
  const { seq } = await asked(claim);
  const isOf = ({ reference }: { reference: string }): boolean =>
    reference.startsWith(`${claim.number}/document-rejected`);
  expect([...stage.sms.sent, ...stage.email.sent].filter(isOf)).toEqual([]);

  await records.repair();
  expect(
    await claim.handle.executeUpdate('retry', {
      args: [await claim.signs('O-951', 'retry', { problem: 'records' })],
    }),
  ).toMatchObject({ kind: 'recorded' });
  // It counts from its moment on, and is answered once the records have it.
  expect(await rejected.result()).toMatchObject({ kind: 'recorded' });
  await stage.env.sleep('20 minutes'); // what was to be sent meanwhile is tried again
  const journal = await claim.journal();
  expect(journal.map((entry) => entry.seq)).toEqual(journal.map((_, index) => index + 1));
  expect(journal.length).toBeGreaterThan(seq);
  expect(journal.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['problem-raised', 'document-rejected', 'rung-taken', 'problem-solved']),
  );
  // Each message was sent once.
  const toParties = journal.flatMap((entry) =>
    entry.kind === 'notification-planned' ? [`${claim.number}/${entry.notification.id}`] : [],
  );
  const sent = [...stage.sms.sent, ...stage.email.sent]
    .map(({ reference }) => reference)
    .filter((reference) => toParties.includes(reference));
  expect(sent.toSorted()).toEqual(toParties.toSorted());
  expect(await problemOf(claim)).toBeUndefined();
  await ends(claim);
});

test('a claim that is paid while the journal cannot be stored closes only when it can be', async () => {
  const claim = await files(stage);
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  const payment = await atTheBank(claim, 0);
  await records.cut();
  await claim.reports('bank-confirmed', { id: 'paid', payment, reference: 'B-9' });
  await passes(
    '10 minutes',
    async () =>
      (await asked(claim)).problems.length > 0 && (await asked(claim)).items[0]?.outcome !== undefined,
  );
  await stage.env.sleep('3 hours');
  expect((await claim.handle.describe()).status.name).toBe('RUNNING');
  expect(await asked(claim)).toMatchObject({
    items: [{ outcome: { kind: 'paid' } }],
    expectations: [{ id: 'problem:records:entries', from: 'operations' }],
  });
  await records.repair();
  expect(
    await claim.handle.executeUpdate('retry', { args: [await claim.signs('O-951', 'retry')] }),
  ).toMatchObject({ kind: 'recorded' });
  await eventually('closed', async () => (await claim.handle.describe()).status.name === 'COMPLETED');
  expect(await kindsOf(claim)).toEqual(expect.arrayContaining(['claim-closed', 'problem-solved']));
  expect(stage.bank.orders.filter(({ id }) => id.startsWith(claim.number))).toHaveLength(1);
});

test('a claim that has closed, and whose last entries cannot be stored, says so; it is retried like any other, and ends then', async () => {
  const { phone: _, email: __, ...unreachable } = wang;
  const claim = await files(stage, { parties: [unreachable] });
  await claim.does('O-951', 'post-letter', {
    notification: (await stands(claim, 'post:acknowledgement-1-letter')).letters[0],
  });
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  const payment = await atTheBank(claim, 0);
  await records.cut();
  await claim.reports('bank-confirmed', { id: 'paid', payment, reference: 'B-10' });
  await passes('1 minute', async () => (await asked(claim)).problems.length > 0);
  expect(await asked(claim)).toMatchObject({
    outcome: 'paid',
    expectations: [{ id: 'problem:records:entries', from: 'operations' }],
  });
  expect(await problemOf(claim)).toBe('the records cannot be reached');
  await records.repair();
  expect(
    await claim.handle.executeUpdate('retry', {
      args: [await claim.signs('O-951', 'retry', { problem: 'records' })],
    }),
  ).toMatchObject({ kind: 'recorded' });
  await eventually('ended', async () => (await claim.handle.describe()).status.name === 'COMPLETED');
  expect((await kindsOf(claim)).slice(-6)).toEqual(
    expect.arrayContaining(['claim-closed', 'problem-raised', 'problem-solved']),
  );
  expect(await problemOf(claim)).toBeUndefined();
});

test('a provider that is down beyond all retries holds the messages to a party, in order; once it works, each is sent once', async () => {
  const claim = await files(stage);
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  stage.sms.answers.push(...Array.from({ length: 12 }, () => ({ kind: 'busy', code: '503' }) as const));
  await survey(claim);
  await claim.does('C-301', 'reject-document', { document: 'driving-licence', reason: 'unreadable' });
  await claim.reports('document-arrived', { document: 'driving-licence', attachment: 'a'.repeat(64) });
  await claim.does('C-301', 'reject-document', { document: 'driving-licence', reason: 'expired' });
  await passes('2 minutes', async () => (await asked(claim)).problems.length > 0);
  expect(await problemOf(claim)).toBe('the SMS provider takes no messages');
  stage.sms.answers.length = 0;
  await claim.handle.executeUpdate('retry', {
    args: [await claim.signs('O-951', 'retry', { problem: 'sms' })],
  });
  const state = await claim.until('sent', ({ outbox }) => outbox.length === 0);
  expect([state.problems, state.unreached]).toEqual([[], []]);
  const rows = await stage.database.notification.findMany({
    where: { claim: claim.number, channel: 'sms', attempt: { gt: 1 } },
  });
  expect(rows.every((row) => row.state === 'accepted')).toBe(true);
  expect(rows.length).toBeGreaterThan(0);
  await ends(claim);
});

test('a step that fails for a reason that nobody has a word for is a problem all the same, and resumes by itself once it works', async () => {
  const claim = await files(stage);
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  const correcting = await claim.signs('C-301', 'correct-claim', { policy: 'P-HOME' });
  await stage.database.$executeRaw`ALTER TABLE policy RENAME TO policy_away`;
  expect(await claim.sends('correct-claim', correcting)).toMatchObject({ kind: 'recorded' });
  await passes('5 minutes', async () => (await asked(claim)).problems.length > 0);
  expect((await asked(claim)).problems).toMatchObject([
    { id: 'step:cover', what: 'a step fails on the workers: see their logs' },
  ]);
  await stage.database.$executeRaw`ALTER TABLE policy_away RENAME TO policy`;
  await stage.env.sleep('61 minutes');
  await claim.until('resumed', ({ problems, cover }) => problems.length === 0 && cover !== undefined);
  await ends(claim);
});

test('a claim whose party lies under an encryption key that a worker lacks says so, and resumes once the key is back', async () => {
  const claim = await files(stage);
  await isComplete(claim);
  await stage.database
    .$executeRaw`UPDATE party SET key = replace(key, 'test:', 'gone:') WHERE claim = ${claim.number}`;
  await assesses(claim, 'item-1', 200_000);
  await passes('5 minutes', async () => (await asked(claim)).problems.some(({ id }) => id === 'keys:item-1'));
  expect((await asked(claim)).problems).toContainEqual(
    expect.objectContaining({ id: 'keys:item-1', what: 'a worker lacks an encryption key: put it back' }),
  );
  await stage.database
    .$executeRaw`UPDATE party SET key = replace(key, 'gone:', 'test:') WHERE claim = ${claim.number}`;
  await stage.env.sleep('61 minutes');
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

test('a journal that somebody has written into stops the claim: operations clear it up, and nothing is lost', async () => {
  const claim = await files(stage);
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  const seq = (await claim.journal()).length + 1;
  const strange = {
    claim: claim.number,
    seq,
    at: new Date(),
    by: 'nobody',
    kind: 'note-added',
    entry: '{"kind":"note-added"}',
    previousHash: '',
    hash: '',
  };
  await stage.database.journalEntry.create({ data: strange });
  const surveyed = survey(claim);
  await eventually('blocked', async () => (await problemOf(claim)) === 'the journal differs from the claim');
  await stage.database.$executeRaw`ALTER TABLE journal_entry DISABLE TRIGGER USER`;
  await stage.database.journalEntry.delete({ where: { claim_seq: { claim: claim.number, seq } } });
  await stage.database.$executeRaw`ALTER TABLE journal_entry ENABLE TRIGGER USER`;
  expect(await claim.does('O-951', 'retry')).toMatchObject({ kind: 'recorded' });
  await surveyed;
  await ends(claim);
  expect(await problemOf(claim)).toBeUndefined();
  expect(await kindsOf(claim)).toEqual(expect.arrayContaining(['survey-reported', 'claim-closed']));
});

test('nothing of all that leaves personal data in journal, states, expectations or ledger', async () => {
  expect(await placesInRecords(personalValues, stage.database)).toEqual([]);
});
