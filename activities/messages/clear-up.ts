import type { LedgerOutcome } from '../../domain/messages/notifications.ts';
import type { Database } from '../../records/database.ts';
import { moveMessage } from '../../records/messages/ledger.ts';
import type { Desk } from './contract.ts';
import { busy, keptNow } from './outcome.ts';
import { unsealed } from './prepare.ts';

/** Far more than a message waits at a provider. */
const searchBackMs = 24 * 3_600_000;

/** By its receipt, else by what the provider lists; `lost` when neither says. */
export async function clearUp(desk: Desk, reference: string): Promise<LedgerOutcome> {
  const row = await desk.database.notification.findUniqueOrThrow({ where: { reference } });
  if (row.state === 'unknown' && row.channel === 'sms') {
    const { to, text } = unsealed(desk.keyring, reference, row.sealed);
    const found = await desk.sms.find({
      to: to.phone ?? '',
      body: text,
      since: new Date(row.at.getTime() - searchBackMs).toISOString(),
    });
    if (found.kind === 'busy') throw busy(reference, found);
    const providerId = await firstUnknown(desk.database, found.providerIds);
    if (providerId) await moveMessage(desk.database, reference, 'accept', { providerId });
  }
  const outcome = await keptNow(desk, reference);
  return outcome.kind === 'uncertain' || outcome.kind === 'later'
    ? { kind: 'lost', code: row.errorCode ?? '' }
    : outcome;
}

/** The same words may have gone out before, under another row. */
async function firstUnknown(database: Database, providerIds: string[]): Promise<string | undefined> {
  const known = await database.notification.findMany({
    where: { channel: 'sms', providerId: { in: providerIds } },
    select: { providerId: true },
  });
  return providerIds.find((id) => !known.some(({ providerId }) => providerId === id));
}
