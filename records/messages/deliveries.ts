import type { Database } from '../database.ts';
import { contactTurnedOut } from './ledger.ts';
import { isStillTheirs } from '../parties/addressed.ts';
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
export interface DeliveryReport {
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

const movesOf: Record<DeliveryReport['outcome'], MoveName> = {
  'on-its-way': 'accept',
  delivered: 'deliver',
  undelivered: 'notDeliver',
  bounced: 'bounce',
};

/**
 * Keeps what a provider reports, before anybody is told of it. A delivery report proves that the message went out, so
 * it also heals a row
 * whose sender never heard an answer. `unknown`: no message of ours; `kept`: nobody need hear of it;
 * `to-tell`: its claim does.
 */
export async function keepDeliveryReport(
  database: Database,
  keyring: Keyring,
  report: DeliveryReport,
): Promise<'unknown' | 'kept' | 'to-tell'> {
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
  return row.moved && message ? 'to-tell' : 'kept';
}

/**
 * What an address turned out to be that they have changed since says nothing of the one that they have now.
 */
const aboutTheirContact = async (
  database: Database,
  keyring: Keyring,
  { why, ...report }: DeliveryReport,
): Promise<DeliveryReport> =>
  why && (why !== 'contact' || (await isStillTheirs(database, keyring, report.reference)))
    ? { ...report, why }
    : report;

/**
 * A claim hears what it must act on: that something did not arrive, and when arrived what the law counts
 * from.
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
