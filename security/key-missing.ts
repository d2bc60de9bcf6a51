const putBack = (id: string): string =>
  `Put ${id}.key back into the folder payload of the keys (LIPEI_KEYS), or the key into LIPEI_KEYRING; ` +
  'then every blocked claim resumes.';

/**
 * The data is encrypted with a key that is missing here. Nothing is lost: it is readable again as soon as the
 * key is back.
 */
export class KeyMissing extends Error {
  readonly keyId: string;

  constructor(keyId: string, what = `The encryption key "${keyId}" is missing here.`) {
    super(`${what} ${putBack(keyId)}`);
    this.name = 'KeyMissing';
    this.keyId = keyId;
  }
}

/** The key has the right name, but other bytes. */
export const otherKey = (keyId: string): KeyMissing =>
  new KeyMissing(keyId, `The encryption key "${keyId}" here differs from the one that encrypted this data.`);

/** Judged by the message: nothing else remains of the fault that made a workflow task fail. */
export const isKeyMissing = (words: string): boolean => words.startsWith('The encryption key "');
