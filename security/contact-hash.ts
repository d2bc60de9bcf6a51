import { createHmac, randomBytes } from 'node:crypto';
import type { Keyring } from './keyring.ts';
import { unwrap, wrap } from './sealing.ts';

/**
 * Replaces a telephone number or an email address in look-ups, where it must be unreadable. The same contact
 * has the same hash in every claim and on every machine; without the keyring it reveals nothing. The secret
 * never changes, even when keys rotate: with another secret opt-outs could not be found.
 */
export const contactHash = (secret: Buffer, contact: string): string =>
  createHmac('sha256', secret).update(contact.trim().toLowerCase()).digest('base64url');

/**
 * Replaces the reference of a mail where others see it: in its id, its return address, its link to
 * unsubscribe. Knowing a claim's number is not enough to make one.
 */
export const mailToken = (secret: Buffer, reference: string): string =>
  createHmac('sha256', secret).update(`mail-token:${reference}`).digest('hex').slice(0, 32);

/** The secret as the records keep it: wrapped, and made only once. */
export const newContactKey = (keyring: Keyring): string => wrap(keyring, randomBytes(32), 'contact-key');

export const contactSecret = (contactKey: string, keyring: Keyring): Buffer =>
  unwrap(contactKey, keyring, 'contact-key');

export const rewrapContactKey = (contactKey: string, keyring: Keyring): string =>
  wrap(keyring, contactSecret(contactKey, keyring), 'contact-key');
