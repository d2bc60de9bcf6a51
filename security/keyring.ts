import { createHmac } from 'node:crypto';

/** A secret of 32 bytes for AES-256. The id is not secret: everything that the key encrypted carries it. */
export interface Key {
  id: string;
  secret: Buffer;
}

/**
 * Encrypts with the newest key, decrypts with any. Retire a key only when nothing is encrypted with it any
 * more: after the retention of Temporal's histories, and never while it wraps a party's key. Only the last
 * place in the order has a meaning.
 */
export interface Keyring {
  newest: Key;
  /** The keys that were here at the start, the newest last. */
  keys: readonly Key[];
  find(id: string): Key | undefined;
}

/** Ids name files, and they come back in payloads from outside. */
export const isKeyId = (id: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id);

export const isSound = ({ id, secret }: Key): boolean => secret.length === 32 && isKeyId(id);

/**
 * Keys in the order given, the last is the newest. `later` is asked for a key that is not among them. Throws
 * when there is no key, when a key is wrong, or when two keys share an id.
 */
export function keyringOf(
  keys: readonly Key[],
  later: (id: string) => Key | undefined = () => undefined,
): Keyring {
  const newest = keys.at(-1);
  if (!newest)
    throw new Error(
      'There is no encryption key. Put one into the directory that LIPEI_KEYS names: ' +
        'openssl rand -base64 32 > payload/<today, such as 2026-11-23>.key',
    );
  const wrong = keys.find((key) => !isSound(key));
  if (wrong)
    throw new Error(
      `The encryption key "${wrong.id}" is wrong: a key is 32 bytes in base64, ` +
        'and its id is up to 64 letters, digits, dots and hyphens.',
    );
  const byId = new Map(keys.map((key) => [key.id, key]));
  if (byId.size < keys.length)
    throw new Error('Two encryption keys have the same id: give each an id of its own.');
  return { newest, keys: [...keys], find: (id) => byId.get(id) ?? later(id) };
}

/**
 * Distinguishes keys of the same name and reveals nothing about them. Eight bytes are enough to detect
 * mistakes. It is kept beside everything that a key encrypted, and in the records.
 */
export function fingerprintOf(key: Key): string {
  const known =
    fingerprints.get(key.secret) ??
    createHmac('sha256', key.secret).update('lipei-key').digest().subarray(0, 8).toString('base64url');
  fingerprints.set(key.secret, known);
  return known;
}

const fingerprints = new WeakMap<Buffer, string>();
