import { randomBytes } from 'node:crypto';
import { decrypt, encrypt } from './cipher.ts';
import type { Keyring } from './keyring.ts';

/**
 * Personal data at rest: each party has a key of its own, kept wrapped by the keyring beside what it seals. Deleting the wrapped
 * key erases the person, in every copy and backup of what was sealed.
 */
export function newPartyKey(keyring: Keyring): string {
  const { id, secret } = keyring.newest;
  return `${id}:${encrypt(secret, 'party-key', randomBytes(32)).toString('base64')}`;
}

/** `context` says what this is and whose (`<claim>/<party>`), so that one party's data cannot be put in another's place. */
export const seal = (partyKey: string, keyring: Keyring, value: unknown, context: string): string => encrypt(unwrap(partyKey, keyring), context, Buffer.from(JSON.stringify(value))).toString('base64');

/** What was sealed. Throws when the party was erased, the key is unknown, or the text was put elsewhere. */
export function unseal(partyKey: string, keyring: Keyring, sealed: string, context: string): unknown {
  const plain = decrypt(unwrap(partyKey, keyring), context, Buffer.from(sealed, 'base64'));
  if (!plain) throw new Error(`What is sealed for ${context} does not open`);
  return JSON.parse(plain.toString('utf8'));
}

function unwrap(partyKey: string, keyring: Keyring): Buffer {
  const [id = '', wrapped = ''] = partyKey.split(':');
  const key = keyring.find(id);
  if (!key) throw new Error(partyKey ? `Encryption key "${id}" is not in the keyring` : 'The party was erased: its key is gone');
  const secret = decrypt(key.secret, 'party-key', Buffer.from(wrapped, 'base64'));
  if (!secret) throw new Error('A party\'s key does not open');
  return secret;
}
