import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';

const ivBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM: IV, ciphertext and tag in one piece. `context` is authenticated, not hidden: another context
 * opens nothing.
 */
export function encrypt(secret: Buffer, context: string, plain: Uint8Array): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), iv).setAAD(Buffer.from(context));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Undefined when the key, the context or any bit is not what it was. */
export function decrypt(secret: Buffer, context: string, sealed: Uint8Array): Buffer | undefined {
  if (sealed.length < ivBytes + tagBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), sealed.subarray(0, ivBytes))
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return Buffer.concat([
      decipher.update(sealed.subarray(ivBytes, sealed.length - tagBytes)),
      decipher.final(),
    ]);
  } catch {
    return undefined;
  }
}

/** Each payload is encrypted by itself, and making a key of bytes takes twice as long as that. */
const made = new WeakMap<Buffer, KeyObject>();

function keyOf(secret: Buffer): KeyObject {
  const key = made.get(secret) ?? createSecretKey(secret);
  made.set(secret, key);
  return key;
}
