import type { Database } from '../database.ts';
import type { ContactEvent } from './ledger.ts';
import { contactHashing } from '../keys/contact-key.ts';
import { belongsTo, type AddressedMessage } from '../parties/addressed.ts';
import type { PartyRow } from '../parties/parties.ts';
import type { Keyring } from '../../security/keyring.ts';
import { keepForClaim } from '../inbox/inbox.ts';

/** A party of an open claim that we have written to under a contact. */
export interface Reached {
  claim: string;
  party: string;
}

interface Turn {
  contact: string;
  channel: 'sms' | 'email';
  kind: ContactEvent;
  /**
   * Whence it is known: the text that somebody sent, a provider's code, a form. Never a number or an address.
   */
  source: string;
  by: string;
  /** Of what says so, so that it counts once. */
  id: string;
}

/** Who of open claims has this contact, and has not another one by now; whom we wrote to last comes first. */
export async function reachedAt(
  database: Database,
  keyring: Keyring,
  contact: string,
  channel: 'sms' | 'email',
): Promise<Reached[]> {
  const rows = await database.$queryRaw<(PartyRow & AddressedMessage)[]>`
    SELECT p.id, p.key, p.sealed, p.locale, p.time_zone AS "timeZone", n.claim, n.channel, n.contact
    FROM notification n
    JOIN claim c ON c.number = n.claim AND c.outcome IS NULL
    JOIN party p ON p.claim = n.claim AND p.id = n.recipient
    WHERE n.contact = ${contact} AND n.channel = ${channel}
    GROUP BY p.claim, p.id, n.claim, n.channel, n.contact
    ORDER BY max(n.taken_at) DESC NULLS LAST`;
  const hashContact = await contactHashing(database, keyring);
  return rows
    .filter((row) => belongsTo(row, keyring, hashContact))
    .map(({ claim, id }) => ({ claim, party: id }));
}

/** Whose claims have all closed, or who has another number by now: whom we wrote to last under this one. */
export async function lastWrittenTo(database: Database, contact: string): Promise<Reached | undefined> {
  const row = await database.notification.findFirst({
    where: { contact, channel: 'sms' },
    orderBy: { plannedAt: 'desc' },
    select: { claim: true, recipient: true },
  });
  return row ? { claim: row.claim, party: row.recipient } : undefined;
}

/**
 * A contact has opted out, or in again, or turned out unusable: from this moment nothing more is sent there,
 * or is again; every
 * open claim that writes to it is told, so that it goes by another way.
 */
export async function contactTurns(
  database: Database,
  keyring: Keyring,
  { contact, channel, kind, source, by, id }: Turn,
): Promise<Reached[]> {
  const reached = await reachedAt(database, keyring, contact, channel);
  const standing = kind === 'opted-in' || kind === 'usable' ? 'restored' : 'lost';
  await database.$transaction(async (transaction) => {
    // A STOP that is handed on twice must not undo the START between.
    const { count } = await transaction.inbox.createMany({
      data: [{ id, kind: 'standing', forwardedAt: new Date() }],
      skipDuplicates: true,
    });
    if (count === 0) return;
    await transaction.contactEvent.create({ data: { contact, channel, kind, source, by } });
    // A preference is looked up when something is sent; the way is not lost.
    if (kind === 'unsubscribed') return;
    for (const { claim, party } of reached)
      await keepForClaim(
        transaction,
        {
          id: `${id}:${claim}:${party}`,
          claim,
          name: 'contact-turned-out',
          fields: { party, channel, standing, code: kind },
        },
        'standing',
      );
  });
  return reached;
}
