import { createHmac, randomBytes } from 'node:crypto';
import type { Keyring } from './keyring.ts';
import { unwrap, wrap } from './sealing.ts';

/**
 * Stands for a telephone number or an email address where it is looked up and may not be read: the same for
 * the same contact, in every claim and on every machine, and nothing to people who lack the keyring. The
 * secret never changes, though keys come and go: with another one nobody would find who has opted out.
 */
export const contactHash = (secret: Buffer, contact: string): string =>
  createHmac('sha256', secret).update(contact.trim().toLowerCase()).digest('base64url');

/** The secret as the records keep it, wrapped. Made once. */
export const newContactKey = (keyring: Keyring): string => wrap(keyring, randomBytes(32), 'contact-key');

export const contactSecret = (contactKey: string, keyring: Keyring): Buffer =>
  unwrap(contactKey, keyring, 'contact-key');

export const rewrapContactKey = (contactKey: string, keyring: Keyring): string =>
  wrap(keyring, contactSecret(contactKey, keyring), 'contact-key');
