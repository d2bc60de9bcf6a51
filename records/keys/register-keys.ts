import { fingerprintOf, type Key, type Keyring } from '../../security/keyring.ts';
import { contactKey } from './contact-key.ts';
import type { Database } from '../database.ts';

/**
 * A key that is not right here: `serious` means that nobody may work without it, otherwise only what lies
 * under it stands still.
 */
export interface KeyFault {
  keyId: string;
  serious: boolean;
  sentence: string;
}

/** For how long somebody's payloads may still be read: as long as Temporal usually keeps histories. */
const historyDays = 30;

/**
 * Makes our keys known to the records, each with its fingerprint, and says which are not right here. Safe to
 * run at any time, by all at once: what is known stays, so of two keys with one name the first is the right
 * one.
 */
export async function registerKeys(database: Database, keyring: Keyring): Promise<KeyFault[]> {
  await database.encryptionKey.createMany({
    data: keyring.keys.map((key) => ({ id: key.id, fingerprint: fingerprintOf(key) })),
    skipDuplicates: true,
  });
  const faults = await keyFaults(database, keyring);
  if (faults.some(({ serious }) => serious)) return faults;
  await contactKey(database, keyring);
  await database.$executeRaw`
    UPDATE encryption_key
    SET encrypted_from = COALESCE(encrypted_from, now()), encrypted_at = now()
    WHERE id = ${keyring.newest.id}`;
  return faults;
}

/** What is wrong with the keys that are here, by what the records know; changes nothing. */
export async function keyFaults(database: Database, keyring: Keyring): Promise<KeyFault[]> {
  const known = await database.$queryRaw<KnownKey[]>`
    SELECT id, fingerprint,
      encrypted_at > now() - make_interval(days => ${historyDays})
        AND (rewrapped_at IS NULL OR rewrapped_at < encrypted_at) AS encrypts,
      EXISTS (SELECT 1 FROM party WHERE split_part(key, ':', 1) = encryption_key.id) AS parties,
      EXISTS (SELECT 1 FROM contact_key WHERE split_part(key, ':', 1) = encryption_key.id) AS contacts
    FROM encryption_key ORDER BY id`;
  return known.flatMap((each) => faultOf(each, keyring.find(each.id)) ?? []);
}

interface KnownKey {
  id: string;
  fingerprint: string;
  /**
   * Somebody encrypted with it lately, and nobody has prepared to take it away since. Null: nobody ever did.
   */
  encrypts: boolean | null;
  parties: boolean;
  contacts: boolean;
}

function faultOf(
  { id, fingerprint, encrypts, parties, contacts }: KnownKey,
  key: Key | undefined,
): KeyFault | undefined {
  if (key) return fingerprint === fingerprintOf(key) ? undefined : otherThanKnown(key);
  if (contacts)
    return {
      keyId: id,
      serious: true,
      sentence: `The encryption key "${id}" is missing here, and without it nobody can tell who has opted out. ${putBack(id)}, then start again.`,
    };
  if (parties)
    return {
      keyId: id,
      serious: false,
      sentence: `The encryption key "${id}" is missing here: claims whose parties it wraps stand still, the others go on. ${putBack(id)}.`,
    };
  if (encrypts)
    return {
      keyId: id,
      serious: false,
      sentence: `The encryption key "${id}" is missing here, and others encrypted with it lately: claims that hold such payloads stand still, the others go on. ${putBack(id)}.`,
    };
  return undefined;
}

const otherThanKnown = ({ id }: Key): KeyFault => ({
  keyId: id,
  serious: true,
  sentence: `The encryption key "${id}" here is another than the records know by that name: what it should open would not open. ${putBack(id)}, then start again.`,
});

const putBack = (id: string): string =>
  `Put the right ${id}.key into the folder payload of the keys (LIPEI_KEYS), or the key into LIPEI_KEYRING`;
