import { z } from 'zod';
import type { Database } from '../database.ts';
import type { Keyring } from '../../security/keyring.ts';
import { unseal } from '../../security/sealing.ts';
import type { KeptNotice } from '../../client/own-api/schemas/personal.ts';

const sealedNotice = z.object({
  place: z.string(),
  description: z.string(),
  /** Number plates, by item. */
  plates: z.record(z.string(), z.string()).optional(),
});

/**
 * The place and the description of the loss and the plates of vehicles, from its notice. Undefined when there
 * is none, or when it was erased.
 */
export async function noticeOf(
  database: Database,
  keyring: Keyring,
  claim: string,
): Promise<KeptNotice | undefined> {
  const notice = await database.notice.findUnique({ where: { claim } });
  const party =
    notice &&
    (await database.party.findUnique({
      where: { claim_id: { claim, id: notice.party } },
      select: { key: true },
    }));
  if (!notice || !party?.key) return undefined;
  const { source, reference, at, sealed } = notice;
  return {
    source,
    reference,
    at: at.toISOString(),
    ...sealedNotice.parse(unseal(party.key, keyring, sealed, `${claim}/notice`)),
  };
}
