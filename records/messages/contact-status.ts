import type { Database } from '../database.ts';
import type { ContactEvent } from './ledger.ts';
import { contactHashing } from '../keys/contact-key.ts';
import { belongsTo, type AddressedMessage } from '../parties/addressed.ts';
import type { PartyRow } from '../parties/parties.ts';
import type { Keyring } from '../../security/keyring.ts';
import { keepForClaim } from '../inbox/inbox.ts';

/** A party of an open claim that messages were sent to at a contact. */
export interface Reached {
  claim: string;
  party: string;
}

interface Turn {
  contact: string;
  channel: 'sms' | 'email';
  kind: ContactEvent;
  /** The evidence: the keyword of a text, a provider's code, a form, or the note that has the words. */
  source: string;
  /** What the claims' journals say of it; absent: the kind. */
  code?: string;
  by: string;
  /** The id of the evidence, so that it counts once. */
  id: string;
}

/** The parties of open claims that still have this contact; the one of the latest message comes first. */
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

/**
 * The recipient of the latest text to this number, also if the claim has closed or the number has changed.
 */
export async function lastWrittenTo(database: Database, contact: string): Promise<Reached | undefined> {
  const row = await database.notification.findFirst({
    where: { contact, channel: 'sms' },
    orderBy: { plannedAt: 'desc' },
    select: { claim: true, recipient: true },
  });
  return row ? { claim: row.claim, party: row.recipient } : undefined;
}

/** Nothing is sent to this contact: it has opted out, or is unusable. */
export async function isLost(
  database: Database,
  contact: string,
  channel: 'sms' | 'email',
): Promise<boolean> {
  const latest = await database.contactEvent.findFirst({
    where: { contact, channel },
    orderBy: { id: 'desc' },
    select: { kind: true },
  });
  return latest?.kind === 'opted-out' || latest?.kind === 'unusable';
}

/**
 * Keeps an opt-out, an opt-in or the failure of a contact, which stops or allows messages to it from now on.
 * Every open claim with this contact gets a report, so that it uses another channel.
 */
export async function contactTurns(
  database: Database,
  keyring: Keyring,
  { contact, channel, kind, source, code = kind, by, id }: Turn,
): Promise<Reached[]> {
  const reached = await reachedAt(database, keyring, contact, channel);
  const standing = kind === 'opted-in' || kind === 'usable' ? 'restored' : 'lost';
  await database.$transaction(async (transaction) => {
    // A repeated STOP must not undo the START between.
    const { count } = await transaction.inbox.createMany({
      data: [{ id, kind: 'standing', forwardedAt: new Date() }],
      skipDuplicates: true,
    });
    if (count === 0) return;
    await transaction.contactEvent.create({ data: { contact, channel, kind, source, by } });
    // A preference is looked up at sending. The channel is not lost.
    if (kind === 'unsubscribed') return;
    for (const { claim, party } of reached)
      await keepForClaim(
        transaction,
        {
          id: `${id}:${claim}:${party}`,
          claim,
          name: 'contact-turned-out',
          fields: { party, channel, standing, code },
        },
        'standing',
      );
  });
  return reached;
}
