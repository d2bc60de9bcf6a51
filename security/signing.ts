import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { staffRoles } from '../domain/people/people.ts';
import { providers } from '../domain/signed-payload.ts';
import type { Certificate, Proof, Statement, UnprovenWhy } from '../domain/signed-payload.ts';

/** Signs statements: a private key with the certificate of its public half. */
export interface SigningKey {
  privateKey: KeyObject;
  certificate: Certificate;
}

const instant = z.iso.datetime({ precision: 3 });
const signature = z.base64url().length(86);

const certificateSchema = z.strictObject({
  key: z.base64url().length(43),
  from: instant,
  until: instant,
  signature,
});

const proofSchema = z.strictObject({
  // Half a character has no bytes of its own: another text would have the same signature.
  signed: z
    .string()
    .max(100_000)
    .refine((text) => text.isWellFormed()),
  signature,
  certificate: certificateSchema,
});

const signer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('staff'),
    code: z.string(),
    roles: z.array(z.enum(staffRoles)),
    branch: z.string(),
    below: z.array(z.string()).exactOptional(),
    standsInFor: z.array(z.string()).exactOptional(),
    limitMinor: z.int().exactOptional(),
    conflicts: z.array(z.string()),
  }),
  z.strictObject({ kind: z.literal('party'), party: z.string() }),
  z.strictObject({ kind: z.literal('provider'), name: z.enum(providers) }),
  z.strictObject({ kind: z.literal('system') }),
]);

const statementSchema = z.strictObject({
  claim: z.string(),
  act: z.string(),
  id: z.string().min(1).max(100),
  at: instant,
  by: signer,
  fields: z.record(z.string(), z.unknown()),
});

/** Certifies a signing key for a time. The root key is needed for this alone, so it stays with a person. */
export function certify(
  root: KeyObject,
  publicKey: KeyObject,
  { from, until }: { from: Date; until: Date },
): Certificate {
  const certified = {
    key: String(publicKey.export({ format: 'jwk' }).x),
    from: from.toISOString(),
    until: until.toISOString(),
  };
  return { ...certified, signature: signed(bytesOf(certified), root) };
}

/** Reads a certificate as its file has it; undefined when it is none. */
export function certificateIn(text: string): Certificate | undefined {
  try {
    return certificateSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Whether one of the roots certified the public half of this key. */
export const isCertified = (
  privateKey: KeyObject,
  certificate: Certificate,
  roots: readonly KeyObject[],
): boolean =>
  isOfRoot(certificate, roots) && publicKeyOf(certificate.key)?.equals(createPublicKey(privateKey)) === true;

function isOfRoot({ signature: ofRoot, ...certified }: Certificate, roots: readonly KeyObject[]): boolean {
  const bytes = bytesOf(certified);
  return roots.some((root) => matches(bytes, ofRoot, root));
}

/**
 * Signs the canonical JSON (RFC 8785) of a statement, with Ed25519. Throws when it has no canonical JSON: a
 * number that is not finite, or text that is not well-formed Unicode.
 */
export function signStatement({ privateKey, certificate }: SigningKey, statement: Statement): Proof {
  const text = canonicalize(statement) ?? '';
  return { signed: text, signature: signed(Buffer.from(text), privateKey), certificate };
}

export type Checked =
  { kind: 'genuine'; statement: Statement; proof: Proof } | { kind: 'unproven'; why: UnprovenWhy };

/**
 * Who signed what, or why nobody did. Never throws, whatever `value` is. The verdict on the same value is the
 * same for ever: it depends on the root keys alone, and not on the time.
 */
export function checkProof(roots: readonly KeyObject[], value: unknown): Checked {
  const proof = proofSchema.safeParse(value);
  if (!proof.success) return { kind: 'unproven', why: 'malformed' };
  const { signed: text, signature: given, certificate } = proof.data;
  const key = certifiedKey(certificate, roots);
  if (typeof key === 'string') return { kind: 'unproven', why: key };
  if (!matches(Buffer.from(text), given, key)) return { kind: 'unproven', why: 'signature' };
  const statement = statementIn(text);
  if (!statement) return { kind: 'unproven', why: 'malformed' };
  return statement.at < certificate.from || statement.at >= certificate.until
    ? { kind: 'unproven', why: 'outside-certificate' }
    : { kind: 'genuine', statement, proof: proof.data };
}

/** A certificate comes with every message, and there are few: each is checked once. */
const certified = new WeakMap<readonly KeyObject[], Map<string, KeyObject>>();
const mostCertified = 100;

function certifiedKey(certificate: Certificate, roots: readonly KeyObject[]): KeyObject | UnprovenWhy {
  const known = certified.get(roots) ?? new Map<string, KeyObject>();
  certified.set(roots, known);
  const name = JSON.stringify(certificate);
  const before = known.get(name);
  if (before) return before;
  if (!isOfRoot(certificate, roots)) return 'unknown-signer';
  const key = publicKeyOf(certificate.key);
  if (!key) return 'certificate';
  if (known.size >= mostCertified) known.clear();
  known.set(name, key);
  return key;
}

function statementIn(text: string): Statement | undefined {
  try {
    return statementSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const signed = (bytes: Buffer, key: KeyObject): string => sign(null, bytes, key).toString('base64url');

const matches = (bytes: Buffer, given: string, key: KeyObject): boolean =>
  verify(null, bytes, key, Buffer.from(given, 'base64url'));

function publicKeyOf(x: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  } catch {
    return undefined;
  }
}

const bytesOf = (value: unknown): Buffer => Buffer.from(canonicalize(value) ?? '');
