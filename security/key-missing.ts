const putBack = (id: string): string =>
  `Put ${id}.key back into the folder payload of the keys (LIPEI_KEYS), or the key into LIPEI_KEYRING; then everything goes on.`;

/**
 * What is to be read lies under an encryption key that is not here. Nothing is lost: it opens once the key is
 * back.
 */
export class KeyMissing extends Error {
  readonly keyId: string;

  constructor(keyId: string, what = `The encryption key "${keyId}" is missing here.`) {
    super(`${what} ${putBack(keyId)}`);
    this.name = 'KeyMissing';
    this.keyId = keyId;
  }
}

/** The key has the right name and other bytes. */
export const otherKey = (keyId: string): KeyMissing =>
  new KeyMissing(
    keyId,
    `The encryption key "${keyId}" here is another than the one under which this was encrypted.`,
  );

/** A workflow task that failed leaves nothing of its fault but the words. */
export const saysKeyMissing = (words: string): boolean => words.startsWith('The encryption key "');
