import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import type { MessageState } from '../domain/messages/ledger.ts';
import {
  isMandatory,
  purposeOf,
  type Caps,
  type LedgerOutcome,
  type Notification,
  type NotificationFacts,
  type UndeliverableWhy,
} from '../domain/messages/notifications.ts';
import type { Instant } from '../domain/time/time.ts';
import type { Keyring } from '../security/keyring.ts';
import { newPartyKey, seal, unseal } from '../security/sealing.ts';
import { earliest, type ContactHours } from './contact-hours.ts';
import type { Database } from '../records/database.ts';
import {
  contactTurnedOut,
  isContactLost,
  leaseMessages,
  moveMessage,
  type Intended,
  type Leased,
} from '../records/messages/ledger.ts';
import type { EmailPort, SendAnswer, SmsInquiryPort, SmsPort } from '../providers/ports.ts';
import {
  isStillTheirs,
  openFiles,
  type Address,
  type Files,
  type PlannedRow,
} from '../records/parties/recipients.ts';
import type { Renderer } from '../wording/renderer/renderer.ts';
import { present } from '../domain/present.ts';

/** What a message needs to know about its claim. */
export interface About {
  number: string;
  line: string;
  /** Whose law and whose hotline. */
  jurisdiction: string;
  currency: string;
  handler: string;
  branch: string;
  /** Its customers are told their handler's direct line (S28). */
  isMajor?: boolean;
  items: { id: string; object: string }[];
  contactHours: ContactHours;
  caps: Caps;
}

/** Several that may go at once: each to another recipient or by another channel. */
export interface SendingTogether {
  about: About;
  notifications: Notification[];
  now: Instant;
}

export interface Sending {
  about: About;
  notification: Notification;
  now: Instant;
  /** It is tried seldom and for ever already: a provider that refuses us is one more attempt, no news. */
  isHeld?: boolean;
  /** What it says has become idle while it waited. */
  isIdle?: boolean;
}

export type SendOutcome =
  | LedgerOutcome
  /**
   * Not now: nobody took it, or its recipient may not be addressed at this hour. To be sent on its own in so
   * many seconds.
   */
  | { kind: 'later'; seconds: number; why: string }
  /** It may have gone out. To be cleared up in a while, when a receipt has had time to come. */
  | { kind: 'uncertain'; code: string };

export interface NotificationActivities {
  sendNotification(sending: Sending): Promise<SendOutcome>;
  /** One outcome for each, in order. */
  sendTogether(sending: SendingTogether): Promise<SendOutcome[]>;
  /**
   * Finds out what became of a message whose sending nobody answered: by its receipt, else by asking the
   * provider.
   */
  clearUp(of: { claim: string; notification: string }): Promise<LedgerOutcome>;
}

export interface Outlets {
  sms: SmsPort & SmsInquiryPort;
  email: EmailPort;
}

/** What all parts work with. */
interface Desk extends Outlets {
  database: Database;
  keyring: Keyring;
  renderer: Renderer;
}

/**
 * Sends each intended message at most once: its row is written and rendered first, leased, then sent with no
 * transaction open, then
 * its outcome is kept (effects.md §1). Run again it gives the outcome that is kept; a lease that ran out
 * means that it may be out.
 */
export function notificationActivities(
  database: Database,
  keyring: Keyring,
  renderer: Renderer,
  outlets: Outlets,
): NotificationActivities {
  const desk = { database, keyring, renderer, ...outlets };
  return {
    async sendNotification({ about, notification, now, isHeld, isIdle }) {
      if (isIdle) return dropped(desk, `${about.number}/${notification.id}`);
      const [outcome] = await sendAll(desk, { about, notifications: [notification], now });
      if (outcome?.status === 'fulfilled') return outcome.value;
      throw isHeld ? outcome?.reason : alarming(outcome?.reason);
    },
    async sendTogether(sending) {
      const outcomes = await sendAll(desk, sending);
      return outcomes.map((outcome) =>
        outcome.status === 'fulfilled'
          ? outcome.value
          : { kind: 'later', seconds: waitOf(outcome.reason), why: 'busy' },
      );
    },
    clearUp: ({ claim, notification }) => clearUp(desk, `${claim}/${notification}`),
  };
}

/** What is pinned in the ledger: to whom and in which words. */
const saidBefore = z.object({
  to: z.object({ name: z.string(), phone: z.string().optional(), email: z.string().optional() }),
  subject: z.string().optional(),
  text: z.string(),
  html: z.string().optional(),
});
type Said = z.infer<typeof saidBefore>;

interface Prepared {
  intended: Intended;
  /** Rendered just now; undefined where it was before. */
  said?: Said;
}

async function sendAll(
  desk: Desk,
  { about, notifications, now }: SendingTogether,
): Promise<PromiseSettledResult<SendOutcome>[]> {
  const { database, keyring } = desk;
  const files = await openFiles(database, keyring, about, notifications);
  const prepared = notifications.map((notification) => prepare(desk, files, { about, notification, now }));
  const leased = await leaseMessages(
    database,
    prepared.flatMap((each) => each?.intended ?? []),
    now,
    about.caps,
  );
  return Promise.allSettled(
    notifications.map((notification, index) => {
      const { intended, said } = prepared[index] ?? {};
      return intended
        ? send(
            desk,
            { notification, reference: intended.reference, said, now },
            leased.get(intended.reference),
          )
        : unreachable(database, about, notification);
    }),
  );
}

/** It waited, and what it would say has become idle. */
async function dropped(desk: Desk, reference: string): Promise<SendOutcome> {
  const isMoved = await moveMessage(desk.database, reference, 'suppress', { code: 'idle' });
  return isMoved ? { kind: 'suppressed', reason: 'idle' } : keptNow(desk, reference);
}

const noAddress = /^no-\w+-address$/;

/** Whoever had such an address when it was planned has it no longer. */
async function unreachable(
  database: Database,
  { number }: About,
  { id, channel }: Notification,
): Promise<SendOutcome> {
  const code = `no-${channel}-address`;
  await moveMessage(database, `${number}/${id}`, 'suppress', { code });
  return { kind: 'undeliverable', why: 'contact', code };
}

/**
 * The ledger's row to be, rendered once and pinned, so that a retry says the same words; its reference, and
 * where it goes now, if it is there.
 */
function prepare(
  { keyring, renderer }: Desk,
  files: Files,
  { about, notification, now }: Sending,
): Prepared | undefined {
  const { kind, seq, channel, insteadOf } = notification;
  const reference = `${about.number}/${notification.id}`;
  const to = files.addressOf(notification);
  const not_before = to && earliest(notification, to.timeZone, about.contactHours, now);
  const before = files.planned(reference);
  if (before && (to || before.sealed === null || !('party' in notification.to)))
    return {
      intended: { reference, ...present({ not_before }), ...(to ? readdressed(keyring, before, to) : {}) },
    };
  if (!to) return undefined;
  const facts: NotificationFacts = {
    ...(insteadOf ? files.planned(`${about.number}/${insteadOf}`)?.facts : {}),
    ...notification.facts,
  };
  const rendered = renderer.render({
    kind,
    channel,
    locale: to.locale,
    timeZone: to.timeZone,
    facts,
    claim: about,
    recipient: { name: to.name },
    at: now,
    ...present({ handler: 'party' in notification.to && files.handler ? files.handler : undefined }),
  });
  const key = newPartyKey(keyring);
  const said: Said = {
    to,
    text: rendered.text,
    ...present({ subject: rendered.subject, html: rendered.html }),
  };
  return {
    said,
    intended: {
      claim: about.number,
      kind,
      seq,
      channel,
      reference,
      recipient: to.recipient,
      template: rendered.template,
      locale: to.locale,
      sealed: `${key}\n${seal(key, keyring, said, reference)}`,
      body_sha256: createHash('sha256').update(rendered.text).digest('hex'),
      purpose: purposeOf[kind],
      facts,
      contact: to.contact,
      ...present({ not_before }),
    },
  };
}

/** The same words to another contact, if theirs has changed while the message waited. */
function readdressed(
  keyring: Keyring,
  { reference, contact, sealed }: PlannedRow,
  to: Address,
): { resealed: string; contact: string } | undefined {
  if (sealed === null || contact === null || to.contact === null || contact === to.contact) return undefined;
  const key = newPartyKey(keyring);
  const said: Said = { ...unsealed(keyring, reference, sealed), to };
  return { resealed: `${key}\n${seal(key, keyring, said, reference)}`, contact: to.contact };
}

interface OneSending {
  notification: Notification;
  reference: string;
  said: Said | undefined;
  now: Instant;
}

async function send(
  desk: Desk,
  { notification, reference, said, now }: OneSending,
  leased: Leased | undefined,
): Promise<SendOutcome> {
  if (!leased) throw new Error(`${reference} is not in the ledger`);
  if (leased.outcome === 'waits')
    return {
      kind: 'later',
      seconds: Math.max(1, Math.ceil((Date.parse(leased.until) - Date.parse(now)) / 1000)),
      why: 'hours',
    };
  if (leased.outcome === 'kept') return keptOutcome(desk, reference, leased);
  const words = leased.sealed === null ? said : unsealed(desk.keyring, reference, leased.sealed);
  if (!words) throw new Error(`${reference} has no words`);
  return keepOutcome(desk, reference, await hand(desk, notification, words, reference));
}

function unsealed(keyring: Keyring, reference: string, both: string): Said {
  const [key = '', sealed = ''] = both.split('\n');
  return saidBefore.parse(unseal(key, keyring, sealed, reference));
}

/** Letters are accepted when they are written: posting is a person's work, and the claim waits for it. */
async function hand(
  { sms, email }: Outlets,
  { channel, kind }: Notification,
  { to, subject, text, html }: Said,
  reference: string,
): Promise<SendAnswer> {
  if (channel === 'letter') return { kind: 'accepted', providerId: reference };
  if (channel === 'sms') return sms.send({ to: to.phone ?? '', body: text, reference });
  return email.send({
    to: { name: to.name, address: to.email ?? '' },
    subject: subject ?? '',
    text,
    html: html ?? '',
    reference,
    mandatory: isMandatory(kind),
  });
}

/** What a row that nobody may send any more says; a sender that died leaves one that may be out. */
async function keptOutcome(
  desk: Desk,
  reference: string,
  { state, code, runs }: { state: MessageState; code: string | null; runs?: boolean | null },
): Promise<SendOutcome> {
  switch (state) {
    case 'sending':
      if (runs) throw new Error(`${reference} is being sent`);
      await moveMessage(desk.database, reference, 'lose', { code: 'sender-died' });
      return { kind: 'uncertain', code: 'sender-died' };
    case 'unknown':
      return { kind: 'uncertain', code: code ?? '' };
    case 'accepted':
    case 'delivered':
      return { kind: 'accepted' };
    case 'suppressed':
      return turnedDown(code ?? '');
    case 'planned':
    case 'retryable':
      throw new Error(`${reference} is to be sent again`);
    default:
      return {
        kind: 'undeliverable',
        why: (await isContactLost(desk.database, reference)) ? await blamed(desk, reference) : 'content',
        code: code ?? state,
      };
  }
}

/** A contact that they no longer have is not lost to them. */
const blamed = async ({ database, keyring }: Desk, reference: string): Promise<UndeliverableWhy> =>
  (await isStillTheirs(database, keyring, reference)) ? 'contact' : 'content';

/** What is not sent by this channel: another may bring it, unless nobody need hear it. */
function turnedDown(code: string): SendOutcome {
  if (code === 'opted-out' || code === 'unusable' || noAddress.test(code))
    return { kind: 'undeliverable', why: 'contact', code };
  return code === 'enough-today'
    ? { kind: 'undeliverable', why: 'content', code }
    : { kind: 'suppressed', reason: code };
}

/**
 * A provider that refuses us, not the recipient, holds the message: people must mend that, and it was
 * certainly not sent.
 */
async function keepOutcome(desk: Desk, reference: string, answer: SendAnswer): Promise<SendOutcome> {
  const { database } = desk;
  const isOurFault = answer.kind === 'refused' && answer.why === 'configuration';
  const move = {
    accepted: 'accept',
    refused: isOurFault ? 'postpone' : 'refuse',
    busy: 'postpone',
    unknown: 'lose',
  } as const;
  if (answer.kind === 'refused' && !isOurFault) await learnFrom(database, reference, answer);
  const isMoved = await moveMessage(database, reference, move[answer.kind], answer);
  // A receipt came before this line: then the row is further on already, and what it says holds.
  if (!isMoved) return keptNow(desk, reference);
  switch (answer.kind) {
    case 'accepted':
      return { kind: 'accepted' };
    case 'unknown':
      return { kind: 'uncertain', code: answer.code };
    case 'busy':
      throw busy(reference, answer);
    default:
      if (isOurFault)
        throw ApplicationFailure.create({
          type: providerRefusesUs,
          message: `${reference}: the provider refuses us (${answer.code})`,
        });
      return {
        kind: 'undeliverable',
        code: answer.code,
        why: answer.why === 'content' ? 'content' : await blamed(desk, reference),
      };
  }
}

const learnFrom = async (
  database: Database,
  reference: string,
  { why, code }: Extract<SendAnswer, { kind: 'refused' }>,
): Promise<void> =>
  why === 'content'
    ? undefined
    : contactTurnedOut(database, reference, why === 'opted-out' ? 'opted-out' : 'unusable', code);

async function keptNow(desk: Desk, reference: string): Promise<SendOutcome> {
  const {
    state,
    errorCode: code,
    leaseUntil,
  } = await desk.database.notification.findUniqueOrThrow({ where: { reference } });
  return keptOutcome(desk, reference, {
    state: state as MessageState,
    code,
    runs: leaseUntil !== null && leaseUntil > new Date(),
  }); // oxlint-disable-line no-unsafe-type-assertion -- only `moves` writes it
}

/** Far more than a message waits at a provider. */
const searchBackMs = 24 * 3_600_000;

async function clearUp(desk: Desk, reference: string): Promise<LedgerOutcome> {
  const row = await desk.database.notification.findUniqueOrThrow({ where: { reference } });
  if (row.state === 'unknown' && row.channel === 'sms') {
    const { to, text } = unsealed(desk.keyring, reference, row.sealed);
    const found = await desk.sms.find({
      to: to.phone ?? '',
      body: text,
      since: new Date(row.at.getTime() - searchBackMs).toISOString(),
    });
    if (found.kind === 'busy') throw busy(reference, found);
    const providerId = await firstUnknown(desk.database, found.providerIds);
    if (providerId) await moveMessage(desk.database, reference, 'accept', { providerId });
  }
  const outcome = await keptNow(desk, reference);
  return outcome.kind === 'uncertain' || outcome.kind === 'later'
    ? { kind: 'lost', code: row.errorCode ?? '' }
    : outcome;
}

/** The same words may have gone out before, under another row. */
async function firstUnknown(database: Database, providerIds: string[]): Promise<string | undefined> {
  const known = await database.notification.findMany({
    where: { channel: 'sms', providerId: { in: providerIds } },
    select: { providerId: true },
  });
  return providerIds.find((id) => !known.some(({ providerId }) => providerId === id));
}

const longestWaitSeconds = 3600;
const usualWaitSeconds = 5;

/** The type of a failure that tells operations at once: nothing that is sent gets through. */
const providerRefusesUs = 'ProviderRefusesUs';

const alarming = (fault: unknown): unknown =>
  fault instanceof ApplicationFailure && fault.type === providerRefusesUs
    ? ApplicationFailure.nonRetryable(fault.message, providerRefusesUs)
    : fault;

const waitOf = (fault: unknown): number =>
  fault instanceof ApplicationFailure && typeof fault.details?.[0] === 'number'
    ? fault.details[0]
    : usualWaitSeconds;

/** Tried again when the provider says so, where it does; else as the activity's retries have it. */
function busy(
  reference: string,
  { code, retryAfterSeconds }: { code: string; retryAfterSeconds?: number },
): ApplicationFailure {
  const seconds = retryAfterSeconds
    ? Math.min(Math.max(retryAfterSeconds, 1), longestWaitSeconds)
    : undefined;
  return ApplicationFailure.create({
    message: `${reference}: the provider is busy (${code})`,
    type: 'ProviderBusy',
    ...(seconds === undefined ? {} : { nextRetryDelay: `${seconds} seconds`, details: [seconds] }),
  });
}
