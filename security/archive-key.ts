import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
  type KeyObject,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeOwn } from './pem.ts';
import type { Keyring } from './keyring.ts';
import { partySecret } from './sealing.ts';

/**
 * The public half of the archive key. What the law wants kept of an erased person is set aside for it; the
 * private half stays with a person, away from all programs.
 */
export interface ArchiveKey {
  id: string;
  publicKey: KeyObject;
}

const fileName = 'archive.public.pem';
/** Bits of the RSA key. What is set aside stays so for ten years and more. */
const modulusLength = 3072;

export const howToMakeArchiveKey =
  'Make it, and keep its private half away from all programs: bin/lipei keys archive --private FILE';

/**
 * The archive key of a directory of keys; undefined when it has none. Throws a sentence when the file is no
 * RSA key.
 */
export function archiveKeyIn(directory: string): ArchiveKey | undefined {
  const file = join(directory, fileName);
  if (!existsSync(file)) return undefined;
  return archiveKeyOf(publicHalf(readFileSync(file)));
}

export const archiveKeyOf = (publicKey: KeyObject): ArchiveKey => ({
  id: createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex')
    .slice(0, 16),
  publicKey,
});

function publicHalf(pem: Buffer): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // The sentence below replaces OpenSSL's message, which helps nobody.
  }
  throw new Error(`${fileName} is wrong: it should be an RSA key in PEM text. ${howToMakeArchiveKey}`);
}

/**
 * Makes an archive key and returns its id: the private half in a new file of its own, the public one among
 * the keys of `directory`, in the place of an earlier one. Throws when the private file exists.
 */
export function makeArchiveKey(directory: string, privateFile: string): string {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  const [pem, publicPem] = [
    privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  ];
  writeFileSync(privateFile, pem, { mode: 0o600, flag: 'wx' });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeOwn(join(directory, fileName), publicPem);
  return archiveKeyOf(publicKey).id;
}

/** The archive key of the local stack, made once; its private half is in the folder `root`. */
export function ensureArchiveKey(directory: string): void {
  if (existsSync(join(directory, fileName))) return;
  mkdirSync(join(directory, 'root'), { recursive: true, mode: 0o700 });
  makeArchiveKey(directory, join(directory, 'root', 'archive.private.pem'));
}

/** The padding that OpenSSL calls `oaep` with SHA-256, so that a court needs no program of ours. */
const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };

/** A party's key, wrapped for the archive key: base64. No program can open it again. */
export const setAside = (partyKey: string, keyring: Keyring, { publicKey }: ArchiveKey): string =>
  publicEncrypt({ key: publicKey, ...padding }, partySecret(partyKey, keyring)).toString('base64');

/** The party's secret that was set aside. Throws a sentence when the private key is another one. */
export function takenBack(wrapped: string, privatePem: string): Buffer {
  try {
    return privateDecrypt({ key: createPrivateKey(privatePem), ...padding }, Buffer.from(wrapped, 'base64'));
  } catch (fault) {
    throw new Error('This private key does not open what was set aside; use the one of its archive key.', {
      cause: fault,
    });
  }
}
