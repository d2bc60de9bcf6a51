import { join } from 'node:path';
import { connectDatabase, type Database } from '../../activities/database.ts';
import { notificationActivities, type Sending } from '../../activities/notifications.ts';
import { createRenderer, type Message, type Renderer } from '../../activities/rendering.ts';
import { keepReceipt } from '../../client/records/deliveries.ts';
import { projectRoot } from '../../config/env.ts';
import type { Notification } from '../../domain/notifications.ts';
import { newPartyKey, seal, unseal } from '../../security/sealing.ts';
import { noticedAt } from '../support/builders.ts';
import { canary, wang } from '../support/notices.ts';
import { recordingEmail, recordingSms, type RecordingEmail, type RecordingSms } from '../support/recording.ts';
import { keepRecords } from '../support/records.ts';
import { ownDatabase } from '../support/runtime.ts';
import { testKeyring } from '../support/test-keyring.ts';

const keyring = testKeyring();
const renderer = createRenderer(join(projectRoot, 'templates'));
let database: Database, sms: RecordingSms, email: RecordingEmail, claims = 0, claim = '';

beforeAll(async () => {
  database = connectDatabase(await ownDatabase());
  await keepRecords(database);
});
afterAll(() => database.$disconnect());

beforeEach(async () => {
  [sms, email, claims] = [recordingSms(), recordingEmail(), claims + 1];
  claim = `LTELL-${String(claims).padStart(5, '0')}`;
  await keepContact({ name: wang.name, phone: wang.phone, email: wang.email });
});

async function keepContact(contact: { name: string; phone?: string; email?: string }): Promise<void> {
  const key = newPartyKey(keyring);
  const row = { claim, id: 'party-1', role: 'policyholder', locale: 'en', timeZone: 'Asia/Shanghai', key, sealed: seal(key, keyring, contact, `${claim}/party-1`) };
  await database.party.upsert({ where: { claim_id: { claim, id: 'party-1' } }, create: row, update: row });
}

const paidSms: Notification = { id: 'paid-1-sms', kind: 'paid', seq: 1, channel: 'sms', to: { party: 'party-1' }, facts: { item: 'item-1', amountMinor: 320_000 } };
const sending = (notification = paidSms): Sending => ({ about: { number: claim, line: 'motor', currency: 'CNY', pack: { name: 'ordinary', version: 1 }, handler: 'C-301', branch: 'longkou', items: [{ id: 'item-1', object: 'insured-vehicle' }] }, notification, now: noticedAt });
const sends = (notification = paidSms, by: Renderer = renderer) => notificationActivities(database, keyring, by, { sms, email }).sendNotification(sending(notification));
const row = (id = paidSms.id) => database.notification.findUnique({ where: { reference: `${claim}/${id}` } });

test('the row is there, rendered and leased, before anything goes out, and nothing is locked meanwhile', async () => {
  let before: unknown;
  sms.send = async (message) => {
    before = await row();
    await database.notification.update({ where: { reference: message.reference }, data: { segments: 9 } });
    return { kind: 'accepted', providerId: `SM-${claim}`, segments: 1 };
  };
  expect(await sends()).toEqual({ kind: 'accepted' });
  expect(before).toMatchObject({ state: 'sending', attempt: 1, template: 'en/paid.sms', recipient: 'party-1', bodySha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(await row()).toMatchObject({ state: 'accepted', providerId: `SM-${claim}`, segments: 1, leaseUntil: null, plannedAt: new Date(noticedAt) });
});

test('run again it sends nothing and gives the outcome that is kept', async () => {
  expect(await sends()).toEqual({ kind: 'accepted' });
  expect(await sends()).toEqual({ kind: 'accepted' });
  expect(sms.sent).toHaveLength(1);
});

test('twenty at once send one message', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => sends()));
  expect(sms.sent).toHaveLength(1);
  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
  expect(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : [])).every((reason) => reason.includes('is being sent'))).toBe(true);
});

test('a sender that died leaves a message that perhaps went out: it is unknown, for good, and not sent again', async () => {
  sms.send = () => Promise.reject(new Error('the process died'));
  await expect(sends()).rejects.toThrow('died');
  sms = recordingSms();
  await expect(sends()).rejects.toThrow('is being sent');
  await database.notification.update({ where: { reference: `${claim}/paid-1-sms` }, data: { leaseUntil: new Date(Date.now() - 1000) } });
  expect(await sends()).toEqual({ kind: 'unknown', code: 'sender-died' });
  expect(await sends()).toMatchObject({ kind: 'unknown' });
  expect(sms.sent).toEqual([]);
  expect(await row()).toMatchObject({ state: 'unknown' });
});

test.each([
  [1800, '1800 seconds'],
  [100_000, '3600 seconds'],
  [-3, '1 seconds'],
  [undefined, undefined],
])('a busy provider is thrown, to be tried again after %s seconds as it says, within an hour', async (retryAfterSeconds, nextRetryDelay) => {
  sms.answers.push({ kind: 'busy', code: '429', ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) });
  await expect(sends()).rejects.toMatchObject({ type: 'ProviderBusy', nonRetryable: false, ...(nextRetryDelay && { nextRetryDelay }) });
  expect(await row()).toMatchObject({ state: 'retryable', errorCode: '429', leaseUntil: null });
  expect(await sends()).toEqual({ kind: 'accepted' });
  expect(await row()).toMatchObject({ state: 'accepted', attempt: 2 });
});

test('the words and the number are pinned: a retry says the same to the same, whatever has changed since', async () => {
  sms.answers.push({ kind: 'busy', code: '429' });
  await expect(sends()).rejects.toThrow('busy');
  await keepContact({ name: 'Somebody else', phone: '+8613700137000' });
  const otherWords: Renderer = { render: () => ({ template: 'en/paid.sms', text: 'other words' }) };
  await sends(paidSms, otherWords);
  expect(sms.sent[1]).toEqual(sms.sent[0]);
  expect(sms.sent[0]?.to).toBe(wang.phone);
});

test.each([
  ['refused for good', { kind: 'refused', why: 'recipient', code: '21211' } as const, { kind: 'failed', code: '21211' }, 'failed'],
  ['perhaps sent', { kind: 'unknown', code: 'timeout' } as const, { kind: 'unknown', code: 'timeout' }, 'unknown'],
])('%s it is said so, each time anew, and not sent again', async (_, answer, outcome, state) => {
  sms.answers.push(answer);
  expect(await sends()).toEqual(outcome);
  expect(await sends()).toEqual(outcome);
  expect(sms.sent).toHaveLength(1);
  expect(await row()).toMatchObject({ state });
});

test.each([
  ['accepted', { kind: 'accepted', providerId: 'ignored' } as const],
  ['perhaps sent', { kind: 'unknown', code: 'timeout' } as const],
])('a receipt that comes before the provider\'s answer (%s) is not overwritten, and counts', async (_, answer) => {
  sms.send = async ({ reference }) => {
    await keepReceipt(database, reference, { providerId: `SM-early-${claim}`, delivery: { kind: 'delivered' } });
    return answer;
  };
  expect(await sends()).toEqual({ kind: 'accepted' });
  expect(await row()).toMatchObject({ state: 'delivered', providerId: `SM-early-${claim}` });
});

test('whom the channel does not reach is told nothing, and nothing is kept', async () => {
  await keepContact({ name: wang.name });
  expect(await sends()).toEqual({ kind: 'suppressed', reason: 'no-sms-address' });
  expect(sms.sent).toEqual([]);
  expect(await row()).toBeNull();
});

test('what was said is sealed in the row: neither name, number nor words can be read without the key, nor under another reference', async () => {
  await sends();
  const kept = await row();
  const [key = '', sealed = ''] = kept?.sealed.split('\n') ?? [];
  expect(unseal(key, keyring, sealed, `${claim}/paid-1-sms`)).toMatchObject({ to: { name: wang.name, phone: wang.phone }, text: sms.sent[0]?.body });
  expect(() => unseal(key, keyring, sealed, `${claim}/paid-2-sms`)).toThrow('does not open');
  const text = JSON.stringify(kept);
  for (const personal of [canary, '王伟', '13800138000', 'example.com', sms.sent[0]?.body ?? '', '3,200']) expect(text).not.toContain(personal);
});

test('several go at once, each with its own outcome; one that a provider does not take now is left for later, and holds up no other', async () => {
  const paidEmail: Notification = { ...paidSms, id: 'paid-1-email', channel: 'email' };
  const { notification: _, ...rest } = sending();
  const together = notificationActivities(database, keyring, renderer, { sms, email }).sendTogether({ ...rest, notifications: [paidSms, paidEmail] });
  sms.answers.push({ kind: 'busy', code: '429', retryAfterSeconds: 60 });
  expect(await together).toEqual([{ kind: 'later', seconds: 60 }, { kind: 'accepted' }]);
  expect(await Promise.all([row(), row(paidEmail.id)])).toMatchObject([{ state: 'retryable', attempt: 1 }, { state: 'accepted', attempt: 1 }]);
  expect(await sends()).toEqual({ kind: 'accepted' });
  expect([sms.sent.length, email.sent.length]).toEqual([2, 1]);
});

test('a letter is accepted once it is written; it carries its date and whom to ask', async () => {
  const asked: Message[] = [];
  const watching: Renderer = { render: (message) => (asked.push(message), renderer.render(message)) };
  const letter: Notification = { id: 'formal-notice-1-letter', kind: 'formal-notice', seq: 1, channel: 'letter', to: { party: 'party-1' }, facts: { documents: [{ kind: 'driving-licence' }] } };
  expect(await sends(letter, watching)).toEqual({ kind: 'accepted' });
  expect(asked).toMatchObject([{ at: noticedAt, handler: { name: 'Staff C-301' }, recipient: { name: wang.name } }]);
  const [key = '', sealed = ''] = (await row(letter.id))?.sealed.split('\n') ?? [];
  expect(JSON.stringify(unseal(key, keyring, sealed, `${claim}/${letter.id}`))).toContain('Staff C-301');
});

test.each([
  [{ staff: 'C-301' }, 'C-301'],
  [{ role: 'supervisor' }, 'U-901'],
  [{ role: 'executive' }, 'E-701'],
])('staff (%o) are told by email at their own address, about the handler nothing', async (to, code) => {
  const asked: Message[] = [];
  const watching: Renderer = { render: (message) => (asked.push(message), renderer.render(message)) };
  const id = `escalation-${code}-email`;
  const escalation: Notification = { id, kind: 'escalation', seq: 1, channel: 'email', to, facts: { stalled: { what: 'survey', from: 'surveyor', since: noticedAt } } };
  expect(await sends(escalation, watching)).toEqual({ kind: 'accepted' });
  expect(email.sent).toMatchObject([{ to: { address: `${code.toLowerCase()}@staff.example` }, mandatory: true, reference: `${claim}/${id}` }]);
  expect(asked[0]).not.toHaveProperty('handler');
});
