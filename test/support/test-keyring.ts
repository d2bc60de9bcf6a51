import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { archiveKeyOf, type ArchiveKey } from '../../security/archive-key.ts';
import { keyringOf, type Keyring } from '../../security/keyring.ts';
import { certify, type SigningKey } from '../../security/signing.ts';

/**
 * No secret: recorded histories are encrypted with it, so that replaying them walks the same path as in
 * earnest.
 */
export const testKeyring = (): Keyring =>
  keyringOf([{ id: 'test', secret: Buffer.from('recorded histories use this key.') }]);

/** An Ed25519 key from 32 bytes. */
const keyFrom = (seed: string): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(seed)]),
    format: 'der',
    type: 'pkcs8',
  });

/** No secrets either: the root that the messages in recorded histories are proved by. */
export const testRoot = keyFrom('recorded histories: the root key');
export const testRoots: readonly KeyObject[] = [createPublicKey(testRoot)];

const signingKey = keyFrom('recorded histories: signing key.');

/** Valid at any time that a test plays in. */
export const testSigning: SigningKey = {
  privateKey: signingKey,
  certificate: certify(testRoot, createPublicKey(signingKey), {
    from: new Date('2000-01-01T00:00:00Z'),
    until: new Date('2200-01-01T00:00:00Z'),
  }),
};

/** Made at its first use, which takes a third of a second. */
const archivePair = once(() => generateKeyPairSync('rsa', { modulusLength: 2048 }));

/** The archive key of tests, and its private half, which no program has. */
export const testArchiveKey = (): ArchiveKey => archiveKeyOf(archivePair().publicKey);
export const testArchivePem = (): string =>
  archivePair().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

function once<T>(make: () => T): () => T {
  const made: T[] = [];
  return () => {
    made[0] ??= make();
    return made[0];
  };
}

/** A signing key of one's own, certified by a root key of one's own. */
export function ownSigningKey(): SigningKey {
  const [root, own] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  const of = { from: new Date('2020-01-01'), until: new Date('2090-01-01') };
  return { privateKey: own.privateKey, certificate: certify(root.privateKey, own.publicKey, of) };
}
