import { isMandatory, type Notification } from '../../domain/messages/notifications.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { SendAnswer } from '../../providers/ports.ts';
import type { Database } from '../../records/database.ts';
import { leaseMessages, moveMessage, type Leased } from '../../records/messages/ledger.ts';
import { openFiles } from '../../records/parties/recipients.ts';
import type { ClaimContext, SendingBatch } from '../../domain/messages/outbox.ts';
import type { Sender, Outlets, SendOutcome } from './contract.ts';
import { patience, within } from '../patience.ts';
import { keepOutcome, keptOutcome, suppressed, waitOf } from './outcome.ts';
import { prepare, unsealed, type RenderedMessage } from './prepare.ts';

/**
 * One outcome for each, in order. A message that fails, or whose provider is slow, is then sent by itself. A
 * slow one is under lease meanwhile, so nobody else sends it.
 */
export async function sendBatch(sender: Sender, sending: SendingBatch): Promise<SendOutcome[]> {
  const { about, overtaken, notifications } = sending;
  const valid = notifications.filter(({ id }) => !overtaken.includes(id));
  const outcomes = new Map<string, SendOutcome>();
  for (const id of overtaken)
    outcomes.set(id, await suppressed(sender, `${about.number}/${id}`, 'overtaken'));
  const sent = valid.length > 0 ? await sendAll(sender, { ...sending, notifications: valid }, patiently) : [];
  for (const [index, { id }] of valid.entries()) outcomes.set(id, outcomeOf(sent[index]));
  return notifications.map(({ id }) => outcomes.get(id) ?? outcomeOf(undefined));
}

const slow = { kind: 'later', seconds: 5, why: 'slow' } as const;

const patiently = (sent: Promise<SendOutcome>): Promise<SendOutcome> => within(patience.ms, sent, slow);

const outcomeOf = (sent: PromiseSettledResult<SendOutcome> | undefined): SendOutcome =>
  sent?.status === 'fulfilled' ? sent.value : { kind: 'later', seconds: waitOf(sent?.reason), why: 'busy' };

/** One outcome for each, in order; a failure affects no other message. */
export async function sendAll(
  sender: Sender,
  { about, notifications, now }: Omit<SendingBatch, 'overtaken'>,
  waits = (sent: Promise<SendOutcome>): Promise<SendOutcome> => sent,
): Promise<PromiseSettledResult<SendOutcome>[]> {
  const { database, keyring } = sender;
  const files = await openFiles(database, keyring, about, notifications);
  const prepared = notifications.map((notification) => prepare(sender, files, { about, notification, now }));
  const leased = await leaseMessages(
    database,
    prepared.flatMap((each) => each?.intended ?? []),
    now,
    about.caps,
  );
  return Promise.allSettled(
    notifications.map((notification, index) => {
      const { intended, wording, key } = prepared[index] ?? {};
      return intended
        ? waits(
            send(
              sender,
              { notification, reference: intended.reference, wording, key, now },
              leased.get(intended.reference),
            ),
          )
        : unreachable(database, about, notification);
    }),
  );
}

/** The recipient had such an address when the message was planned, and has none now. */
async function unreachable(
  database: Database,
  { number }: ClaimContext,
  { id, channel }: Notification,
): Promise<SendOutcome> {
  const code = `no-${channel}-address`;
  await moveMessage(database, `${number}/${id}`, 'suppress', { code });
  return { kind: 'undeliverable', why: 'contact', code };
}

interface OneSending {
  notification: Notification;
  reference: string;
  wording: RenderedMessage | undefined;
  key: string | undefined;
  now: Instant;
}

async function send(
  sender: Sender,
  { notification, reference, wording, key = '', now }: OneSending,
  leased: Leased | undefined,
): Promise<SendOutcome> {
  if (!leased) throw new Error(`${reference} is not in the ledger`);
  if (leased.outcome === 'waits')
    return {
      kind: 'later',
      seconds: Math.max(1, Math.ceil((Date.parse(leased.until) - Date.parse(now)) / 1000)),
      why: 'hours',
    };
  if (leased.outcome === 'kept') return keptOutcome(sender, reference, leased);
  const words = leased.sealed === null ? wording : unsealed(sender.keyring, key, reference, leased.sealed);
  if (!words) throw new Error(`${reference} has no words`);
  return keepOutcome(sender, reference, await hand(sender, notification, words, reference));
}

/** A letter counts as accepted once it is written. A person posts it, and the claim waits for that. */
async function hand(
  { sms, email }: Outlets,
  { channel, kind }: Notification,
  { to, subject, text, html }: RenderedMessage,
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
