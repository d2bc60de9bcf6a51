import { contactHash, contactSecret, mailToken, newContactKey } from '../../security/contact-hash.ts';
import type { Keyring } from '../../security/keyring.ts';
import type { Marking } from '../../domain/people/marks.ts';
import { contentHashWith, markingWith } from '../../security/marks.ts';
import type { Database } from '../database.ts';

/** Makes marks with the same secret. */
export const marking = async (database: Database, keyring: Keyring): Promise<Marking> =>
  markingWith(await secretOf(database, keyring));

/** Makes keyed hashes of whole rows, likewise. */
export const contentHashing = async (
  database: Database,
  keyring: Keyring,
): Promise<(text: string) => string> => contentHashWith(await secretOf(database, keyring));

export type HashContact = (contact: string) => string;

/**
 * The hash function for contacts. Its secret is in the records and never changes, so it is read once. It does
 * not depend on the encryption keys.
 */
export async function contactHashing(database: Database, keyring: Keyring): Promise<HashContact> {
  const secret = await secretOf(database, keyring);
  return (contact) => contactHash(secret, contact);
}

/** The tokens of mails, with the same secret: a mail has the same token at each attempt and for ever. */
export const mailTokens =
  (database: Database, keyring: Keyring) =>
  async (reference: string): Promise<string> =>
    mailToken(await secretOf(database, keyring), reference);

async function secretOf(database: Database, keyring: Keyring): Promise<Buffer> {
  const secret = secrets.get(database) ?? contactSecret(await contactKey(database, keyring), keyring);
  secrets.set(database, secret);
  return secret;
}

const secrets = new WeakMap<Database, Buffer>();

/** The secret as it is stored, wrapped. The first process that needs it makes it. */
export async function contactKey(database: Database, keyring: Keyring): Promise<string> {
  const kept = await database.contactKey.findUnique({ where: { id: 1 } });
  if (kept) return kept.key;
  await database.contactKey.createMany({ data: [{ key: newContactKey(keyring) }], skipDuplicates: true });
  return (await database.contactKey.findUniqueOrThrow({ where: { id: 1 } })).key;
}
