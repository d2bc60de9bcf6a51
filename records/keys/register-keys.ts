import type { KeyObject } from 'node:crypto';
import { fingerprintOf, type Key, type Keyring } from '../../security/keyring.ts';
import { rootIdOf } from '../../security/root-keys.ts';
import { contactKey } from './contact-key.ts';
import type { Database } from '../database.ts';

/** The keys that the records know of: encryption keys and public root keys. */
export interface RegisteredKeys {
  keyring: Keyring;
  roots: readonly KeyObject[];
}

/**
 * A wrong or missing key. `serious`: no program may run with it. Otherwise only the claims that need the key
 * are blocked.
 */
export interface KeyFault {
  keyId: string;
  serious: boolean;
  sentence: string;
}

/** How long payloads may still be read: as long as Temporal usually keeps histories. */
const historyDays = 30;

/**
 * Registers our keys in the records, each with its fingerprint, and gives the wrong and missing ones. Safe to
 * run at any time, by all programs at once. A registered key stays, so the first of two keys with one name is
 * the right one.
 */
export async function registerKeys(database: Database, keys: RegisteredKeys): Promise<KeyFault[]> {
  const { keyring, roots } = keys;
  await database.encryptionKey.createMany({
    data: keyring.keys.map((key) => ({ id: key.id, fingerprint: fingerprintOf(key) })),
    skipDuplicates: true,
  });
  await database.rootKey.createMany({
    data: roots.map((root) => ({ id: rootIdOf(root) })),
    skipDuplicates: true,
  });
  const faults = await keyFaults(database, keys);
  if (faults.some(({ serious }) => serious)) return faults;
  await contactKey(database, keyring);
  await database.$executeRaw`
    UPDATE encryption_key
    SET encrypted_from = COALESCE(encrypted_from, now()), encrypted_at = now()
    WHERE id = ${keyring.newest.id}`;
  return faults;
}

/** The faults of this program's keys, by the records. Changes nothing. */
export async function keyFaults(database: Database, { keyring, roots }: RegisteredKeys): Promise<KeyFault[]> {
  const known = await database.$queryRaw<KnownKey[]>`
    SELECT id, fingerprint,
      encrypted_at > now() - make_interval(days => ${historyDays})
        AND (rewrapped_at IS NULL OR rewrapped_at < encrypted_at) AS encrypts,
      EXISTS (SELECT 1 FROM party WHERE split_part(key, ':', 1) = encryption_key.id) AS parties,
      EXISTS (SELECT 1 FROM policy
        WHERE key IS NOT NULL AND split_part(key, ':', 1) = encryption_key.id) AS policies,
      EXISTS (SELECT 1 FROM contact_key WHERE split_part(key, ':', 1) = encryption_key.id) AS contacts
    FROM encryption_key ORDER BY id`;
  return [
    ...known.flatMap((each) => faultOf(each, keyring.find(each.id)) ?? []),
    ...(await missingRoots(database, roots)),
  ];
}

/**
 * Without a root that others trust, this program would take genuine messages for forged ones, and a claim
 * would be another one here than there.
 */
async function missingRoots(database: Database, roots: readonly KeyObject[]): Promise<KeyFault[]> {
  const here = roots.map(rootIdOf);
  const missing = await database.rootKey.findMany({ where: { id: { notIn: here } }, orderBy: { id: 'asc' } });
  return missing.map(({ id }) => ({
    keyId: id,
    serious: true,
    sentence:
      `The public root key "${id}" is missing here, and signatures in claims may be proved by it. ` +
      `Copy roots/${id}.pem from another machine into the folder roots of the keys (LIPEI_KEYS), ` +
      'then start again.',
  }));
}

interface KnownKey {
  id: string;
  fingerprint: string;
  /** It encrypted lately, and nothing was rewrapped since. Null: it never encrypted. */
  encrypts: boolean | null;
  parties: boolean;
  policies: boolean;
  contacts: boolean;
}

function faultOf(
  { id, fingerprint, encrypts, parties, policies, contacts }: KnownKey,
  key: Key | undefined,
): KeyFault | undefined {
  if (key) return fingerprint === fingerprintOf(key) ? undefined : otherThanKnown(key);
  const missing = `The encryption key "${id}" is missing here`;
  if (contacts)
    return {
      keyId: id,
      serious: true,
      sentence: `${missing}, and opt-outs are unreadable without it. ${putBack(id)}, then start again.`,
    };
  if (parties)
    return {
      keyId: id,
      serious: false,
      sentence: `${missing}: claims whose parties it wraps are blocked, the others continue. ${putBack(id)}.`,
    };
  if (policies)
    return {
      keyId: id,
      serious: false,
      sentence: `${missing}: the names in policies that it wraps are unreadable. ${putBack(id)}.`,
    };
  if (encrypts)
    return {
      keyId: id,
      serious: false,
      sentence:
        `${missing}, and others encrypted with it lately: ` +
        `claims with such payloads are blocked, the others continue. ${putBack(id)}.`,
    };
  return undefined;
}

const otherThanKnown = ({ id }: Key): KeyFault => ({
  keyId: id,
  serious: true,
  sentence:
    `The encryption key "${id}" here differs from the one that the records know by that name: ` +
    `it could not decrypt their data. ${putBack(id)}, then start again.`,
});

const putBack = (id: string): string =>
  `Put the right ${id}.key into the folder payload of the keys (LIPEI_KEYS), or the key into LIPEI_KEYRING`;
