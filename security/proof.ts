import { createHash, sign, verify, type KeyObject } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';

/**
 * Shows that the API has authenticated a person and signs what they sent (design §3). `contentHash` covers
 * the message's own fields.
 */
const proof = z.strictObject({
  id: z.string(),
  claim: z.string(),
  action: z.string(),
  by: z.string(),
  issuedAt: z.string(),
  contentHash: z.string(),
  signature: z.base64().length(88),
});
export type Proof = z.infer<typeof proof>;

export type ProofRefusal =
  'missing' | 'malformed' | 'signature' | 'other-claim' | 'other-action' | 'other-content';

export interface Signing {
  claim: string;
  /** The update's name. */
  action: string;
  /** Staff code. */
  by: string;
  issuedAt: string;
  /** The message's id. */
  id: string;
  content: unknown;
}

/**
 * Signs the canonical JSON (RFC 8785) of everything but the signature, with Ed25519. Throws when the content
 * has no canonical JSON: a number that is not finite, or text that is not well-formed Unicode.
 */
export function signProof(
  privateKey: KeyObject,
  { claim, action, by, issuedAt, id, content }: Signing,
): Proof {
  const unsigned = { id, claim, action, by, issuedAt, contentHash: hashOf(content) };
  return { ...unsigned, signature: sign(null, bytesOf(unsigned), privateKey).toString('base64') };
}

type Expected = { claim: string; action: string; content: unknown };

/**
 * Whether the API signed it, for this claim, action and content. Never throws, whatever `value` is. Freshness
 * is judged elsewhere, against workflow time.
 */
export function checkProof(
  publicKey: KeyObject,
  value: unknown,
  expected: Expected,
): { kind: 'genuine'; proof: Proof } | { kind: 'refused'; why: ProofRefusal } {
  if (value === undefined || value === null) return { kind: 'refused', why: 'missing' };
  try {
    const parsed = proof.safeParse(value);
    const why = parsed.success ? refusalOf(publicKey, parsed.data, expected) : 'malformed';
    return parsed.success && why === undefined
      ? { kind: 'genuine', proof: parsed.data }
      : { kind: 'refused', why: why ?? 'malformed' };
  } catch {
    // The content has no canonical JSON, so nobody can have signed it.
    return { kind: 'refused', why: 'malformed' };
  }
}

function refusalOf(
  publicKey: KeyObject,
  { signature, ...unsigned }: Proof,
  expected: Expected,
): ProofRefusal | undefined {
  if (!verify(null, bytesOf(unsigned), publicKey, Buffer.from(signature, 'base64'))) return 'signature';
  if (unsigned.claim !== expected.claim) return 'other-claim';
  if (unsigned.action !== expected.action) return 'other-action';
  return unsigned.contentHash === hashOf(expected.content) ? undefined : 'other-content';
}

function bytesOf(value: unknown): Buffer {
  return Buffer.from(canonicalize(value) ?? '');
}

function hashOf(content: unknown): string {
  return createHash('sha256').update(bytesOf(content)).digest('hex');
}
