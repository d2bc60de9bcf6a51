import { z } from 'zod';
import { hashOf } from '../../domain/hash.ts';
import type { Keyring } from '../../security/keyring.ts';
import { unseal } from '../../security/sealing.ts';
import type { Database } from '../database.ts';

/** What only PostgreSQL knows about a party, sealed under the party's own key. */
export const contact = z.object({
  name: z.string(),
  phone: z.string().optional(),
  email: z.string().optional(),
  account: z.string().optional(),
  /** Accounts that were given later, by the fingerprint under which the claim knows them. */
  accounts: z.record(z.string(), z.string()).optional(),
});
export type Contact = z.infer<typeof contact>;

export interface ReadContact extends Contact {
  locale: string;
  timeZone: string;
}

export interface PartyRow {
  id: string;
  key: string;
  sealed: string;
  locale: string;
  timeZone: string;
}

/** Throws when there is no such party, or when the party was erased: its key is gone. */
export const contactOf = async (
  database: Database,
  keyring: Keyring,
  claim: string,
  party: string,
): Promise<ReadContact> =>
  openedParty(
    await database.party.findUniqueOrThrow({ where: { claim_id: { claim, id: party } } }),
    keyring,
    claim,
  );

export const openedParty = (
  { id, key, sealed, locale, timeZone }: PartyRow,
  keyring: Keyring,
  claim: string,
): ReadContact => ({ ...contact.parse(unseal(key, keyring, sealed, `${claim}/${id}`)), locale, timeZone });

/** Stands for a bank account where numbers may not go: journal, state and messages. */
export const fingerprintOf = (claim: string, party: string, account: string): string =>
  hashOf({ claim, party, account });

/** The account that was approved under this fingerprint; undefined when the records hold no such account. */
export function accountOf(
  { account, accounts }: Contact,
  claim: string,
  party: string,
  fingerprint: string,
): string | undefined {
  const later = accounts?.[fingerprint];
  return (
    later ??
    (account !== undefined && fingerprintOf(claim, party, account) === fingerprint ? account : undefined)
  );
}
