import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { isMandatory, type Notification, type NotificationOutcome } from '../domain/notifications.ts';
import type { Instant } from '../domain/time.ts';
import type { Keyring } from '../security/keyring.ts';
import { newPartyKey, seal, unseal } from '../security/sealing.ts';
import type { Database } from './database.ts';
import type { EmailPort, SendAnswer, SmsPort } from './outside/answers.ts';
import { addressOf } from './recipients.ts';
import type { Renderer } from './rendering.ts';

export interface Sending {
  about: { number: string; line: string; currency: string; pack: { name: string; version: number }; handler: string; branch: string; items: { id: string; object: string }[] };
  notification: Notification;
  now: Instant;
}

/** Several that may go at once: each to another recipient or by another channel. */
export type SendingTogether = Omit<Sending, 'notification'> & { notifications: Notification[] };

export interface NotificationActivities {
  sendNotification(sending: Sending): Promise<NotificationOutcome>;
  /** One outcome for each, in order; `later` is one that no provider took just now, to be sent on its own in so many seconds. */
  sendTogether(sending: SendingTogether): Promise<(NotificationOutcome | { kind: 'later'; seconds: number })[]>;
}

export interface Outlets {
  sms: SmsPort;
  email: EmailPort;
}

/** Longer than the activity may run: whoever finds the lease expired knows that the sender died, and that the message may be out. */
const leaseMs = 60_000;

/**
 * Sends one intended message at most once: its row is written and rendered first, leased, then sent with no transaction open, then
 * its outcome is kept (effects.md §1). Run again it gives the outcome that is kept; a lease that ran out means `unknown`.
 */
export function notificationActivities(database: Database, keyring: Keyring, renderer: Renderer, outlets: Outlets): NotificationActivities {
  const send = async (sending: Sending): Promise<NotificationOutcome> => {
    const row = await plan(database, keyring, renderer, sending);
    if ('kind' in row) return row;
    const isOurs = row.isLeased || (await lease(database, row.reference));
    if (!isOurs) return keptOutcome(database, row.reference);
    const said = saidBefore.parse(unseal(row.key, keyring, row.sealed, row.reference));
    const answer = await hand(outlets, sending, said, row.reference);
    return keepOutcome(database, row.reference, answer);
  };
  return {
    sendNotification: send,
    async sendTogether({ notifications, ...rest }) {
      const outcomes = await Promise.allSettled(notifications.map((notification) => send({ ...rest, notification })));
      return outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : { kind: 'later', seconds: waitOf(outcome.reason) }));
    },
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

interface Planned {
  reference: string;
  key: string;
  sealed: string;
  /** The row is new, and was written with the lease on it. */
  isLeased: boolean;
}

/** The ledger's row: rendered once and pinned, so that a retry says the same words. Whoever writes it holds its first lease. */
async function plan(database: Database, keyring: Keyring, renderer: Renderer, { about, notification, now }: Sending): Promise<Planned | NotificationOutcome> {
  const { kind, seq, channel } = notification;
  const reference = `${about.number}/${notification.id}`;
  const found = await database.notification.findUnique({ where: { reference } });
  if (found) return { ...split(found), isLeased: false };
  const to = await addressOf(database, keyring, about, notification);
  if (!to) return { kind: 'suppressed', reason: `no-${channel}-address` };
  const handler = 'party' in notification.to ? await handlerOf(database, about.handler) : undefined;
  const rendered = renderer.render({ kind, channel, locale: to.locale, timeZone: to.timeZone, facts: notification.facts, claim: about, recipient: { name: to.name }, at: now, ...(handler && { handler }) });
  const key = newPartyKey(keyring);
  const said: Said = { to, text: rendered.text, ...(rendered.subject && { subject: rendered.subject }), ...(rendered.html && { html: rendered.html }) };
  const sealed = `${key}\n${seal(key, keyring, said, reference)}`;
  const row = {
    claim: about.number, kind, seq, channel, reference, recipient: to.recipient, template: rendered.template, locale: to.locale, sealed,
    bodySha256: createHash('sha256').update(rendered.text).digest('hex'), plannedAt: now, ...leased(), attempt: 1,
  };
  const { count } = await database.notification.createMany({ data: [row], skipDuplicates: true });
  if (count === 1) return { ...split(row), isLeased: true };
  return { ...split(await database.notification.findUniqueOrThrow({ where: { reference } })), isLeased: false };
}

/** Whom a party may ask for. */
const handlerOf = (database: Database, code: string): Promise<{ name: string } | null> => database.person.findUnique({ where: { code }, select: { name: true } });

const split = ({ reference, sealed: both }: { reference: string; sealed: string }): Omit<Planned, 'isLeased'> => {
  const [key = '', sealed = ''] = both.split('\n');
  return { reference, key, sealed };
};

const leased = () => ({ state: 'sending', leaseUntil: new Date(Date.now() + leaseMs) });

/** One sender at a time, by a conditional update; false when it was sent, or may have been. */
async function lease(database: Database, reference: string): Promise<boolean> {
  const { count } = await database.notification.updateMany({
    where: { reference, state: { in: ['planned', 'retryable'] } },
    data: { ...leased(), attempt: { increment: 1 } },
  });
  return count === 1;
}

async function keptOutcome(database: Database, reference: string): Promise<NotificationOutcome> {
  const { state, errorCode, leaseUntil } = await database.notification.findUniqueOrThrow({ where: { reference } });
  if (state === 'sending' && leaseUntil && leaseUntil > new Date()) throw new Error(`${reference} is being sent`);
  if (state === 'planned' || state === 'retryable') throw new Error(`${reference} is to be sent again`);
  if (state === 'sending' || state === 'unknown') return keepOutcome(database, reference, { kind: 'unknown', code: errorCode ?? 'sender-died' });
  return state === 'failed' ? { kind: 'failed', code: errorCode ?? '' } : { kind: 'accepted' };
}

/** Letters are accepted when they are written: posting is a person's work, and the claim waits for it. */
async function hand({ sms, email }: Outlets, { notification: { channel, kind } }: Sending, { to, subject, text, html }: Said, reference: string): Promise<SendAnswer> {
  if (channel === 'letter') return { kind: 'accepted', providerId: reference };
  if (channel === 'sms') return sms.send({ to: to.phone ?? '', body: text, reference });
  return email.send({ to: { name: to.name, address: to.email ?? '' }, subject: subject ?? '', text, html: html ?? '', reference, mandatory: isMandatory(kind) });
}

/** A busy provider certainly has not sent it: the row goes back and the activity's retries come again. */
async function keepOutcome(database: Database, reference: string, answer: SendAnswer): Promise<NotificationOutcome> {
  const data = {
    leaseUntil: null,
    at: new Date(),
    ...('code' in answer && { errorCode: answer.code }),
    ...(answer.kind === 'accepted' && { providerId: answer.providerId, segments: answer.segments ?? null }),
  };
  const state = { accepted: 'accepted', refused: 'failed', busy: 'retryable', unknown: 'unknown' }[answer.kind];
  const { count } = await database.notification.updateMany({ where: { reference, state: { in: ['sending', 'unknown'] } }, data: { ...data, state } });
  // A receipt came before this line: then the row is further on already, and what it says holds.
  if (count === 0) return keptOutcome(database, reference);
  if (answer.kind === 'busy') throw busy(reference, answer);
  if (answer.kind === 'accepted') return { kind: 'accepted' };
  return answer.kind === 'refused' ? { kind: 'failed', code: answer.code } : { kind: 'unknown', code: answer.code };
}

const longestWaitSeconds = 3600;
const usualWaitSeconds = 5;

const waitOf = (fault: unknown): number => (fault instanceof ApplicationFailure && typeof fault.details?.[0] === 'number' ? fault.details[0] : usualWaitSeconds);

/** Tried again when the provider says so, where it does; else as the activity's retries have it. */
function busy(reference: string, { code, retryAfterSeconds }: Extract<SendAnswer, { kind: 'busy' }>): ApplicationFailure {
  const seconds = retryAfterSeconds && Math.min(Math.max(retryAfterSeconds, 1), longestWaitSeconds);
  return ApplicationFailure.create({ message: `${reference}: the provider is busy (${code})`, type: 'ProviderBusy', ...(seconds && { nextRetryDelay: `${seconds} seconds`, details: [seconds] }) });
}
