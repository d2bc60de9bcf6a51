import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import type { Notification, NotificationOutcome } from '../domain/notifications.ts';
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

export interface NotificationActivities {
  sendNotification(sending: Sending): Promise<NotificationOutcome>;
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
  return {
    async sendNotification(sending) {
      const row = await plan(database, keyring, renderer, sending);
      if ('kind' in row) return row;
      const taken = await lease(database, row.reference);
      if (!taken) return keptOutcome(database, row.reference);
      const said = saidBefore.parse(unseal(row.key, keyring, row.sealed, row.reference));
      const answer = await hand(outlets, sending, said, row.reference);
      return keepOutcome(database, row.reference, answer);
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
}

/** The ledger's row: rendered once and pinned, so that a retry says the same words. */
async function plan(database: Database, keyring: Keyring, renderer: Renderer, { about, notification, now }: Sending): Promise<Planned | NotificationOutcome> {
  const { kind, seq, channel } = notification;
  const reference = `${about.number}/${notification.id}`;
  const found = await database.notification.findUnique({ where: { reference } });
  if (found) return split(found.reference, found.sealed);
  const to = await addressOf(database, keyring, about, notification);
  if (!to) return { kind: 'suppressed', reason: `no-${channel}-address` };
  const handler = 'party' in notification.to ? await handlerOf(database, about.handler) : undefined;
  const rendered = renderer.render({ kind, channel, locale: to.locale, timeZone: to.timeZone, facts: notification.facts, claim: about, recipient: { name: to.name }, at: now, ...(handler && { handler }) });
  const key = newPartyKey(keyring);
  const said: Said = { to, text: rendered.text, ...(rendered.subject && { subject: rendered.subject }), ...(rendered.html && { html: rendered.html }) };
  const sealed = `${key}\n${seal(key, keyring, said, reference)}`;
  const row = {
    claim: about.number, kind, seq, channel, reference, recipient: to.recipient, template: rendered.template, locale: to.locale, sealed,
    bodySha256: createHash('sha256').update(rendered.text).digest('hex'), state: 'planned', plannedAt: now,
  };
  await database.notification.createMany({ data: [row], skipDuplicates: true });
  const kept = await database.notification.findUniqueOrThrow({ where: { reference } });
  return split(kept.reference, kept.sealed);
}

/** Whom a party may ask for. */
const handlerOf = (database: Database, code: string): Promise<{ name: string } | null> => database.person.findUnique({ where: { code }, select: { name: true } });

const split = (reference: string, both: string): Planned => {
  const [key = '', sealed = ''] = both.split('\n');
  return { reference, key, sealed };
};

/** One sender at a time, by a conditional update; false when it was sent, or may have been. */
async function lease(database: Database, reference: string): Promise<boolean> {
  const { count } = await database.notification.updateMany({
    where: { reference, state: { in: ['planned', 'retryable'] } },
    data: { state: 'sending', leaseUntil: new Date(Date.now() + leaseMs), attempt: { increment: 1 } },
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
  return email.send({ to: { name: to.name, address: to.email ?? '' }, subject: subject ?? '', text, html: html ?? '', reference, mandatory: kind !== 'documents-reminder' });
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

/** Tried again when the provider says so, where it does; else as the activity's retries have it. */
function busy(reference: string, { code, retryAfterSeconds }: Extract<SendAnswer, { kind: 'busy' }>): ApplicationFailure {
  const seconds = retryAfterSeconds && Math.min(Math.max(retryAfterSeconds, 1), longestWaitSeconds);
  return ApplicationFailure.create({ message: `${reference}: the provider is busy (${code})`, type: 'ProviderBusy', ...(seconds && { nextRetryDelay: `${seconds} seconds` }) });
}
