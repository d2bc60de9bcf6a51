import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Reads an Ed25519 key in PEM text. Throws a sentence with the `name` of the file when it is none. */
export const publicKeyIn = (file: string, name: string): KeyObject =>
  ed25519(name, () => createPublicKey(readFileSync(file)));

export const privateKeyIn = (file: string, name: string): KeyObject =>
  ed25519(name, () => createPrivateKey(readFileSync(file)));

function ed25519(name: string, read: () => KeyObject): KeyObject {
  try {
    const key = read();
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // The sentence below replaces OpenSSL's message, which helps nobody.
  }
  throw new Error(`${name} is wrong: it should be an Ed25519 key in PEM text.`);
}

/** A new Ed25519 pair as PEM text. */
export function newPair(): { privateKey: KeyObject; publicPem: string; privatePem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/**
 * Writes a file that only its owner may read. Renamed only when it is complete, so that nobody reads half of
 * it.
 */
export function writeOwn(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
