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
  /** The number of keys of versions of policies that it wraps. */
  policies: number;
  /** It wraps the secret of the contact hashes. */
  contacts: boolean;
  /** A program may have wrapped with it since the last rewrapping found nothing more. */
  unchecked: boolean;
  /** The latest time at which a program may have encrypted with it; null if none ever did. */
  until: Date | null;
}

/** The size of a batch is that of one short transaction. */
const partiesAtOnce = 500;
const policiesAtOnce = 2000;

/** Programs register their key every ten minutes. */
export const registeredWithinMs = 11 * 60_000;

/** From old to new; unused keys come last. */
export async function keyUses(database: Database, keyring: Keyring): Promise<KeyUse[]> {
  const rows = await database.$queryRaw<
    {
      id: string;
      parties: number;
      policies: number;
      contacts: boolean;
      registered: Date | null;
      rewrapped: Date | null;
    }[]
  >`
    SELECT id, encrypted_at AS registered, rewrapped_at AS rewrapped,
      (SELECT count(*)::int FROM party WHERE split_part(key, ':', 1) = encryption_key.id) AS parties,
      (SELECT count(*)::int FROM policy
        WHERE key IS NOT NULL AND split_part(key, ':', 1) = encryption_key.id) AS policies,
      EXISTS (SELECT 1 FROM contact_key WHERE split_part(key, ':', 1) = encryption_key.id) AS contacts
    FROM encryption_key ORDER BY encrypted_from NULLS LAST, id`;
  return rows.map(({ id, parties, policies, contacts, registered, rewrapped }) => {
    const until = registered && new Date(registered.getTime() + registeredWithinMs);
    return {
      id,
      here: keyring.find(id) !== undefined,
      parties,
      policies,
      contacts,
      until,
      unchecked: until !== null && (rewrapped === null || rewrapped < until),
    };
  });
}

export interface Rewrapping {
  /** When the first batch of this rewrapping began. */
  began: string;
}

export type Rewrapped =
  | { kind: 'rewrapped'; parties: number; policies: number; next?: Rewrapping }
  | { kind: 'not-newest'; newest: string };

/**
 * Rewraps one batch with the newest key: parties' keys, the secret of contacts, and with the role of the
 * books the keys of policies. The sealed data, such as messages and attachments, stay as they are. It may
 * start again at any time and runs beside everything else. Rows that change meanwhile are left for the next
 * rewrapping.
 */
export async function rewrapBatch(
  { database, books }: { database: Database; books: Database | undefined },
  keyring: Keyring,
  { began }: Rewrapping,
): Promise<Rewrapped> {
  const known = await database.encryptionKey.findMany({
    orderBy: { encryptedFrom: { sort: 'desc', nulls: 'last' } },
  });
  const [{ newest }, latest] = [keyring, known.find(({ encryptedFrom }) => encryptedFrom)];
  // A process that started before a key was added would rewrap with the old key.
  if (latest && latest.id !== newest.id) return { kind: 'not-newest', newest: latest.id };
  const old = known.map(({ id }) => id).filter((id) => id !== newest.id && keyring.find(id));
  await rewrapContacts(database, keyring);
  const parties = await rewrapParties(database, keyring, old);
  const policies = books ? await rewrapPolicies(books, keyring, old) : 0;
  const isLast = parties < partiesAtOnce && policies < policiesAtOnce;
  if (isLast)
    await database.encryptionKey.updateMany({
      where: { id: { in: old } },
      data: { rewrappedAt: new Date(began) },
    });
  return { kind: 'rewrapped', parties, policies, ...present({ next: isLast ? undefined : { began } }) };
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

async function rewrapPolicies(books: Database, keyring: Keyring, old: string[]): Promise<number> {
  const rows = await books.$queryRaw<{ number: string; version: number; key: string }[]>`
    SELECT number, version, key FROM policy
    WHERE key IS NOT NULL AND split_part(key, ':', 1) = ANY(${old}) LIMIT ${policiesAtOnce}`;
  const anew = JSON.stringify(rows.map((row) => ({ ...row, anew: rewrapPartyKey(row.key, keyring) })));
  await books.$executeRaw`
    UPDATE policy SET key = given.anew
    FROM jsonb_to_recordset(${anew}::jsonb) AS given(number TEXT, version INT, key TEXT, anew TEXT)
    WHERE policy.number = given.number AND policy.version = given.version AND policy.key = given.key`;
  return rows.length;
}

const isUnder = (wrapped: string, { newest }: Keyring): boolean => wrapped.startsWith(`${newest.id}:`);
