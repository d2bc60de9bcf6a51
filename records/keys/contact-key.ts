import { contactHash, contactSecret, newContactKey } from '../../security/contact-hash.ts';
import type { Keyring } from '../../security/keyring.ts';
import type { Database } from '../database.ts';

export type HashContact = (contact: string) => string;

/**
 * How contacts are hashed: under the secret that the records keep, whatever keys have come and gone. Read
 * once, for it never changes.
 */
export async function contactHashing(database: Database, keyring: Keyring): Promise<HashContact> {
  const secret = secrets.get(database) ?? contactSecret(await contactKey(database, keyring), keyring);
  secrets.set(database, secret);
  return (contact) => contactHash(secret, contact);
}

const secrets = new WeakMap<Database, Buffer>();

/** As it is kept, wrapped; made by whoever is the first to need it. */
export async function contactKey(database: Database, keyring: Keyring): Promise<string> {
  const kept = await database.contactKey.findUnique({ where: { id: 1 } });
  if (kept) return kept.key;
  await database.contactKey.createMany({ data: [{ key: newContactKey(keyring) }], skipDuplicates: true });
  return (await database.contactKey.findUniqueOrThrow({ where: { id: 1 } })).key;
}
