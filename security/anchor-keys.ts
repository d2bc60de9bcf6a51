import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newPair, privateKeyIn, publicKeyIn, writeOwn } from './pem.ts';
import { rootIdOf } from './root-keys.ts';

/**
 * Anchor keys sign the daily files of heads. No program of Lipei holds a private one: else somebody who
 * has taken over the programs could sign a past of their own.
 */
const folderIn = (directory: string): string => join(directory, 'anchors');

/**
 * The public anchor keys, `anchors/*.pem`, by id; none where nobody made any. Throws a sentence for a wrong
 * one.
 */
export function anchorKeysIn(directory: string): Map<string, KeyObject> {
  const folder = folderIn(directory);
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.pem')) : [];
  const keys = files.toSorted().map((file) => publicKeyIn(join(folder, file), `anchors/${file}`));
  return new Map(keys.map((key) => [rootIdOf(key), key]));
}

/**
 * Makes an anchor pair and returns its id: the private key in a new file of its own, the public one in the
 * folder `anchors` of `directory`. Throws when the file exists.
 */
export function makeAnchorKey(directory: string, privateFile: string): string {
  const { privateKey, publicPem, privatePem } = newPair();
  const id = rootIdOf(createPublicKey(privateKey));
  mkdirSync(dirname(privateFile), { recursive: true, mode: 0o700 });
  writeFileSync(privateFile, privatePem, { mode: 0o600, flag: 'wx' });
  mkdirSync(folderIn(directory), { recursive: true, mode: 0o700 });
  writeOwn(join(folderIn(directory), `${id}.pem`), publicPem);
  return id;
}

/** Signs the texts of files. */
export interface AnchorKey {
  id: string;
  privateKey: KeyObject;
}

/** The private anchor key of a file. Throws a sentence when it is none. */
export function anchorKeyIn(file: string): AnchorKey {
  const privateKey = privateKeyIn(file, file);
  return { id: rootIdOf(createPublicKey(privateKey)), privateKey };
}

/** Over the SHA-256 of a text, in hexadecimal: the text may be large. */
export const signAnchor = ({ privateKey }: AnchorKey, sha256: string): string =>
  sign(null, bytesOf(sha256), privateKey).toString('base64url');

export const isAnchorSignature = (key: KeyObject, sha256: string, signature: string): boolean =>
  verify(null, bytesOf(sha256), key, Buffer.from(signature, 'base64url'));

/** What else the key may sign never looks like this. */
const bytesOf = (sha256: string): Buffer => Buffer.from(`lipei anchors ${sha256}`);

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');
