import { keyringOf, type Keyring } from '../../security/keyring.ts';

/**
 * No secret: recorded histories are encrypted with it, so that replaying them walks the same path as in
 * earnest.
 */
export const testKeyring = (): Keyring =>
  keyringOf([{ id: 'test', secret: Buffer.from('recorded histories use this key.') }]);
