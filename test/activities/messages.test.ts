import { join } from 'node:path';
import { partyKey } from '../../records/parties/parties.ts';
import { connectDatabase, type Database } from '../../records/database.ts';
import type { Sending } from '../../activities/messages/contract.ts';
import { notificationActivities } from '../../activities/messages/messages.ts';
import { sendBatch } from '../../activities/messages/send.ts';
import { createRenderer, type Renderer } from '../../wording/renderer/renderer.ts';
import type { Message } from '../../wording/renderer/message.ts';
import { keepDeliveryReport } from '../../records/messages/deliveries.ts';
import { projectRoot } from '../../config/env.ts';
import { notificationKinds, type Notification } from '../../domain/messages/notifications.ts';
import { contactHashing, type HashContact } from '../../records/keys/contact-key.ts';
import { newPartyKey, seal, unseal } from '../../security/sealing.ts';
import { noticedAt } from '../support/builders.ts';
import { canary, wang } from '../support/notices.ts';
import {
  recordingEmail,
  recordingSms,
  type RecordingEmail,
  type RecordingSms,
} from '../support/recording.ts';
import { keepRecords } from '../support/records.ts';
import { ownDatabase } from '../support/runtime.ts';
import { testKeyring } from '../support/test-keyring.ts';
import { present } from '../../domain/present.ts';

const keyring = testKeyring();
const renderer = createRenderer(join(projectRoot, 'templates'));
let database: Database,
  hashContact: HashContact,
  sms: RecordingSms,
  email: RecordingEmail,
  claims = 0,
  claim = '',
  phone = '',
  address = '';

beforeAll(async () => {
  database = connectDatabase(await ownDatabase());
  await keepRecords(database);
  hashContact = await contactHashing(database, keyring);
});
afterAll(() => database.$disconnect());

beforeEach(async () => {
  [sms, email, claims] = [recordingSms(), recordingEmail(), claims + 1];
  claim = `LTELL-${String(claims).padStart(5, '0')}`;
  // What is found out about a telephone holds for every claim: each test has its own.
  [phone, address] = [
    `+86138${String(claims).padStart(8, '0')}`,
    `${canary}${claims}@example.com`.toLowerCase(),
  ];
  await keepContact({ name: wang.name, phone, email: address });
});

async function keepContact(
  contact: { name: string; phone?: string; email?: string },
  timeZone = 'Asia/Shanghai',
): Promise<void> {
  const key = (await partyKey(database, claim, 'party-1')) ?? newPartyKey(keyring);
  const row = {
    claim,
    id: 'party-1',
    role: 'policyholder',
    locale: 'en',
    timeZone,
    key,
    sealed: seal(key, keyring, contact, `${claim}/party-1`),
  };
  await database.party.upsert({ where: { claim_id: { claim, id: 'party-1' } }, create: row, update: row });
}

const paidSms: Notification = {
  id: 'paid-1-sms',
  kind: 'paid',
  seq: 1,
  channel: 'sms',
  to: { party: 'party-1' },
  facts: { item: 'item-1', amountMinor: 320_000 },
};
const anyHour = { from: 0, to: 24 * 60 };
/** More than any of these tests says to one person. */
const uncapped = { smsADay: 1_000, hoursBetweenChases: 1 };
const sending = (notification = paidSms): Sending => ({
  about: {
    contactHours: anyHour,
    number: claim,
    line: 'motor',
    jurisdiction: 'CN',
    currency: 'CNY',
    caps: uncapped,
    handler: 'C-301',
    branch: 'longkou',
    items: [{ id: 'item-1', object: 'insured-vehicle' }],
  },
  notification,
  now: noticedAt,
});
const sends = (notification = paidSms, by: Renderer = renderer) =>
  notificationActivities({ database, keyring, renderer: by, sms, email }).sendNotification(
    sending(notification),
  );
const row = (id = paidSms.id) => database.notification.findUnique({ where: { reference: `${claim}/${id}` } });

test('the row is there, rendered and leased, before anything goes out, and nothing is locked meanwhile', async () => {
  let before: unknown;
  sms.send = async (message) => {
    before = await row();
    await database.notification.update({ where: { reference: message.reference }, data: { segments: 9 } });
    return { kind: 'accepted', providerId: `SM-${claim}`, segments: 1 };
  };
  expect(await sends()).toEqual({ kind: 'accepted' });
  expect(before).toMatchObject({
    state: 'sending',
    attempt: 1,
    template: 'en/paid.sms',
    recipient: 'party-1',
    bodySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(await row()).toMatchObject({
    state: 'accepted',
    providerId: `SM-${claim}`,
    segments: 1,
    leaseUntil: null,
    plannedAt: new Date(noticedAt),
  });
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
  expect(
    outcomes
      .flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []))
      .every((reason) => reason.includes('is being sent')),
  ).toBe(true);
});

test('a sender that died leaves a message that perhaps went out: it is unknown, for good, and not sent again', async () => {
  sms.send = () => Promise.reject(new Error('the process died'));
  await expect(sends()).rejects.toThrow('died');
  sms = recordingSms();
  await expect(sends()).rejects.toThrow('is being sent');
  await database.notification.update({
    where: { reference: `${claim}/paid-1-sms` },
    data: { leaseUntil: new Date(Date.now() - 1000) },
  });
  expect(await sends()).toEqual({ kind: 'uncertain', code: 'sender-died' });
  expect(await sends()).toMatchObject({ kind: 'uncertain' });
  expect(sms.sent).toEqual([]);
  expect(await row()).toMatchObject({ state: 'unknown' });
});

test.each([
  [1800, '1800 seconds'],
  [100_000, '3600 seconds'],
  [-3, '1 seconds'],
  [undefined, undefined],
])(
  'a busy provider is thrown, to be tried again after %s seconds as it says, within an hour',
  async (retryAfterSeconds, nextRetryDelay) => {
    sms.answers.push({
      kind: 'busy',
      code: '429',
      ...present({ retryAfterSeconds }),
    });
    await expect(sends()).rejects.toMatchObject({
      type: 'ProviderBusy',
      nonRetryable: false,
      ...present({ nextRetryDelay }),
    });
    expect(await row()).toMatchObject({ state: 'retryable', errorCode: '429', leaseUntil: null });
    expect(await sends()).toEqual({ kind: 'accepted' });
    expect(await row()).toMatchObject({ state: 'accepted', attempt: 2 });
  },
);

test('the words are pinned: a retry says the same, whatever has changed since; a number that was corrected meanwhile is used at once', async () => {
  sms.answers.push({ kind: 'busy', code: '429' });
  await expect(sends()).rejects.toThrow('busy');
  const corrected = phone.replace('+86138', '+86137');
  await keepContact({ name: wang.name, phone: corrected });
  const otherWords: Renderer = { render: () => ({ template: 'en/paid.sms', text: 'other words' }) };
  expect(await sends(paidSms, otherWords)).toEqual({ kind: 'accepted' });
  expect(sms.sent[1]).toEqual({ ...sms.sent[0], to: corrected });
  expect(await row()).toMatchObject({ contact: hashContact(corrected), attempt: 2 });
  await keepDeliveryReport(database, keyring, {
    id: `later-${claim}`,
    reference: `${claim}/paid-1-sms`,
    providerId: `SM-${claim}`,
    outcome: 'undelivered',
    code: '30005',
    why: 'contact',
    at: noticedAt,
  });
  expect(
    await database.contactEvent.findMany({
      where: { contact: { in: [hashContact(phone), hashContact(corrected)] } },
    }),
  ).toMatchObject([{ contact: hashContact(corrected), kind: 'unusable' }]);
});

test('whose number was taken away while a text waited is not written to at it', async () => {
  sms.answers.push({ kind: 'busy', code: '429' });
  await expect(sends()).rejects.toThrow('busy');
  await keepContact({ name: wang.name, email: address });
  for (let times = 0; times < 2; times += 1)
    expect(await sends()).toEqual({ kind: 'undeliverable', why: 'contact', code: 'no-sms-address' });
  expect([sms.sent.length, await row()]).toMatchObject([
    1,
    { state: 'suppressed', errorCode: 'no-sms-address' },
  ]);
});

test('what a former number turns out to be is kept of that number, and the claim does not lose the one that they have now', async () => {
  await sends();
  await keepContact({ name: wang.name, phone: phone.replace('+86138', '+86137') });
  await keepDeliveryReport(database, keyring, {
    id: `former-${claim}`,
    reference: `${claim}/paid-1-sms`,
    providerId: `SM-${claim}`,
    outcome: 'undelivered',
    code: '30005',
    why: 'contact',
    at: noticedAt,
  });
  expect(await database.inbox.findUniqueOrThrow({ where: { id: `former-${claim}` } })).toMatchObject({
    message: { outcome: 'undelivered', code: '30005' },
  });
  expect(
    (await database.inbox.findUniqueOrThrow({ where: { id: `former-${claim}` } })).message,
  ).not.toHaveProperty('why');
  expect(await database.contactEvent.findMany({ where: { contact: hashContact(phone) } })).toMatchObject([
    { kind: 'unusable' },
  ]);
});

test('a number that is corrected while the provider refuses the former one is not blamed for it', async () => {
  sms.send = async () => {
    await keepContact({ name: wang.name, phone: phone.replace('+86138', '+86137') });
    return { kind: 'rejected', why: 'recipient', code: '21614' };
  };
  for (let times = 0; times < 2; times += 1)
    expect(await sends()).toEqual({ kind: 'undeliverable', why: 'content', code: '21614' });
});

test.each([
  [
    'refused for good',
    { kind: 'rejected', why: 'recipient', code: '21211' } as const,
    { kind: 'undeliverable', code: '21211', why: 'contact' },
    'failed',
  ],
  [
    'refused for its words',
    { kind: 'rejected', why: 'content', code: '30007' } as const,
    { kind: 'undeliverable', code: '30007', why: 'content' },
    'failed',
  ],
  [
    'perhaps sent',
    { kind: 'unknown', code: 'timeout' } as const,
    { kind: 'uncertain', code: 'timeout' },
    'unknown',
  ],
])('%s each attempt reports it, and it is not sent again', async (_, answer, outcome, state) => {
  sms.answers.push(answer);
  expect(await sends()).toEqual(outcome);
  expect(await sends()).toEqual(outcome);
  expect(sms.sent).toHaveLength(1);
  expect(await row()).toMatchObject({ state });
});

test.each([
  ['accepted', { kind: 'accepted', providerId: 'ignored' } as const],
  ['perhaps sent', { kind: 'unknown', code: 'timeout' } as const],
])(
  "a receipt that comes before the provider's answer (%s) is not overwritten, and counts",
  async (_, answer) => {
    sms.send = async ({ reference }) => {
      await keepDeliveryReport(database, keyring, {
        id: `early-${claim}`,
        reference,
        providerId: `SM-early-${claim}`,
        outcome: 'delivered',
        at: noticedAt,
      });
      return answer;
    };
    expect(await sends()).toEqual({ kind: 'accepted' });
    expect(await row()).toMatchObject({ state: 'delivered', providerId: `SM-early-${claim}` });
  },
);

test('a party that the channel does not reach gets nothing, and nothing is kept', async () => {
  await keepContact({ name: wang.name });
  expect(await sends()).toEqual({ kind: 'undeliverable', why: 'contact', code: 'no-sms-address' });
  expect(sms.sent).toEqual([]);
  expect(await row()).toBeNull();
});

test('the text is sealed in the row: neither name, number nor words can be read without the key, nor under another reference', async () => {
  await sends();
  const kept = await row();
  const [key, sealed = ''] = [(await partyKey(database, claim, 'party-1')) ?? '', kept?.sealed];
  expect(unseal(key, keyring, sealed, `${claim}/paid-1-sms`)).toMatchObject({
    to: { name: wang.name, phone },
    text: sms.sent[0]?.body,
  });
  expect(() => unseal(key, keyring, sealed, `${claim}/paid-2-sms`)).toThrow('does not open');
  const text = JSON.stringify(kept);
  for (const personal of [canary, '王伟', phone.slice(1), 'example.com', sms.sent[0]?.body ?? '', '3,200'])
    expect(text).not.toContain(personal);
});

test('several go at once, each with its own outcome; one that a provider does not take now is left for later, and holds up no other', async () => {
  const paidEmail: Notification = { ...paidSms, id: 'paid-1-email', channel: 'email' };
  const { notification: _, ...rest } = sending();
  const together = sendBatch(
    { database, keyring, renderer, sms, email },
    { ...rest, overtaken: [], notifications: [paidSms, paidEmail] },
  );
  sms.answers.push({ kind: 'busy', code: '429', retryAfterSeconds: 60 });
  expect(await together).toEqual([{ kind: 'later', seconds: 60, why: 'busy' }, { kind: 'accepted' }]);
  expect(await Promise.all([row(), row(paidEmail.id)])).toMatchObject([
    { state: 'retryable', attempt: 1 },
    { state: 'accepted', attempt: 1 },
  ]);
  expect(await sends()).toEqual({ kind: 'accepted' });
  expect([sms.sent.length, email.sent.length]).toEqual([2, 1]);
});

/** What a later moment finds in the ledger. */
const cleared = (id = paidSms.id) =>
  notificationActivities({ database, keyring, renderer, sms, email }).clearUp({ claim, notification: id });
const planFrom = (
  kind: Notification['kind'],
  seq: number,
  change: Partial<Notification> = {},
): Notification => ({
  ...paidSms,
  id: `${kind}-${seq}-sms`,
  kind,
  seq,
  facts: { documents: [{ kind: 'driving-licence' }] },
  ...change,
});

test('what may have gone out is looked for at the provider, and found by an id that no other message has', async () => {
  await sends({ ...paidSms, id: 'paid-7-sms', seq: 7 });
  sms.answers.push({ kind: 'unknown', code: 'timeout' });
  expect(await sends()).toEqual({ kind: 'uncertain', code: 'timeout' });
  sms.taken.push(`SM-${claim}/paid-7-sms`, `SM-${claim}-lost`);
  expect(await cleared()).toEqual({ kind: 'accepted' });
  expect(await row()).toMatchObject({ state: 'accepted', providerId: `SM-${claim}-lost` });
});

test('what may have gone out and is found nowhere stays unknown; a receipt that comes meanwhile settles it', async () => {
  sms.answers.push({ kind: 'unknown', code: 'timeout' });
  await sends();
  expect(await cleared()).toEqual({ kind: 'lost', code: 'timeout' });
  expect(await row()).toMatchObject({ state: 'unknown' });
  await keepDeliveryReport(database, keyring, {
    id: `late-${claim}`,
    reference: `${claim}/paid-1-sms`,
    providerId: `SM-${claim}-late`,
    outcome: 'delivered',
    at: noticedAt,
  });
  expect(await cleared()).toEqual({ kind: 'accepted' });
});

test('a provider that cannot be asked is asked again later', async () => {
  sms.answers.push({ kind: 'unknown', code: 'timeout' });
  await sends();
  sms.find = async () => ({ kind: 'busy', code: '503' });
  await expect(cleared()).rejects.toMatchObject({ type: 'ProviderBusy' });
});

test('a provider that refuses us keeps the message unsent, and says so at once; the recipient is not blamed', async () => {
  sms.answers.push(
    { kind: 'rejected', why: 'configuration', code: '20003' },
    { kind: 'rejected', why: 'configuration', code: '20003' },
  );
  await expect(sends()).rejects.toMatchObject({ type: 'ProviderRejectsUs', nonRetryable: true });
  await expect(
    notificationActivities({ database, keyring, renderer, sms, email }).sendNotification({
      ...sending(),
      isBlocked: true,
    }),
  ).rejects.toMatchObject({ type: 'ProviderRejectsUs', nonRetryable: false });
  expect(await row()).toMatchObject({ state: 'retryable', errorCode: '20003' });
  expect(await sends()).toEqual({ kind: 'accepted' });
});

test.each([
  ['opted-out', { kind: 'rejected', why: 'opted-out', code: '21610' } as const],
  ['unusable', { kind: 'rejected', why: 'recipient', code: '21614' } as const],
])(
  'a telephone that turned out %s is written to no more, in no claim, until that changes',
  async (standing, answer) => {
    sms.answers.push(answer);
    await sends();
    const elsewhere = { ...paidSms, id: 'paid-2-sms', seq: 2 };
    expect(await sends(elsewhere)).toEqual({ kind: 'undeliverable', why: 'contact', code: standing });
    expect(await row(elsewhere.id)).toMatchObject({ state: 'suppressed', errorCode: standing, attempt: 0 });
    const { contact } = await database.notification.findUniqueOrThrow({
      where: { reference: `${claim}/paid-1-sms` },
    });
    await database.contactEvent.create({
      data: { contact: contact ?? '', channel: 'sms', kind: 'usable', source: 'called', by: 'C-301' },
    });
    expect(await sends({ ...paidSms, id: 'paid-3-sms', seq: 3 })).toEqual({ kind: 'accepted' });
  },
);

test("by night on the recipient's own clock a text waits until the morning; a party that has just reported a loss gets its text at once; email does not wait", async () => {
  const hours = { from: 8 * 60, to: 21 * 60 };
  const night = '2026-11-23T14:30:00.000Z'; // 22:30 in Shanghai
  const at = (notification: Notification, now: string) =>
    notificationActivities({ database, keyring, renderer, sms, email }).sendNotification({
      about: { ...sending().about, contactHours: hours },
      notification,
      now,
    });
  expect(await at(paidSms, night)).toEqual({ kind: 'later', seconds: 9.5 * 3600, why: 'hours' });
  expect(await row()).toMatchObject({
    state: 'planned',
    attempt: 0,
    notBefore: new Date('2026-11-24T00:00:00.000Z'),
  });
  expect(await at(paidSms, '2026-11-23T23:59:00.000Z')).toMatchObject({ kind: 'later', seconds: 60 });
  expect(
    await at(
      {
        ...planFrom('acknowledgement', 1),
        facts: { documents: [], expected: { decision: night, payment: night } },
      },
      night,
    ),
  ).toEqual({ kind: 'accepted' });
  expect(await at({ ...paidSms, id: 'paid-1-email', channel: 'email' }, night)).toEqual({ kind: 'accepted' });
  expect(await at(paidSms, '2026-11-24T00:00:00.000Z')).toEqual({ kind: 'accepted' });
});

test.each(['Asia/Shanghai', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland'])(
  'nobody in %s is woken: in the hours of a day and a night, among everything that goes to a party, only the acknowledgement comes as a text outside of contact hours there',
  async (timeZone) => {
    await keepContact({ name: wang.name, phone, email: address }, timeZone);
    const hours = { from: 8 * 60, to: 21 * 60 };
    const plain: Renderer = { render: () => ({ template: 'en/paid.sms', text: 'words' }) };
    const sender = { database, keyring, renderer: plain, sms, email };
    const caps = { smsADay: 10_000, hoursBetweenChases: 0 };
    const outside: string[] = [];
    let inside = 0;
    for (let hour = 0; hour < 24; hour += 1) {
      const now = new Date(Date.parse('2026-11-23T00:20:00.000Z') + hour * 3_600_000).toISOString();
      const seq = hour + 1;
      const again = planFrom('acknowledgement', seq + 100, { insteadOf: `acknowledgement-${seq}-email` });
      await sendBatch(sender, {
        overtaken: [],
        about: { ...sending().about, contactHours: hours, caps },
        notifications: [...notificationKinds.map((kind) => planFrom(kind, seq)), again],
        now,
      });
      const local = new Date(now).toLocaleTimeString('en-GB', {
        timeZone,
        hour: '2-digit',
        minute: '2-digit',
      });
      const isInside = local >= '08:00' && local < '21:00';
      const sent = sms.sent.splice(0).map(({ reference }) => reference.split('/')[1] ?? '');
      if (isInside) inside += sent.length;
      else outside.push(...sent.filter((id) => id !== `acknowledgement-${seq}-sms`));
    }
    expect([outside, inside]).toEqual([[], 13 * (notificationKinds.length + 1)]);
  },
);

const capped = (notification: Notification, now: string) =>
  notificationActivities({ database, keyring, renderer, sms, email }).sendNotification({
    about: { ...sending().about, caps: { smsADay: 3, hoursBetweenChases: 48 } },
    notification,
    now,
  });

test('a person gets so many optional texts a day, whatever the claim; another channel takes the rest, and mandatory messages are never held back', async () => {
  for (const hour of [1, 2, 3])
    expect(await capped(planFrom('surveyor-coming', hour), `2026-11-23T0${hour}:00:00.000Z`)).toEqual({
      kind: 'accepted',
    });
  expect(await capped(planFrom('surveyor-coming', 4), '2026-11-23T04:00:00.000Z')).toEqual({
    kind: 'undeliverable',
    why: 'content',
    code: 'enough-today',
  });
  expect(await capped(paidSms, '2026-11-23T05:00:00.000Z')).toEqual({ kind: 'accepted' });
  expect(await capped(planFrom('surveyor-coming', 5), '2026-11-24T05:30:00.000Z')).toEqual({
    kind: 'accepted',
  });
});

const chaseBy = (channel: 'sms' | 'email' | 'letter', seq: number): Notification =>
  planFrom('documents-reminder', seq, { id: `documents-reminder-${seq}-${channel}`, channel });

test.each(['sms', 'email', 'letter'] as const)(
  'a chase by %s so soon after the last one is left out, by whatever channel that was',
  async (channel) => {
    expect(await capped(chaseBy('sms', 1), '2026-11-20T01:00:00.000Z')).toEqual({ kind: 'accepted' });
    expect(await capped(chaseBy(channel, 2), '2026-11-20T02:00:00.000Z')).toEqual({
      kind: 'suppressed',
      reason: 'chased-just-now',
    });
    expect(await capped(chaseBy(channel, 3), '2026-11-22T02:00:00.000Z')).toEqual({ kind: 'accepted' });
  },
);

test('a chase that its channel did not bring goes by another one at once, and counts as one; the next is not held back by one that never arrived', async () => {
  sms.answers.push(
    { kind: 'rejected', why: 'content', code: '30007' },
    { kind: 'rejected', why: 'content', code: '30007' },
  );
  expect(await capped(chaseBy('sms', 1), '2026-11-20T01:00:00.000Z')).toMatchObject({
    kind: 'undeliverable',
  });
  expect(await capped(chaseBy('email', 1), '2026-11-20T01:01:00.000Z')).toEqual({ kind: 'accepted' });
  await database.notification.update({
    where: { reference: `${claim}/documents-reminder-1-email` },
    data: { state: 'bounced' },
  });
  expect(await capped(chaseBy('email', 2), '2026-11-20T03:00:00.000Z')).toEqual({ kind: 'accepted' });
});

const overtakes = (notification: Notification) =>
  notificationActivities({ database, keyring, renderer, sms, email }).sendNotification({
    ...sending(notification),
    isOvertaken: true,
  });

test('what waited and has been overtaken is not sent', async () => {
  sms.answers.push({ kind: 'busy', code: '429' });
  await expect(sends()).rejects.toThrow('busy');
  expect(await overtakes(paidSms)).toEqual({ kind: 'suppressed', reason: 'overtaken' });
  expect([await row(), sms.sent.length]).toMatchObject([{ state: 'suppressed', errorCode: 'overtaken' }, 1]);
});

test('what is overtaken before its first attempt leaves no row', async () => {
  expect(await overtakes(paidSms)).toEqual({ kind: 'suppressed', reason: 'overtaken' });
  expect([await row(), sms.sent]).toEqual([null, []]);
});

test('what has gone out cannot be overtaken any more: its outcome holds', async () => {
  expect(await sends()).toEqual({ kind: 'accepted' });
  expect(await overtakes(paidSms)).toEqual({ kind: 'accepted' });
  expect(await row()).toMatchObject({ state: 'accepted' });
});

test('another channel says what the first was about', async () => {
  await sends();
  expect(
    await sends({ ...paidSms, id: 'paid-1-email', channel: 'email', facts: {}, insteadOf: 'paid-1-sms' }),
  ).toEqual({ kind: 'accepted' });
  expect(email.sent[0]?.text).toContain('3,200');
});

/** Notes what is to be rendered. */
const watched = (asked: Message[]): Renderer => ({
  render(message) {
    asked.push(message);
    return renderer.render(message);
  },
});

test('a letter is accepted once it is written; it carries its date and its contact', async () => {
  const asked: Message[] = [];
  const watching = watched(asked);
  const letter: Notification = {
    id: 'formal-notice-1-letter',
    kind: 'formal-notice',
    seq: 1,
    channel: 'letter',
    to: { party: 'party-1' },
    facts: { documents: [{ kind: 'driving-licence' }] },
  };
  expect(await sends(letter, watching)).toEqual({ kind: 'accepted' });
  expect(asked).toMatchObject([
    { at: noticedAt, handler: { name: 'Staff C-301' }, recipient: { name: wang.name } },
  ]);
  const [key, sealed = ''] = [
    (await partyKey(database, claim, 'party-1')) ?? '',
    (await row(letter.id))?.sealed,
  ];
  expect(JSON.stringify(unseal(key, keyring, sealed, `${claim}/${letter.id}`))).toContain('Staff C-301');
});

test.each([
  ['Émilie 😀 O\u2019Brien', 'Émilie 😀 O\u2019Brien'],
  ['محمد علي', 'محمد علي'],
  ['Wang\u202Egnp.exe', 'Wanggnp.exe'],
  ['Wang\r\nBcc: thief@example.com', 'Wang Bcc: thief@example.com'],
])(
  'a person may be called %j: the email greets them so, and the text does not name them',
  async (name, greeted) => {
    await keepContact({ name, phone, email: address });
    await sends();
    await sends({ ...paidSms, id: 'paid-1-email', channel: 'email' });
    expect(email.sent[0]?.text).toContain(greeted);
    expect(email.sent[0]?.text.split('\n').filter((line) => line.startsWith('Bcc'))).toEqual([]);
    expect(sms.sent[0]?.body).not.toContain(name.slice(0, 4));
  },
);

test('a telephone of another country is written to like any other', async () => {
  await keepContact({ name: wang.name, phone: '+447911123456' });
  expect(await sends()).toEqual({ kind: 'accepted' });
  expect(sms.sent[0]?.to).toBe('+447911123456');
});
