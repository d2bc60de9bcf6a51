import { environmentWith, readEnv } from '../../config/env.ts';
import { addKey, keyIds } from '../../security/key-folder.ts';
import { refusal } from './stop.ts';

const source = (dataDir: string | undefined): string => {
  const { keys } = readEnv(environmentWith(dataDir ? { LIPEI_DATA: dataDir } : {}));
  if (keys.keyring !== undefined)
    throw refusal(
      'LIPEI_KEYRING holds the encryption keys as a text: add the new one as id:base64 in any place but the last, wherever it is set, and start all programs again; then move it to the last place everywhere, which encrypts, and start them once more.',
    );
  return keys.directory;
};

/** The ids of the encryption keys, from old to new; the last one encrypts. */
export const listKeys = (dataDir?: string): string[] => keyIds(source(dataDir));

/**
 * Adds an encryption key; gives its id and the directory that it lies in. Throws a sentence where there are
 * no keys to add one to.
 */
export function rotateKeys(dataDir?: string): { id: string; directory: string } {
  const directory = source(dataDir);
  // A directory that was mistyped would get a key that nobody reads.
  if (keyIds(directory).length === 0)
    throw refusal(
      `There are no encryption keys in ${directory}: is that the directory that LIPEI_KEYS should name?`,
    );
  return { id: addKey(directory), directory };
}
