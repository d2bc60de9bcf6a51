import type { Database } from '../database.ts';
import { contactTurnedOut } from './ledger.ts';
import { isStillTheirs } from '../parties/recipients.ts';
import type { Offset } from '../../domain/time/calendar.ts';
import { moves, type MoveName } from '../../domain/messages/ledger.ts';
import { isMandatory, partsOf, type UndeliverableWhy } from '../../domain/messages/notifications.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Keyring } from '../../security/keyring.ts';
import { present } from '../../domain/present.ts';

/**
 * What a provider reports about a message of ours. `id` is its own, so that a report that comes twice counts
 * once.
 */
export interface Receipt {
  id: string;
  /** The message's, as it travelled with it. */
  reference: string;
  providerId: string;
  outcome: 'on-its-way' | 'delivered' | 'undelivered' | 'bounced';
  at: Instant;
  code?: string;
  why?: UndeliverableWhy;
  /** The same may get through after so long. */
  again?: Offset;
}

/** Twilio's code for whoever has answered STOP. */
const optedOut = '21610';

const movesOf: Record<Receipt['outcome'], MoveName> = {
  'on-its-way': 'accept',
  delivered: 'deliver',
  undelivered: 'notDeliver',
  bounced: 'bounce',
};

/**
 * Keeps what a provider reports, before anybody is told of it. A receipt proves that the message went out, so
 * it also heals a row
 * whose sender never heard an answer. `unknown`: no message of ours; `kept`: nobody need hear of it;
 * `to-tell`: its claim does.
 */
export async function keepReceipt(
  database: Database,
  keyring: Keyring,
  receipt: Receipt,
): Promise<'unknown' | 'kept' | 'to-tell'> {
  const { from, to } = moves[movesOf[receipt.outcome]];
  const message = toTell(await aboutTheirContact(database, keyring, receipt));
  const [row] = await database.$queryRaw<{ moved: boolean | null }[]>`
    SELECT keep_receipt(
      ${receipt.id}, ${receipt.reference}, ${to}, ${from}, ${receipt.providerId}, ${receipt.code ?? null},
      ${message ? JSON.stringify(message) : null}::jsonb
    ) AS moved`;
  if (typeof row?.moved !== 'boolean') return 'unknown';
  if (row.moved && receipt.why === 'contact')
    await contactTurnedOut(
      database,
      receipt.reference,
      receipt.code === optedOut ? 'opted-out' : 'unusable',
      receipt.code ?? receipt.outcome,
    );
  return row.moved && message ? 'to-tell' : 'kept';
}

/**
 * What an address turned out to be that they have changed since says nothing of the one that they have now.
 */
const aboutTheirContact = async (
  database: Database,
  keyring: Keyring,
  { why, ...receipt }: Receipt,
): Promise<Receipt> =>
  why && (why !== 'contact' || (await isStillTheirs(database, keyring, receipt.reference)))
    ? { ...receipt, why }
    : receipt;

/**
 * A claim hears what it must act on: that something did not arrive, and when arrived what the law counts
 * from.
 */
function toTell({ reference, outcome, at, code, why, again }: Receipt): object | undefined {
  const notification = reference.split('/')[1] ?? '';
  const kind = partsOf(notification)?.kind;
  const matters =
    outcome === 'undelivered' ||
    outcome === 'bounced' ||
    (outcome === 'delivered' && kind && isMandatory(kind));
  return matters
    ? {
        name: 'delivery-reported',
        notification,
        outcome,
        arrived: at,
        ...present({ code, why, again }),
      }
    : undefined;
}

/** The message that a provider knows under this id, or one that begins so, by its own reference. */
export async function referenceOf(
  database: Database,
  channel: 'sms' | 'email',
  providerId: string,
): Promise<string | undefined> {
  const row = await database.notification.findFirst({
    where: { channel, providerId: { startsWith: providerId } },
    select: { reference: true },
  });
  return row?.reference;
}
