import type { Database } from '../../activities/database.ts';
import type { SmsDelivery } from '../../activities/outside/sms.ts';

/** States that a receipt may still change: what has ended (delivered, undelivered, refused) stays, whatever order receipts come in. */
const before: Record<SmsDelivery['kind'], string[]> = {
  'on-its-way': ['planned', 'retryable', 'sending', 'unknown'],
  delivered: ['planned', 'retryable', 'sending', 'unknown', 'accepted'],
  undelivered: ['planned', 'retryable', 'sending', 'unknown', 'accepted'],
};

const states: Record<SmsDelivery['kind'], string> = { 'on-its-way': 'accepted', delivered: 'delivered', undelivered: 'undelivered' };

/**
 * Keeps what a provider reports about a message of ours. A receipt proves that the message went out, so it also heals a row whose
 * sender never heard an answer, and gives it the provider's id. False for a message that is not in the ledger.
 */
export async function keepReceipt(database: Database, reference: string, { providerId, delivery }: { providerId: string; delivery: SmsDelivery }): Promise<boolean> {
  const row = await database.notification.findUnique({ where: { reference }, select: { providerId: true } });
  if (!row) return false;
  const data = {
    state: states[delivery.kind], at: new Date(), leaseUntil: null,
    errorCode: delivery.kind === 'undelivered' ? delivery.code : null,
    ...(row.providerId === null && { providerId }),
  };
  await database.notification.updateMany({ where: { reference, state: { in: before[delivery.kind] } }, data });
  return true;
}
