import { environmentWith, readEnv } from '../../config/env.ts';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { makeAnchorKey } from '../../security/anchor-keys.ts';
import { addKey, keyIds } from '../../security/key-folder.ts';
import { makeArchiveKey } from '../../security/archive-key.ts';
import { makeRoot, rootIn } from '../../security/root-keys.ts';
import { certifySigningKey } from '../../security/signing-keys.ts';
import { notDone } from './stop.ts';

const keysOf = (dataDir: string | undefined) =>
  readEnv(environmentWith(dataDir ? { LIPEI_DATA: dataDir } : {})).keys;

const source = (dataDir: string | undefined): string => {
  const keys = keysOf(dataDir);
  if (keys.keyring !== undefined)
    throw notDone(
      'LIPEI_KEYRING holds the encryption keys. Add the new key there as id:base64, not in the last place, ' +
        'for all programs, and restart them. Then move it to the last place, which encrypts, ' +
        'and restart them again.',
    );
  return keys.directory;
};

/** The ids of the encryption keys, from old to new; the last one encrypts. */
export const listKeys = (dataDir?: string): string[] => keyIds(source(dataDir));

/**
 * Adds an encryption key. Returns its id and its directory. Throws a Stop when the directory has no keys yet.
 */
export function rotateKeys(dataDir?: string): { id: string; directory: string } {
  const directory = source(dataDir);
  // In a mistyped directory no program would read the new key.
  if (keyIds(directory).length === 0)
    throw notDone(`There are no encryption keys in ${directory}. Check the directory of LIPEI_KEYS.`);
  return { id: addKey(directory), directory };
}

/** The kinds of pairs whose private half stays with a person, away from all programs. */
const pairs = { root: makeRoot, archive: makeArchiveKey, anchor: makeAnchorKey };

/**
 * Makes such a pair: the private key in a new file, the public one among the keys. Throws a Stop when the
 * file exists or cannot be written.
 */
export function newPair(
  kind: keyof typeof pairs,
  file: string,
  dataDir?: string,
): { id: string; file: string; directory: string } {
  const { directory } = keysOf(dataDir);
  const path = resolve(file);
  if (existsSync(path)) throw notDone(`${path} exists already; name a file that does not.`);
  try {
    return { id: pairs[kind](directory, path), file: path, directory };
  } catch (fault) {
    throw notDone(`The ${kind} key cannot be written: ${sentenceOf(fault)}.`);
  }
}

/** Certifies the signing key of the API. Throws a Stop with what is wrong. */
export function certifyKey(
  { root, days, anew }: { root: string; days: number; anew: boolean },
  dataDir?: string,
): { until: string; directory: string } {
  const { directory } = keysOf(dataDir);
  const file = resolve(root);
  if (!existsSync(file)) throw notDone(`There is no file ${file}; it must be a private root key.`);
  try {
    return { ...certifySigningKey(directory, rootIn(directory, file), { days, anew }), directory };
  } catch (fault) {
    throw notDone(sentenceOf(fault));
  }
}

const sentenceOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));
