import type { Database } from '../database.ts';
import { contactTurnedOut } from './ledger.ts';
import { contactHashing } from '../keys/contact-key.ts';
import { isStillTheirs } from '../parties/addressed.ts';
import type { Offset } from '../../domain/time/calendar.ts';
import { moves, type MoveName } from '../../domain/messages/ledger.ts';
import { isMandatory, partsOf, type UndeliverableWhy } from '../../domain/messages/notifications.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Keyring } from '../../security/keyring.ts';
import { present } from '../../domain/present.ts';

/**
 * A provider's report about a message of ours. `id` is the report's own, so that a repeated report counts
 * once.
 */
export interface DeliveryReport {
  id: string;
  /** The reference of the message, as it was sent with it. */
  reference: string;
  providerId: string;
  outcome: 'on-its-way' | 'delivered' | 'undelivered' | 'bounced';
  at: Instant;
  code?: string;
  why?: UndeliverableWhy;
  /** A repeat may succeed after this time. */
  again?: Offset;
}

/** Twilio's code for a number that has answered STOP. */
const optedOut = '21610';

const movesOf: Record<DeliveryReport['outcome'], MoveName> = {
  'on-its-way': 'accept',
  delivered: 'deliver',
  undelivered: 'notDeliver',
  bounced: 'bounce',
};

/**
 * Keeps a delivery report before it is forwarded. The report proves that the message was sent, so it also
 * completes a row whose sender got no answer. `unknown`: no message of ours; `kept`: the claim does not need
 * it; `to-forward`: the claim needs it.
 */
export async function keepDeliveryReport(
  database: Database,
  keyring: Keyring,
  report: DeliveryReport,
): Promise<'unknown' | 'kept' | 'to-forward'> {
  const { from, to } = moves[movesOf[report.outcome]];
  const message = reportForClaim(await aboutTheirContact(database, keyring, report));
  const [row] = await database.$queryRaw<{ moved: boolean | null }[]>`
    SELECT keep_delivery_report(
      ${report.id}, ${report.reference}, ${to}, ${from}, ${report.providerId}, ${report.code ?? null},
      ${message ? JSON.stringify(message) : null}::jsonb
    ) AS moved`;
  if (typeof row?.moved !== 'boolean') return 'unknown';
  if (row.moved && report.why === 'contact')
    await contactTurnedOut(
      database,
      report.reference,
      report.code === optedOut ? 'opted-out' : 'unusable',
      report.code ?? report.outcome,
    );
  return row.moved && message ? 'to-forward' : 'kept';
}

/** A fault of a former contact says nothing about the present one, so it is left out. */
const aboutTheirContact = async (
  database: Database,
  keyring: Keyring,
  { why, ...report }: DeliveryReport,
): Promise<DeliveryReport> =>
  why && (why !== 'contact' || (await isStillTheirs(database, keyring, report.reference)))
    ? { ...report, why }
    : report;

/**
 * The report for the claim, if it must act: the message did not arrive, or a mandatory message arrived, and
 * the law counts from its arrival.
 */
function reportForClaim({ reference, outcome, at, code, why, again }: DeliveryReport): object | undefined {
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

/** Whether the message was sent to one of these addresses. */
export async function wasSentToOneOf(
  database: Database,
  keyring: Keyring,
  reference: string,
  addresses: string[],
): Promise<boolean> {
  const row = await database.notification.findUnique({ where: { reference }, select: { contact: true } });
  const hashContact = await contactHashing(database, keyring);
  return row?.contact != null && addresses.map(hashContact).includes(row.contact);
}

/** The reference of the message whose provider id begins with this one. */
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
