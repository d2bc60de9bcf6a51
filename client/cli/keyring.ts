import { environmentWith, readEnv } from '../../config/env.ts';
import { addKey, keyIds } from '../../security/key-folder.ts';
import { notDone } from './stop.ts';

const source = (dataDir: string | undefined): string => {
  const { keys } = readEnv(environmentWith(dataDir ? { LIPEI_DATA: dataDir } : {}));
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
