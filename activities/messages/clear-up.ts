import type { LedgerOutcome } from '../../domain/messages/notifications.ts';
import type { Database } from '../../records/database.ts';
import { partyKey } from '../../records/parties/parties.ts';
import { moveMessage } from '../../records/messages/ledger.ts';
import type { Sender } from './contract.ts';
import { busy, keptNow } from './outcome.ts';
import { unsealed } from './prepare.ts';

/** Far longer than a message waits at a provider. */
const searchBackMs = 24 * 3_600_000;

/** Finds the outcome by the delivery report, else by the provider's list; `lost` when neither has it. */
export async function clearUp(sender: Sender, reference: string): Promise<LedgerOutcome> {
  const row = await sender.database.notification.findUniqueOrThrow({ where: { reference } });
  const key = await partyKey(sender.database, row.claim, row.recipient);
  // Without its recipient's key, nobody knows any more what to look for.
  if (row.state === 'unknown' && row.channel === 'sms' && key !== undefined) {
    const { to, text } = unsealed(sender.keyring, key, reference, row.sealed);
    const found = await sender.sms.find({
      to: to.phone ?? '',
      body: text,
      since: new Date(row.at.getTime() - searchBackMs).toISOString(),
    });
    if (found.kind === 'busy') throw busy(reference, found);
    const providerId = await firstUnknown(sender.database, found.providerIds);
    if (providerId) await moveMessage(sender.database, reference, 'accept', { providerId });
  }
  const outcome = await keptNow(sender, reference);
  return outcome.kind === 'uncertain' || outcome.kind === 'later'
    ? { kind: 'lost', code: row.errorCode ?? '' }
    : outcome;
}

/** The same text may have been sent before, under another row. */
async function firstUnknown(database: Database, providerIds: string[]): Promise<string | undefined> {
  const known = await database.notification.findMany({
    where: { channel: 'sms', providerId: { in: providerIds } },
    select: { providerId: true },
  });
  return providerIds.find((id) => !known.some(({ providerId }) => providerId === id));
}
