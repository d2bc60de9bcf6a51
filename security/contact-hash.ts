import { createHmac, hkdfSync } from 'node:crypto';
import type { Keyring } from './keyring.ts';
import { unwrap, wrap } from './sealing.ts';

/**
 * Stands for a telephone number or an email address where it is looked up and may not be read: the same for
 * the same contact, in
 * every claim and on every machine, and nothing to whoever lacks the keyring. Under a secret that never
 * changes, whatever becomes of
 * the keyring: with another one nobody would find who has opted out.
 */
export const contactHash = (secret: Buffer, contact: string): string =>
  createHmac('sha256', secret).update(contact.trim().toLowerCase()).digest('base64url');

/**
 * The secret as the records keep it, wrapped. Made once, of the first key: releases before 0.4.0 hash under
 * that one.
 */
export function newContactKey(keyring: Keyring): string {
  const first = keyring.keys[0] ?? keyring.newest;
  return wrap(keyring, Buffer.from(hkdfSync('sha256', first.secret, '', 'contact', 32)), 'contact-key');
}

export const contactSecret = (contactKey: string, keyring: Keyring): Buffer =>
  unwrap(contactKey, keyring, 'contact-key');

export const rewrapContactKey = (contactKey: string, keyring: Keyring): string =>
  wrap(keyring, contactSecret(contactKey, keyring), 'contact-key');
