import { createHmac, randomBytes } from 'node:crypto';
import { decrypt, encrypt } from './cipher.ts';
import { KeyMissing, otherKey } from './key-missing.ts';
import type { Keyring } from './keyring.ts';

/**
 * Each party has a key of its own for personal data at rest. The records keep that key, wrapped by the
 * keyring, beside the sealed data. Deleting the wrapped key erases the person here; a backup
 * brings it back.
 */
export const newPartyKey = (keyring: Keyring): string => wrap(keyring, randomBytes(32), 'party-key');

/**
 * `context` identifies the sealed data and their party (`<claim>/<party>`), so that nobody can exchange the
 * data of two parties.
 */
export const seal = (partyKey: string, keyring: Keyring, value: unknown, context: string): string =>
  encrypt(partySecret(partyKey, keyring), context, Buffer.from(JSON.stringify(value))).toString('base64');

/** Returns the sealed value. Throws when the party was erased, the key is missing, or the context differs. */
export const unseal = (partyKey: string, keyring: Keyring, sealed: string, context: string): unknown =>
  unsealWith(partySecret(partyKey, keyring), sealed, context);

/** The same with the party's key itself, which a court takes back from what was set aside. */
export function unsealWith(secret: Buffer, sealed: string, context: string): unknown {
  const plain = decrypt(secret, context, Buffer.from(sealed, 'base64'));
  if (!plain) throw new Error(`The sealed data of ${context} does not open`);
  return JSON.parse(plain.toString('utf8'));
}

/**
 * A keyed hash of words (HMAC-SHA-256, 64 hexadecimal digits), with the party's own key: without the key
 * nobody can find out by trying all what the words were, and once the party is erased nobody can.
 */
export const hashOfWords = (partyKey: string, keyring: Keyring, words: string): string =>
  createHmac('sha256', partySecret(partyKey, keyring)).update(`words:${words}`, 'utf8').digest('hex');

/** The same party key, wrapped by the newest key. The sealed data stays as it is. */
export const rewrapPartyKey = (partyKey: string, keyring: Keyring): string =>
  wrap(keyring, partySecret(partyKey, keyring), 'party-key');

/** `<id>:<base64>`: the id of the wrapping key, then the wrapped key. `context` is the kind of the key. */
export function wrap({ newest: { id, secret } }: Keyring, key: Buffer, context: string): string {
  return `${id}:${encrypt(secret, context, key).toString('base64')}`;
}

/** Throws a `KeyMissing` when the wrapping key is not here, or has other bytes. */
export function unwrap(wrapped: string, keyring: Keyring, context: string): Buffer {
  const [id = '', bytes = ''] = wrapped.split(':');
  const key = keyring.find(id);
  if (!key) throw new KeyMissing(id);
  const secret = decrypt(key.secret, context, Buffer.from(bytes, 'base64'));
  if (!secret) throw otherKey(id);
  return secret;
}

/** The key itself, 32 bytes. Throws when the party was erased. */
export function partySecret(partyKey: string, keyring: Keyring): Buffer {
  if (!partyKey) throw new Error('The party was erased: its key is gone');
  return unwrap(partyKey, keyring, 'party-key');
}
