import { createCipheriv, createDecipheriv, randomBytes, type DecipherGCM } from 'node:crypto';

/** A file is sealed by a key of its own (AES-256-GCM): IV of 12 bytes, ciphertext, tag of 16 bytes. */
const ivBytes = 12;
const tagBytes = 16;

/** What sealing adds to the size of a file. */
export const sealedOverhead = ivBytes + tagBytes;

/** Where the ciphertext begins, and how many bytes of tag follow it. */
export const sealedFrame = { start: ivBytes, end: tagBytes };

export const newFileKey = (): Buffer => randomBytes(32);

/** Seals a file as its bytes come: `begin`, then each piece, then `end`. */
export function fileSealer(
  secret: Buffer,
  context: string,
): { begin: Buffer; piece(plain: Uint8Array): Buffer; end(): Buffer } {
  const begin = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', secret, begin).setAAD(Buffer.from(context));
  return {
    begin,
    piece: (plain) => cipher.update(plain),
    end: () => Buffer.concat([cipher.final(), cipher.getAuthTag()]),
  };
}

/** A stream that opens the ciphertext. It fails at its end when the key, the context or any bit differs. */
export const fileOpener = (
  secret: Buffer,
  context: string,
  { iv, tag }: { iv: Buffer; tag: Buffer },
): DecipherGCM => createDecipheriv('aes-256-gcm', secret, iv).setAAD(Buffer.from(context)).setAuthTag(tag);
