import type { Duration } from '@temporalio/common';
import { claimNumber, workflowIdOf } from '../../domain/ids.ts';
import { claimQuery } from '../../workflows/messages.ts';
import { aNotice, wang } from '../support/notices.ts';
import { personalValues, placesInRecords } from '../support/personal-data.ts';
import { openStage, pause, type ClaimOnStage, type Stage } from '../support/stage.ts';
import { assesses, atTheBank, bankPays, eventually, expectationsOf, files, isComplete, kindsOf, stands, survey, toldOf } from '../support/steps.ts';

let stage: Stage;
beforeAll(async () => {
  // After a cancellation the time-skipping server cannot go on to a new run; the real one can.
  stage = await openStage({ runEvents: 100_000 });
});
afterAll(() => stage.close());
afterEach(() => {
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

const problemsOf = async (claim: ClaimOnStage): Promise<string[]> => (await claim.handle.query(claimQuery))?.problems.map(({ id }) => id) ?? [];

async function ends(claim: ClaimOnStage): Promise<void> {
  await claim.does('C-301', 'withdraw');
  await claim.result();
}

test('a bank that is down beyond all retries becomes a problem of operations; their retry goes on where it stood, and it is paid once', async () => {
  stage.bank.answer = { kind: 'busy', code: '503' };
  const claim = await files(stage);
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  await passes('5 minutes', async () => (await problemsOf(claim)).length > 0);
  expect(stage.bank.told).toBe(12);
  const waiting = await stands(claim, 'problem:pay:item-1');
  expect(waiting.expectations.find(({ id }) => id === 'problem:pay:item-1')).toMatchObject({ from: 'operations', what: 'the bank does not take payments', next: { do: 'remind' } });
  expect(await problemOf(claim)).toBe('the bank does not take payments');
  // What is perhaps on its way to the bank, nobody changes or takes back.
  const account = await stage.keepsAccount(claim.number, 'party-1', '6222020000003333');
  expect(await claim.does('C-301', 'changePayee', { item: 'item-1', party: 'party-1', account })).toMatchObject({ kind: 'refused', reason: 'not-now' });
  expect(await claim.does('C-301', 'withdraw')).toMatchObject({ kind: 'refused', reason: 'not-now' });
  expect(await claim.does('C-301', 'retry')).toMatchObject({ kind: 'refused', reason: 'role' });

  await stage.passes('26 hours');
  expect(await toldOf(claim, 'work-waiting')).toEqual(['work-waiting/email → O-951']);
  delete stage.bank.answer;
  expect(await claim.does('O-951', 'retry')).toMatchObject({ kind: 'recorded' });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect(stage.bank.orders.filter(({ id }) => id.startsWith(claim.number))).toHaveLength(1);
  expect(await problemOf(claim)).toBeUndefined();
});

test('a bank that does not answer inquiries holds up no other chasing: it is asked again, and then operations are told', async () => {
  const claim = await files(stage);
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  const payment = await atTheBank(claim, 0);
  stage.bank.status = { kind: 'busy', code: '503' };
  await passes('12 hours', async () => (await claim.handle.query(claimQuery))?.expectations.some(({ id }) => id === `escalation:operations:confirm:${payment}`) === true);
  expect(await problemsOf(claim)).toEqual([]);
  expect(stage.bank.asked).toBeGreaterThan(15);
  await claim.learns('bankConfirmed', { payment, reference: 'B-7' });
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

test('an inquiry that finds the payment confirmed settles it without the bank having said so', async () => {
  const claim = await files(stage);
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  await atTheBank(claim, 0);
  stage.bank.status = { kind: 'confirmed', reference: 'B-8' };
  await stage.passes('5 hours');
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect((await claim.journal()).find(({ kind }) => kind === 'payment-confirmed')).toMatchObject({ reference: 'B-8' });
});

test('an SMS that was perhaps sent is never sent again by itself: operations settle it, and sending again is a new message', async () => {
  stage.sms.answers.push({ kind: 'unknown', code: 'timeout' });
  const claim = await files(stage);
  await stands(claim, 'undelivered:acknowledgement-1-sms');
  const sent = (): string[] => stage.sms.sent.filter(({ reference }) => reference.startsWith(claim.number)).map(({ reference }) => reference.split('/')[1] ?? '');
  expect(sent()).toEqual(['acknowledgement-1-sms']);
  expect(await claim.does('C-301', 'settleNotification', { notification: 'acknowledgement-1-sms', how: 'send-again' })).toMatchObject({ kind: 'recorded' });
  await claim.until('sent again', ({ outbox, told }) => told.acknowledgement === 2 && outbox.length === 0);
  expect(sent()).toEqual(['acknowledgement-1-sms', 'acknowledgement-2-sms']);
  expect((await expectationsOf(claim)).filter((id) => id.startsWith('undelivered'))).toEqual([]);
  await ends(claim);
});

test('an SMS to a number that does not exist is operations\' to settle, and the claim goes on meanwhile', async () => {
  stage.sms.answers.push({ kind: 'refused', why: 'recipient', code: '21211' });
  const claim = await files(stage);
  const waiting = await stands(claim, 'undelivered:acknowledgement-1-sms');
  expect(waiting.undelivered).toMatchObject([{ kind: 'failed', code: '21211' }]);
  await survey(claim);
  expect(await claim.does('O-951', 'settleNotification', { notification: 'acknowledgement-1-sms', how: 'reached-otherwise' })).toMatchObject({ kind: 'recorded' });
  expect(await kindsOf(claim)).toEqual(expect.arrayContaining(['survey-reported', 'notification-settled']));
  await ends(claim);
});

test('a provider that is busy is tried again when it says so, and one message goes out; nobody else\'s waits for it', async () => {
  stage.sms.answers.push({ kind: 'busy', code: '429', retryAfterSeconds: 1800 });
  const number = (await fileWithoutWaiting()).number;
  const claim = stage.claimOf(number);
  await eventually('told by email', async () => stage.email.sent.some(({ reference }) => reference === `${number}/acknowledgement-1-email`));
  await eventually('busy', async () => (await stage.database.notification.findUnique({ where: { reference: `${number}/acknowledgement-1-sms` } }))?.state === 'retryable');
  await stage.env.sleep('29 minutes');
  await pause(100);
  expect(stage.sms.sent.filter(({ reference }) => reference.startsWith(number))).toHaveLength(1);
  await stage.env.sleep('2 minutes');
  await claim.until('told', ({ outbox }) => outbox.length === 0);
  expect(stage.sms.sent.filter(({ reference }) => reference.startsWith(number))).toHaveLength(2);
  expect(await stage.database.notification.findUnique({ where: { reference: `${number}/acknowledgement-1-sms` } })).toMatchObject({ state: 'accepted', attempt: 2 });
  await ends(claim);
});

async function fileWithoutWaiting(): Promise<{ number: string }> {
  const notice = aNotice({}, new Date(await stage.env.currentTimeMs()));
  const number = claimNumber(notice.source, notice.reference);
  await stage.client.workflow.start('claim', { workflowId: workflowIdOf(number), taskQueue: 'claims', args: [notice] });
  return { number };
}

test('while mail is down reminders of staff do not breed reminders: the claim waits for what it waited for', async () => {
  const claim = await files(stage);
  await claim.until('told', ({ outbox }) => outbox.length === 0);
  stage.email.answers.push(...Array.from({ length: 12 }, () => ({ kind: 'unknown', code: 'timeout' }) as const));
  await stage.passes('9 days');
  stage.email.answers.length = 0;
  const state = await claim.state();
  expect(state.undelivered.map(({ notification }) => notification.kind).every((kind) => kind === 'documents-reminder')).toBe(true);
  expect(state.expectations.length).toBeLessThan(12);
  for (const { notification } of state.undelivered) await claim.does('O-951', 'settleNotification', { notification: notification.id, how: 'reached-otherwise' });
  await ends(claim);
});

test('a party whom no channel reaches is told nothing, is chased by letter, and the claim goes on', async () => {
  const { phone: _, email: __, ...unreachable } = wang;
  const claim = await files(stage, { parties: [unreachable] });
  await survey(claim);
  await stage.passes('4 days');
  expect((await claim.told()).filter((line) => line.includes('party-1'))).toEqual(['documents-reminder/letter → party-1']);
  const { letters } = await stands(claim, 'post:documents-reminder-1-letter');
  expect(letters).toEqual(['documents-reminder-1-letter']);
  expect(await claim.does('O-951', 'postLetter', { notification: 'documents-reminder-1-letter' })).toMatchObject({ kind: 'recorded' });
  await ends(claim);
});

test('a number that the records no longer hold suppresses the message, which says so, and the claim goes on', async () => {
  const claim = await files(stage);
  await claim.until('told', ({ outbox }) => outbox.length === 0);
  await stage.database.person.update({ where: { code: 'U-901' }, data: { active: false } });
  await stage.passes('5 days');
  await stage.database.person.update({ where: { code: 'U-901' }, data: { active: true } });
  expect((await claim.journal()).filter((entry) => entry.kind === 'notification-ended' && entry.outcome.kind === 'suppressed')).toMatchObject([{ notification: 'escalation-2-email', outcome: { reason: 'no-email-address' } }]);
  await survey(claim);
  await ends(claim);
});

test('cancelled from outside it only asks: a handler keeps it open, people go on working, and it is paid', async () => {
  const claim = await files(stage);
  await claim.handle.cancel();
  const waiting = await stands(claim, 'withdrawal');
  expect(waiting.expectations.find(({ id }) => id === 'withdrawal')).toMatchObject({ from: 'handler', next: { do: 'remind' } });
  expect(await claim.does('S-201', 'keepOpen')).toMatchObject({ reason: 'role' });
  expect(await claim.does('C-301', 'keepOpen')).toMatchObject({ kind: 'recorded' });
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

test('records that are away for an hour lose no claim: it opens when they are back', async () => {
  await stage.database.$executeRaw`ALTER TABLE notice RENAME TO notice_away`;
  const { number } = await fileWithoutWaiting();
  const claim = stage.claimOf(number);
  await eventually('tried', async () => ((await claim.handle.describe()).raw.pendingActivities?.[0]?.attempt ?? 0) > 1);
  await stage.env.sleep('1 hour');
  expect((await claim.handle.describe()).status.name).toBe('RUNNING');
  await stage.database.$executeRaw`ALTER TABLE notice_away RENAME TO notice`;
  await stage.env.sleep('1 minute');
  await claim.until('opened', ({ acknowledged }) => acknowledged);
  await ends(claim);
});

test('authority that cannot be checked decides nothing, and says so', async () => {
  const claim = await files(stage);
  await claim.until('told', ({ outbox }) => outbox.length === 0);
  await stage.database.$executeRaw`ALTER TABLE person RENAME TO person_away`;
  const payload = await claim.signs('S-201', 'reportSurvey', { onScene: true });
  const answer = claim.sends('reportSurvey', payload);
  await eventually('tried', async () => ((await claim.handle.describe()).raw.pendingActivities?.[0]?.attempt ?? 0) > 1);
  await stage.env.sleep('30 seconds');
  expect(await answer).toMatchObject({ kind: 'refused', reason: 'unavailable' });
  await stage.database.$executeRaw`ALTER TABLE person_away RENAME TO person`;
  expect(await claim.sends('reportSurvey', payload)).toMatchObject({ kind: 'recorded' });
  await ends(claim);
});

test('a journal that holds something else stops the writer and not the claim: operations clear it up, and nothing is lost', async () => {
  const claim = await files(stage);
  await claim.until('told', ({ outbox }) => outbox.length === 0);
  const seq = (await claim.journal()).length + 1;
  const strange = { claim: claim.number, seq, at: new Date(), by: 'nobody', kind: 'noted', entry: '{"kind":"noted"}', previousHash: '', hash: '' };
  await stage.database.journalEntry.create({ data: strange });
  await survey(claim);
  await stands(claim, 'problem:journal');
  expect(await problemOf(claim)).toBe('the journal holds something else than the claim');
  await stage.database.$executeRaw`ALTER TABLE journal_entry DISABLE TRIGGER USER`;
  await stage.database.journalEntry.delete({ where: { claim_seq: { claim: claim.number, seq } } });
  await stage.database.$executeRaw`ALTER TABLE journal_entry ENABLE TRIGGER USER`;
  expect(await claim.does('O-951', 'retry')).toMatchObject({ kind: 'recorded' });
  await ends(claim);
  expect(await kindsOf(claim)).toEqual(expect.arrayContaining(['survey-reported', 'problem-raised', 'problem-solved', 'claim-closed']));
});

test('nothing of all that leaves personal data in journal, states, expectations or ledger', async () => {
  expect(await placesInRecords(personalValues, stage.database)).toEqual([]);
});
