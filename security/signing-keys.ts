import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate } from '../domain/signed-payload.ts';
import { newPair, privateKeyIn, publicKeyIn, writeOwn } from './pem.ts';
import { certificateIn, certify, isCertified, type SigningKey } from './signing.ts';

/** Signs and checks the bearer tokens of people. */
export interface TokenKeys {
  /** Absent where no token is issued. */
  privateKey: KeyObject | undefined;
  publicKey: KeyObject;
}

/** Reads the pair. Throws a sentence that says what to do if the public key is missing, or a key is wrong. */
export function tokenKeys(directory: string): TokenKeys {
  const file = (side: string): string => join(directory, `token.${side}.pem`);
  if (!existsSync(file('public')))
    throw new Error(
      'token.public.pem is missing in the directory that LIPEI_KEYS names; make the pair there: ' +
        'openssl genpkey -algorithm ed25519 -out token.private.pem && ' +
        'openssl pkey -in token.private.pem -pubout -out token.public.pem',
    );
  const publicKey = publicKeyIn(file('public'), 'token.public.pem');
  if (!existsSync(file('private'))) return { publicKey, privateKey: undefined };
  const privateKey = privateKeyIn(file('private'), 'token.private.pem');
  if (!createPublicKey(privateKey).equals(publicKey))
    throw new Error(
      'token.private.pem and token.public.pem are not a pair, so no token would be accepted. ' +
        'Make both anew, together.',
    );
  return { publicKey, privateKey };
}

/** Makes the pair unless its private key exists. */
export function ensureTokenKeys(directory: string): void {
  if (existsSync(join(directory, 'token.private.pem'))) return;
  const { publicPem, privatePem } = newPair();
  writeOwn(join(directory, 'token.public.pem'), publicPem);
  writeOwn(join(directory, 'token.private.pem'), privatePem);
}

const keyFile = 'signing.private.pem';
const certificateFile = 'signing.certificate.json';

/**
 * The key that signs messages to claims, with its certificate. Only the API reads it. Undefined where there
 * is none. Throws a sentence when the certificate is missing, is for another key, or is of a root that is not
 * trusted here.
 */
export function signingKeyIn(directory: string, roots: readonly KeyObject[]): SigningKey | undefined {
  if (!existsSync(join(directory, keyFile))) return undefined;
  const privateKey = privateKeyIn(join(directory, keyFile), keyFile);
  const certificate = existsSync(join(directory, certificateFile))
    ? certificateIn(readFileSync(join(directory, certificateFile), 'utf8'))
    : undefined;
  if (!certificate || !isCertified(privateKey, certificate, roots))
    throw new Error(
      `${certificateFile} is missing, or does not certify ${keyFile} by a root key that is trusted here, ` +
        `so no claim would take what it signs. ${howToCertify}`,
    );
  return { privateKey, certificate };
}

export const howToCertify =
  'Certify the key: bin/lipei keys certify --root FILE --days N, then restart the API.';

/**
 * Certifies the signing key of `directory` for some days from now; makes it where there is none, or where a
 * new one is asked for.
 */
export function certifySigningKey(
  directory: string,
  root: KeyObject,
  { days, anew = false, now = new Date() }: { days: number; anew?: boolean; now?: Date },
): Certificate {
  const isThere = existsSync(join(directory, keyFile)) && !anew;
  const pem = isThere ? undefined : newPair().privatePem;
  const privateKey =
    pem === undefined ? privateKeyIn(join(directory, keyFile), keyFile) : createPrivateKey(pem);
  const certificate = certify(root, createPublicKey(privateKey), {
    from: new Date(now.getTime() - skewMs),
    until: new Date(now.getTime() + days * dayMs),
  });
  if (pem !== undefined) writeOwn(join(directory, keyFile), pem);
  writeOwn(join(directory, certificateFile), `${JSON.stringify(certificate, undefined, 2)}\n`);
  return certificate;
}

/** The records' clock may be behind this machine's. */
const skewMs = 60 * 60_000;
const dayMs = 24 * 60 * 60_000;

/** How long before its end a certificate is a finding. */
const soonDays = 30;

/** A certificate that has ended, or ends soon. */
export function endOf({ until }: Certificate, now: Date): 'ended' | 'soon' | undefined {
  const leftMs = Date.parse(until) - now.getTime();
  if (leftMs <= 0) return 'ended';
  return leftMs <= soonDays * dayMs ? 'soon' : undefined;
}
