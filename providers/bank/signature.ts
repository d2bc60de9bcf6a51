import { createHmac, timingSafeEqual } from 'node:crypto';

/** HMAC-SHA256 under the secret that we share with the bank, in hexadecimal. */
export const signatureOf = (secret: string, content: string | Buffer): string =>
  createHmac('sha256', secret).update(content).digest('hex');

/** True if the other side signed exactly these bytes with our shared secret. */
export function bankSignatureMatches(secret: string, body: string | Buffer, signature: string): boolean {
  const [expected, given] = [Buffer.from(signatureOf(secret, body)), Buffer.from(signature)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}
