import type { Database } from '../database.ts';
import { rewrapContactKey } from '../../security/contact-hash.ts';
import type { Keyring } from '../../security/keyring.ts';
import { rewrapPartyKey } from '../../security/sealing.ts';
import { present } from '../../domain/present.ts';

/** The use of an encryption key. */
export interface KeyUse {
  id: string;
  /** Whether this process has it. */
  here: boolean;
  /** The number of parties' keys that it wraps. */
  parties: number;
  /** It wraps the secret of the contact hashes. */
  contacts: boolean;
  /** Texts of messages may be encrypted with it: no rewrapping has read all messages since its last use. */
  messages: boolean;
  /** The latest time at which a program may have encrypted with it; null if none ever did. */
  until: Date | null;
}

/** The size of a batch is that of one short transaction. */
const partiesAtOnce = 500;
const messagesAtOnce = 2_000;

/** Programs register their key every ten minutes. */
export const registeredWithinMs = 11 * 60_000;

/** From old to new; unused keys come last. */
export async function keyUses(database: Database, keyring: Keyring): Promise<KeyUse[]> {
  const rows = await database.$queryRaw<
    { id: string; parties: number; contacts: boolean; registered: Date | null; rewrapped: Date | null }[]
  >`
    SELECT id, encrypted_at AS registered, rewrapped_at AS rewrapped,
      (SELECT count(*)::int FROM party WHERE split_part(key, ':', 1) = encryption_key.id) AS parties,
      EXISTS (SELECT 1 FROM contact_key WHERE split_part(key, ':', 1) = encryption_key.id) AS contacts
    FROM encryption_key ORDER BY encrypted_from NULLS LAST, id`;
  return rows.map(({ id, parties, contacts, registered, rewrapped }) => {
    const until = registered && new Date(registered.getTime() + registeredWithinMs);
    return {
      id,
      here: keyring.find(id) !== undefined,
      parties,
      contacts,
      until,
      messages: until !== null && (rewrapped === null || rewrapped < until),
    };
  });
}

export interface Rewrapping {
  /** When the first batch of this rewrapping began. */
  began: string;
  /** The last message that was read; absent while parties remain. */
  message?: string;
}

export type Rewrapped =
  | { kind: 'rewrapped'; parties: number; messages: number; next?: Rewrapping }
  | { kind: 'not-newest'; newest: string };

/**
 * Rewraps one batch with the newest key: parties' keys, messages' keys, the secret of contacts. The sealed
 * data stay as they are. It may start again at any time and runs beside everything else. Rows that change
 * meanwhile are left for the next rewrapping.
 */
export async function rewrapBatch(
  database: Database,
  keyring: Keyring,
  { began, message }: Rewrapping,
): Promise<Rewrapped> {
  const known = await database.encryptionKey.findMany({
    orderBy: { encryptedFrom: { sort: 'desc', nulls: 'last' } },
  });
  const [{ newest }, latest] = [keyring, known.find(({ encryptedFrom }) => encryptedFrom)];
  // A process that started before a key was added would rewrap with the old key.
  if (latest && latest.id !== newest.id) return { kind: 'not-newest', newest: latest.id };
  const old = known.map(({ id }) => id).filter((id) => id !== newest.id && keyring.find(id));
  if (message === undefined) {
    await rewrapContacts(database, keyring);
    const parties = await rewrapParties(database, keyring, old);
    return {
      kind: 'rewrapped',
      parties,
      messages: 0,
      next: { began, ...present({ message: parties < partiesAtOnce ? '' : undefined }) },
    };
  }
  const { messages, last } = await rewrapMessages(database, keyring, old, message);
  if (last === undefined)
    await database.encryptionKey.updateMany({
      where: { id: { in: old } },
      data: { rewrappedAt: new Date(began) },
    });
  return {
    kind: 'rewrapped',
    parties: 0,
    messages,
    ...present({ next: last === undefined ? undefined : { began, message: last } }),
  };
}

async function rewrapContacts(database: Database, keyring: Keyring): Promise<void> {
  const kept = await database.contactKey.findUnique({ where: { id: 1 } });
  if (kept && !isUnder(kept.key, keyring))
    await database.contactKey.updateMany({
      where: { key: kept.key },
      data: { key: rewrapContactKey(kept.key, keyring) },
    });
}

/** Updates only rows with the key that was read, so a party who was erased meanwhile stays erased. */
async function rewrapParties(database: Database, keyring: Keyring, old: string[]): Promise<number> {
  const rows = await database.$queryRaw<
    { claim: string; id: string; key: string }[]
  >`SELECT claim, id, key FROM party WHERE split_part(key, ':', 1) = ANY(${old}) LIMIT ${partiesAtOnce}`;
  const anew = JSON.stringify(rows.map((row) => ({ ...row, anew: rewrapPartyKey(row.key, keyring) })));
  await database.$executeRaw`
    UPDATE party SET key = given.anew
    FROM jsonb_to_recordset(${anew}::jsonb) AS given(claim TEXT, id TEXT, key TEXT, anew TEXT)
    WHERE party.claim = given.claim AND party.id = given.id AND party.key = given.key`;
  return rows.length;
}

/** The first line of a sealed message is its key. */
async function rewrapMessages(
  database: Database,
  keyring: Keyring,
  old: string[],
  after: string,
): Promise<{ messages: number; last?: string }> {
  const rows = await database.$queryRaw<{ reference: string; key: string }[]>`
    SELECT reference, split_part(sealed, E'\n', 1) AS key FROM notification
    WHERE reference > ${after} ORDER BY reference LIMIT ${messagesAtOnce}`;
  const held = rows.filter(({ key }) => old.includes(key.split(':')[0] ?? ''));
  const anew = JSON.stringify(held.map((row) => ({ ...row, anew: rewrapPartyKey(row.key, keyring) })));
  await database.$executeRaw`
    UPDATE notification SET sealed = given.anew || substr(sealed, length(given.key) + 1)
    FROM jsonb_to_recordset(${anew}::jsonb) AS given(reference TEXT, key TEXT, anew TEXT)
    WHERE notification.reference = given.reference AND split_part(sealed, E'\n', 1) = given.key`;
  const last = rows.at(-1)?.reference;
  return { messages: held.length, ...present({ last }) };
}

const isUnder = (wrapped: string, { newest }: Keyring): boolean => wrapped.startsWith(`${newest.id}:`);
