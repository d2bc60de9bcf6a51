import type { Duration } from '@temporalio/common';
import type { Claim } from '../../domain/claim.ts';
import { claimNumber, workflowIdOf } from '../../domain/ids.ts';
import { claimQuery } from '../../workflows/messages.ts';
import { aNotice, wang } from '../support/notices.ts';
import { throughProxy, type Proxy } from '../support/proxy.ts';
import { personalValues, placesInRecords } from '../support/personal-data.ts';
import { openStage, pause, type ClaimOnStage, type Stage } from '../support/stage.ts';
import { assesses, atTheBank, bankPays, eventually, expectationsOf, files, isComplete, kindsOf, stands, survey, toldOf } from '../support/steps.ts';

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
  await records.mend();
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
  expect(stage.bank.told).toBeGreaterThanOrEqual(12);
  const waiting = await stands(claim, 'problem:bank:item-1');
  expect(waiting.expectations.find(({ id }) => id === 'problem:bank:item-1')).toMatchObject({ from: 'operations', what: 'the bank does not take payments', next: { do: 'remind' } });
  expect(await problemOf(claim)).toBe('the bank does not take payments');
  // What is perhaps on its way to the bank, nobody changes or takes back.
  const account = await stage.keepsAccount(claim.number, 'party-1', '6222020000003333');
  expect(await claim.does('C-301', 'changePayee', { item: 'item-1', party: 'party-1', account })).toMatchObject({ kind: 'refused', reason: 'not-now' });
  expect(await claim.does('C-301', 'withdraw')).toMatchObject({ kind: 'refused', reason: 'not-now' });
  expect(await claim.does('C-301', 'retry')).toMatchObject({ kind: 'refused', reason: 'role' });

  await stage.passes('26 hours');
  expect(await toldOf(claim, 'work-waiting')).toEqual(['work-waiting/email → O-951']);
  delete stage.bank.answer;
  expect(stage.bank.told).toBeLessThan(50);
  expect(await claim.does('O-951', 'retry', { problem: 'sms' })).toMatchObject({ kind: 'refused', reason: 'not-now' });
  expect(await claim.does('O-951', 'retry', { problem: 'bank' })).toMatchObject({ kind: 'recorded' });
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

test('records that are away lose no claim: it says that it cannot be opened, and opens by itself when they are back', async () => {
  await records.cut();
  const { number } = await fileWithoutWaiting();
  const claim = stage.claimOf(number);
  await passes('1 minute', async () => (await problemOf(claim)) !== undefined);
  expect(await problemOf(claim)).toBe('the records cannot be reached');
  expect(await detailsOf(claim)).toMatch(/^\*\*Not open yet:\*\* the records cannot be reached/);
  await stage.env.sleep('5 hours');
  expect((await claim.handle.fetchHistory()).events?.length).toBeLessThan(20);
  await records.mend();
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
  await records.mend();
  expect(await claim.handle.executeUpdate('retry', { args: [await claim.signs('O-951', 'retry')] })).toMatchObject({ kind: 'recorded' });
  await claim.until('told', ({ outbox }) => outbox.length === 0);
  await ends(claim);
});

test('a journal that cannot be stored for hours stops neither messages nor timers: the Temporal UI says what is broken, and everything is stored in order', async () => {
  const claim = await files(stage);
  await claim.until('told', ({ outbox }) => outbox.length === 0);
  await records.cut();
  await claim.learns('documentArrived', { document: 'driving-licence', attachment: 'a'.repeat(64) });
  await passes('1 minute', async () => (await problemOf(claim)) !== undefined);
  expect(await problemOf(claim)).toBe('the records cannot be reached');
  expect(await detailsOf(claim)).toContain('**Problem:** the records cannot be reached');
  const waiting = await asked(claim);
  expect(waiting.expectations.find(({ id }) => id === 'problem:records:entries')).toMatchObject({ from: 'operations', next: { do: 'remind' } });
  expect(await claim.handle.executeUpdate('reportSurvey', { args: [await claim.signs('S-201', 'reportSurvey', { onScene: true })] })).toMatchObject({ reason: 'unavailable' });
  // The survey's ladder goes on, and what happens meanwhile shows.
  await claim.handle.signal('documentArrived', { id: 'later', document: 'police-determination', attachment: 'b'.repeat(64) });
  await passes('6 hours', async () => (await asked(claim)).expectations.some(({ id, rung }) => id === 'survey' && rung > 0));
  expect(await detailsOf(claim)).toContain('police-determination (received)');
  const { seq } = await asked(claim);

  await records.mend();
  expect(await claim.handle.executeUpdate('retry', { args: [await claim.signs('O-951', 'retry', { problem: 'records' })] })).toMatchObject({ kind: 'recorded' });
  await stage.env.sleep('20 minutes'); // what was to be told meanwhile is tried again
  const journal = await claim.journal();
  expect(journal.map((entry) => entry.seq)).toEqual(journal.map((_, index) => index + 1));
  expect(journal.length).toBeGreaterThan(seq);
  expect(journal.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['problem-raised', 'message-refused', 'rung-taken', 'problem-solved']));
  // What the supervisor was to hear is on their work list; each message to a party went out once.
  const toParties = journal.flatMap((entry) => (entry.kind === 'notification-planned' && 'party' in entry.notification.to ? [`${claim.number}/${entry.notification.id}`] : []));
  const sent = [...stage.sms.sent, ...stage.email.sent].map(({ reference }) => reference).filter((reference) => toParties.includes(reference));
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
  await claim.handle.signal('bankConfirmed', { id: 'paid', payment, reference: 'B-9' });
  await passes('10 minutes', async () => (await asked(claim)).problems.length > 0 && (await asked(claim)).items[0]?.outcome !== undefined);
  await stage.env.sleep('3 hours');
  expect((await claim.handle.describe()).status.name).toBe('RUNNING');
  expect(await asked(claim)).toMatchObject({ items: [{ outcome: { kind: 'paid' } }], expectations: [{ id: 'problem:records:entries', from: 'operations' }, { id: 'problem:records:messages' }] });
  await records.mend();
  expect(await claim.handle.executeUpdate('retry', { args: [await claim.signs('O-951', 'retry')] })).toMatchObject({ kind: 'recorded' });
  await eventually('closed', async () => (await claim.handle.describe()).status.name === 'COMPLETED');
  expect(await kindsOf(claim)).toEqual(expect.arrayContaining(['claim-closed', 'problem-solved']));
  expect(stage.bank.orders.filter(({ id }) => id.startsWith(claim.number))).toHaveLength(1);
});

test('a claim that has closed, and whose last entries cannot be stored, says so; it is retried like any other, and ends then', async () => {
  const { phone: _, email: __, ...unreachable } = wang;
  const claim = await files(stage, { parties: [unreachable] });
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  const payment = await atTheBank(claim, 0);
  await records.cut();
  await claim.handle.signal('bankConfirmed', { id: 'paid', payment, reference: 'B-10' });
  await passes('1 minute', async () => (await asked(claim)).problems.length > 0);
  expect(await asked(claim)).toMatchObject({ outcome: 'paid', expectations: [{ id: 'problem:records:entries', from: 'operations' }] });
  expect(await problemOf(claim)).toBe('the records cannot be reached');
  await records.mend();
  expect(await claim.handle.executeUpdate('retry', { args: [await claim.signs('O-951', 'retry', { problem: 'records' })] })).toMatchObject({ kind: 'recorded' });
  await eventually('ended', async () => (await claim.handle.describe()).status.name === 'COMPLETED');
  expect((await kindsOf(claim)).slice(-6)).toEqual(expect.arrayContaining(['claim-closed', 'problem-raised', 'problem-solved']));
  expect(await problemOf(claim)).toBeUndefined();
});

test('a provider that is down beyond all retries holds what a party is to hear, in order; mended, each is sent once', async () => {
  const claim = await files(stage);
  await claim.until('told', ({ outbox }) => outbox.length === 0);
  stage.sms.answers.push(...Array.from({ length: 12 }, () => ({ kind: 'busy', code: '503' }) as const));
  await survey(claim);
  await claim.does('C-301', 'rejectDocument', { document: 'driving-licence', reason: 'unreadable' });
  await claim.learns('documentArrived', { document: 'driving-licence', attachment: 'a'.repeat(64) });
  await claim.does('C-301', 'rejectDocument', { document: 'driving-licence', reason: 'expired' });
  await passes('2 minutes', async () => (await asked(claim)).problems.length > 0);
  expect(await problemOf(claim)).toBe('the SMS provider takes no messages');
  stage.sms.answers.length = 0;
  await claim.handle.executeUpdate('retry', { args: [await claim.signs('O-951', 'retry', { problem: 'sms' })] });
  const state = await claim.until('told', ({ outbox }) => outbox.length === 0);
  expect([state.problems, state.undelivered]).toEqual([[], []]);
  const rows = await stage.database.notification.findMany({ where: { claim: claim.number, channel: 'sms', attempt: { gt: 1 } } });
  expect(rows.every((row) => row.state === 'accepted')).toBe(true);
  expect(rows.length).toBeGreaterThan(0);
  await ends(claim);
});

test('a step that fails for a reason that nobody has a word for is a problem all the same, and goes on by itself once it works', async () => {
  const claim = await files(stage);
  await claim.until('told', ({ outbox }) => outbox.length === 0);
  const correcting = await claim.signs('C-301', 'correctNotice', { policy: 'P-HOME' });
  await stage.database.$executeRaw`ALTER TABLE policy RENAME TO policy_away`;
  expect(await claim.sends('correctNotice', correcting)).toMatchObject({ kind: 'recorded' });
  await passes('5 minutes', async () => (await asked(claim)).problems.length > 0);
  expect((await asked(claim)).problems).toMatchObject([{ id: 'step:cover', what: 'a step fails on the workers, whose logs say why' }]);
  await stage.database.$executeRaw`ALTER TABLE policy_away RENAME TO policy`;
  await stage.env.sleep('61 minutes');
  await claim.until('mended', ({ problems, cover }) => problems.length === 0 && cover !== undefined);
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
  await stands(claim, 'problem:journal:entries');
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
