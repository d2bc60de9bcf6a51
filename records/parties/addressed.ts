import type { Keyring } from '../../security/keyring.ts';
import type { Database } from '../database.ts';
import { contactHashing, type HashContact } from '../keys/contact-key.ts';
import { openedParty, type PartyRow, type ReadContact } from './parties.ts';

/**
 * Whether the party still has the contact that this message was sent to. A fault of a former number or
 * mailbox says nothing about the present one.
 */
export async function isStillTheirs(
  database: Database,
  keyring: Keyring,
  reference: string,
): Promise<boolean> {
  const [row] = await database.$queryRaw<(PartyRow & AddressedMessage)[]>`
    SELECT p.id, p.key, p.sealed, p.locale, p.time_zone AS "timeZone", n.claim, n.channel, n.contact
    FROM notification n JOIN party p ON p.claim = n.claim AND p.id = n.recipient
    WHERE n.reference = ${reference}`;
  return !row || row.contact === null || belongsTo(row, keyring, await contactHashing(database, keyring));
}

/** The contact that a message to a party of a claim was sent to, as its hash. */
export interface AddressedMessage {
  claim: string;
  channel: string;
  contact: string | null;
}

export function belongsTo(
  { claim, channel, contact, ...party }: PartyRow & AddressedMessage,
  keyring: Keyring,
  hashContact: HashContact,
): boolean {
  const address = party.key === '' ? undefined : reachedBy(openedParty(party, keyring, claim), channel);
  return address !== undefined && hashContact(address) === contact;
}

/** The number or the address by which a channel reaches the party. */
export const reachedBy = (
  { phone, email }: Pick<ReadContact, 'phone' | 'email'>,
  channel: string,
): string | undefined => (channel === 'sms' ? phone : email);
