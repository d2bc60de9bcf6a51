import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SigningKeys {
  /** Absent where nothing is signed: a worker only verifies. */
  privateKey: KeyObject | undefined;
  publicKey: KeyObject;
}

type PairName = 'proof' | 'token';

/** Reads a pair. Throws a sentence that says what to do if the public key is missing, or a key is wrong. */
export function signingKeys(directory: string, name: PairName): SigningKeys {
  const file = (side: string): string => join(directory, `${name}.${side}.pem`);
  if (!existsSync(file('public')))
    throw new Error(
      `${name}.public.pem is missing in the directory that LIPEI_KEYS names; make the pair there: ` +
        `openssl genpkey -algorithm ed25519 -out ${name}.private.pem && ` +
        `openssl pkey -in ${name}.private.pem -pubout -out ${name}.public.pem`,
    );
  const publicKey = ed25519(`${name}.public.pem`, () => createPublicKey(readFileSync(file('public'))));
  if (!existsSync(file('private'))) return { publicKey, privateKey: undefined };
  const privateKey = ed25519(`${name}.private.pem`, () => createPrivateKey(readFileSync(file('private'))));
  if (!createPublicKey(privateKey).equals(publicKey))
    throw new Error(
      `${name}.private.pem and ${name}.public.pem are not a pair, so no signature would be accepted. ` +
        'Make both anew, together.',
    );
  return { publicKey, privateKey };
}

/** Makes the pair unless its private key exists. Only the owner of the files may read them. */
export function ensureSigningKeys(directory: string, name: PairName): void {
  if (existsSync(join(directory, `${name}.private.pem`))) return;
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(directory, `${name}.public.pem`), publicKey.export({ type: 'spki', format: 'pem' }), {
    mode: 0o600,
  });
  writeFileSync(join(directory, `${name}.private.pem`), privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
  });
}

function ed25519(file: string, read: () => KeyObject): KeyObject {
  try {
    const key = read();
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // The sentence below replaces OpenSSL's message, which helps nobody.
  }
  throw new Error(`${file} is wrong: it should be an Ed25519 key in PEM text.`);
}
