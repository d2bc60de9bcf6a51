import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newPair, privateKeyIn, publicKeyIn, writeOwn } from './pem.ts';

/**
 * The public root keys, `roots/*.pem`. All are trusted: what any of them certified may sign. Throws a
 * sentence when there is none, or when one is wrong.
 */
export function rootsIn(directory: string): KeyObject[] {
  const folder = join(directory, 'roots');
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.pem')) : [];
  if (files.length === 0)
    throw new Error(
      'There is no public root key in the folder roots of the directory that LIPEI_KEYS names. ' +
        'Copy it there from another machine, or make the first one: bin/lipei keys root --private FILE',
    );
  return files.toSorted().map((file) => publicKeyIn(join(folder, file), `roots/${file}`));
}

/** Distinguishes root keys in the records and in the names of their files. Of the public key. */
export function rootIdOf(key: KeyObject): string {
  const known =
    ids.get(key) ??
    createHash('sha256')
      .update(String(key.export({ format: 'jwk' }).x))
      .digest('hex')
      .slice(0, 16);
  ids.set(key, known);
  return known;
}

const ids = new WeakMap<KeyObject, string>();

/**
 * Makes a root pair and returns its id: the private key in a new file of its own, the public one among the
 * roots of `directory`. Throws when the file exists.
 */
export function makeRoot(directory: string, privateFile: string): string {
  const { privateKey, publicPem, privatePem } = newPair();
  const id = rootIdOf(createPublicKey(privateKey));
  writeFileSync(privateFile, privatePem, { mode: 0o600, flag: 'wx' });
  mkdirSync(join(directory, 'roots'), { recursive: true, mode: 0o700 });
  writeOwn(join(directory, 'roots', `${id}.pem`), publicPem);
  return id;
}

/** The private root key of a file. Throws a sentence unless its public half is among the roots here. */
export function rootIn(directory: string, file: string): KeyObject {
  const root = privateKeyIn(file, file);
  const isKnown = rootsIn(directory).some((each) => each.equals(createPublicKey(root)));
  if (!isKnown)
    throw new Error(
      `${file} is not the private half of a root key in ${join(directory, 'roots')}: ` +
        'no program would accept what it certifies.',
    );
  return root;
}
