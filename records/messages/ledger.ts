import { moves, type MessageState, type MoveName } from '../../domain/messages/ledger.ts';
import type { Caps, NotificationFacts } from '../../domain/messages/notifications.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Prisma } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';

/**
 * A new row, with the columns' names. For a row that is in the ledger already: only its reference, or also
 * its new contact.
 */
export type Intended = { reference: string; not_before?: Instant } & (
  NewRow | Readdressed | { sealed?: never }
);

/** It was planned for a contact that has changed since. */
interface Readdressed {
  resealed: string;
  contact: string;
  sealed?: never;
}

export interface NewRow {
  claim: string;
  kind: string;
  seq: number;
  channel: string;
  recipient: string;
  template: string;
  locale: string;
  sealed: string;
  body_sha256: string;
  purpose: string;
  facts: NotificationFacts;
  contact: string | null;
}

/**
 * `ours`: to be sent now, and only by us while the lease runs. `sealed` is the text that was pinned when the
 * message was planned.
 */
export type Leased =
  | { outcome: 'ours'; sealed: string | null }
  | { outcome: 'waits'; until: Instant }
  | { outcome: 'kept'; state: MessageState; code: string | null; runs: boolean | null };

/**
 * Longer than the activity may run. So an expired lease means that the sender died and the message was
 * perhaps sent.
 */
const leaseSeconds = 60;

/**
 * Plans the messages that are not planned yet, and leases those that may be sent now. The database function
 * `lease_messages` decides.
 */
export async function leaseMessages(
  database: Database,
  messages: Intended[],
  now: Instant,
  caps: Caps,
): Promise<Map<string, Leased>> {
  const values = [JSON.stringify(messages), now, leaseSeconds, caps.smsADay, caps.hoursBetweenChases];
  const [row] = await database.prepared<{ answers: ({ reference: string } & Leased)[] }>(
    'lease-messages',
    'SELECT lease_messages($1::jsonb, $2::timestamptz, $3::int, $4::int, $5::int) AS answers',
    values,
  );
  return new Map(row?.answers.map((answer) => [answer.reference, answer]));
}

/** Keeps the line of a message that was sent, or may have been, where the records have lost it. */
export async function keepSentMessage(
  database: Database,
  message: NewRow & { reference: string },
  state: 'accepted' | 'unknown',
  at: Instant,
): Promise<void> {
  await database.prepared('keep-sent-message', keepingSent, [JSON.stringify(message), state, at]);
}

const keepingSent = `
  INSERT INTO notification (
      claim, kind, seq, channel, reference, recipient, template, locale, sealed, body_sha256,
      state, attempt, planned_at, taken_at, purpose, facts, contact)
    SELECT claim, kind, seq, channel, reference, recipient, template, locale, sealed, body_sha256,
      $2, 0, $3::timestamptz, $3::timestamptz, purpose, facts, contact
    FROM jsonb_populate_record(NULL::notification, $1::jsonb)
    ON CONFLICT DO NOTHING`;

export interface ProviderAnswer {
  code?: string;
  providerId?: string;
  segments?: number;
}

/**
 * Changes the state of a message, if its present state allows it. Otherwise it changes nothing and gives
 * false.
 */
export async function moveMessage(
  database: Database,
  reference: string,
  name: MoveName,
  { code, providerId, segments }: ProviderAnswer = {},
): Promise<boolean> {
  const { from, to } = moves[name];
  const moved = await database.prepared('move-message', moving, [
    reference,
    from,
    to,
    code ?? null,
    segments ?? null,
    providerId ?? null,
  ]);
  return moved.length === 1;
}

const moving = `
  UPDATE notification SET
    state = $3, at = clock_timestamp(), lease_until = NULL, error_code = $4,
    segments = COALESCE($5::int, segments), provider_id = COALESCE(provider_id, $6)
  WHERE reference = $1 AND state = ANY($2)
  RETURNING reference`;

/** Whether the contact of this message has opted out or is unusable. */
export async function isContactLost(database: Database, reference: string): Promise<boolean> {
  const [latest] = await database.$queryRaw<{ kind: ContactEvent }[]>`
    SELECT e.kind FROM notification n
    JOIN contact_event e ON e.contact = n.contact AND e.channel = n.channel
    WHERE n.reference = ${reference} ORDER BY e.id DESC LIMIT 1`;
  return latest?.kind === 'opted-out' || latest?.kind === 'unusable';
}

/**
 * A fact about a contact, valid for all claims from now on. It comes from a provider's rejection (`lipei`) or
 * from a person.
 */
export type ContactEvent = 'opted-out' | 'opted-in' | 'unsubscribed' | 'unusable' | 'usable';

/** Keeps a fact about the contact of this message. */
export async function contactTurnedOut(
  database: Database | Prisma.TransactionClient,
  reference: string,
  kind: ContactEvent,
  source: string,
): Promise<void> {
  await database.$executeRaw`
    INSERT INTO contact_event (contact, channel, kind, source, by)
    SELECT contact, channel, ${kind}, ${source}, 'lipei' FROM notification
    WHERE reference = ${reference} AND contact IS NOT NULL`;
}
