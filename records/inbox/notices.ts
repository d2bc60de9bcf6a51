import { z } from 'zod';
import type { Database } from '../database.ts';
import type { Keyring } from '../../security/keyring.ts';
import { unseal } from '../../security/sealing.ts';
import { openedParty } from '../parties/parties.ts';
import type { KeptNotice } from '../../client/own-api/schemas/personal.ts';

const sealedNotice = z.object({
  reference: z.string(),
  place: z.string(),
  description: z.string(),
});

/**
 * The words of a notice of loss: place and description, the reference at its source, the plates of vehicles.
 * A plate lies with the party of its item. Undefined when there is none, or when its first party was erased.
 */
export async function noticeOf(
  database: Database,
  keyring: Keyring,
  claim: string,
): Promise<KeptNotice | undefined> {
  const [notice, parties] = await Promise.all([
    database.notice.findUnique({ where: { claim } }),
    database.party.findMany({ where: { claim, key: { not: '' } } }),
  ]);
  const first = parties.find(({ id }) => id === notice?.party);
  if (!notice || !first) return undefined;
  const { source, at, sealed } = notice;
  const plates = parties.map((party) => openedParty(party, keyring, claim).plates ?? {});
  return {
    source,
    at: at.toISOString(),
    plates: Object.fromEntries(plates.flatMap((each) => Object.entries(each))),
    ...sealedNotice.parse(unseal(first.key, keyring, sealed, `${claim}/notice`)),
  };
}
