import { createHmac, hkdfSync } from 'node:crypto';
import type { Keyring } from './keyring.ts';

/**
 * Stands for a telephone number or an email address where it is looked up and may not be read: the same for the same contact, in
 * every claim and on every machine, and nothing to whoever lacks the keyring. Under the oldest key, which stays as long as any.
 */
export function contactHash(keyring: Keyring, contact: string): string {
  const secret = secrets.get(keyring) ?? Buffer.from(hkdfSync('sha256', keyring.oldest.secret, '', 'contact', 32));
  secrets.set(keyring, secret);
  return createHmac('sha256', secret).update(contact.trim().toLowerCase()).digest('base64url');
}

const secrets = new WeakMap<Keyring, Buffer>();
