import { isMandatory, type Notification } from '../../domain/messages/notifications.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { SendAnswer } from '../../providers/ports.ts';
import type { Database } from '../../records/database.ts';
import { leaseMessages, moveMessage, type Leased } from '../../records/messages/ledger.ts';
import { openFiles } from '../../records/parties/recipients.ts';
import type { About, Desk, Outlets, SendingTogether, SendOutcome } from './contract.ts';
import { keepOutcome, keptOutcome } from './outcome.ts';
import { prepare, unsealed, type Said } from './prepare.ts';

/** One outcome for each, in order; one that fails takes no other with it. */
export async function sendAll(
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
