import { moves, type MessageState, type MoveName } from '../../domain/messages/ledger.ts';
import type { Caps, NotificationFacts } from '../../domain/messages/notifications.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Prisma } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';

/**
 * A row to be, with the columns' names; one that is in the ledger already is its reference alone, or where it
 * goes now.
 */
export type Intended = { reference: string; not_before?: Instant } & (
  NewRow | Readdressed | { sealed?: never }
);

/** It was planned for a contact that is no longer theirs. */
interface Readdressed {
  resealed: string;
  contact: string;
  sealed?: never;
}

interface NewRow {
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
 * `ours` is to be sent now, by nobody else for as long as the lease runs; `sealed` is what was pinned when it
 * was planned before.
 */
export type Leased =
  | { outcome: 'ours'; sealed: string | null }
  | { outcome: 'waits'; until: Instant }
  | { outcome: 'kept'; state: MessageState; code: string | null; runs: boolean | null };

/**
 * Longer than the activity may run: whoever finds the lease expired knows that the sender died, and that the
 * message may be out.
 */
const leaseSeconds = 60;

/**
 * Plans these messages where they are not planned yet, and takes those that may go now: the database's
 * function says which.
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

export interface ProviderAnswer {
  code?: string;
  providerId?: string;
  segments?: number;
}

/**
 * Moves a message on, if its state allows it: false when it is elsewhere already, and what stands there
 * holds.
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

/** Whether the contact that this message went to is one that nothing may, or can, be sent to. */
export async function isContactLost(database: Database, reference: string): Promise<boolean> {
  const [latest] = await database.$queryRaw<{ kind: ContactEvent }[]>`
    SELECT e.kind FROM notification n
    JOIN contact_event e ON e.contact = n.contact AND e.channel = n.channel
    WHERE n.reference = ${reference} ORDER BY e.id DESC LIMIT 1`;
  return latest?.kind === 'opted-out' || latest?.kind === 'unusable';
}

/**
 * What is known of a contact from here on, whatever the claim: `lipei` reads it off a provider's refusal, a
 * person says it.
 */
export type ContactEvent = 'opted-out' | 'opted-in' | 'unsubscribed' | 'unusable' | 'usable';

/** Of the contact that this message went to. */
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
