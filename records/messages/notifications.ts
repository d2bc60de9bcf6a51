import { z } from 'zod';
import type { Database } from '../database.ts';
import type { Keyring } from '../../security/keyring.ts';
import { unseal } from '../../security/sealing.ts';
import type { NotificationText, ShownNotification } from '../../client/own-api/schemas/messages.ts';
import { partyKey } from '../parties/parties.ts';
import { present } from '../../domain/present.ts';

export type SentNotification =
  | {
      kind: 'found';
      notification: NotificationText & { locale: string };
    }
  | { kind: 'unknown' }
  | { kind: 'erased' };

/** The notifications of a claim, in the order of their planning. */
export async function notificationsOf(database: Database, claim: string): Promise<ShownNotification[]> {
  const rows = await database.notification.findMany({
    where: { claim },
    orderBy: [{ plannedAt: 'asc' }, { kind: 'asc' }, { seq: 'asc' }, { channel: 'asc' }],
    omit: { sealed: true },
  });
  return rows.map(listed);
}

/** One message with its text, as it was sent. */
export async function sentNotification(
  database: Database,
  keyring: Keyring,
  claim: string,
  id: string,
): Promise<SentNotification> {
  const row = await database.notification.findUnique({ where: { reference: `${claim}/${id}` } });
  if (!row) return { kind: 'unknown' };
  const key = await partyKey(database, claim, row.recipient);
  if (key === undefined) return { kind: 'erased' };
  return {
    kind: 'found',
    notification: {
      ...listed(row),
      locale: row.locale,
      ...sealedText.parse(unseal(key, keyring, row.sealed, row.reference)),
    },
  };
}

/** The party that a message was sent to; undefined for a message to staff and for an unknown one. */
export async function recipientOf(
  database: Database,
  claim: string,
  id: string,
): Promise<string | undefined> {
  const row = await database.notification.findUnique({
    where: { reference: `${claim}/${id}` },
    select: { recipient: true },
  });
  return row?.recipient.startsWith('party-') ? row.recipient : undefined;
}

const sealedText = z.object({
  subject: z.string().optional(),
  text: z.string(),
  html: z.string().optional(),
});

interface NotificationRow {
  kind: string;
  seq: number;
  channel: string;
  recipient: string;
  state: string;
  errorCode: string | null;
  at: Date;
  notBefore: Date | null;
}

const listed = ({
  kind,
  seq,
  channel,
  recipient,
  state,
  errorCode,
  at,
  notBefore,
}: NotificationRow): ShownNotification => ({
  id: `${kind}-${seq}-${channel}`,
  kind,
  channel,
  to: recipient,
  state,
  at: at.toISOString(),
  ...present({
    errorCode: errorCode ?? undefined,
    notBefore: state === 'planned' ? notBefore?.toISOString() : undefined,
  }),
});
