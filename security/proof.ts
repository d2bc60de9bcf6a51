import { createHash, sign, verify, type KeyObject } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';

/** That the API has authenticated a person and signs what they sent (design §3). `contentHash` covers the message's own fields. */
const proof = z.strictObject({
  id: z.string(),
  claim: z.string(),
  action: z.string(),
  by: z.string(),
  issuedAt: z.string(),
  contentHash: z.string(),
  signature: z.string(),
});
export type Proof = z.infer<typeof proof>;

export type ProofRefusal = 'missing' | 'malformed' | 'signature' | 'other-claim' | 'other-action' | 'other-content';

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

/** Signs with Ed25519 the canonical JSON (RFC 8785) of everything but the signature. */
export function signProof(privateKey: KeyObject, { content, ...named }: Signing): Proof {
  const unsigned = { ...named, contentHash: hashOf(content) };
  return { ...unsigned, signature: sign(null, bytesOf(unsigned), privateKey).toString('base64') };
}

/** Is it the API's, and for this claim, action and content? Never throws, whatever comes. Freshness is judged against workflow time, elsewhere. */
export function checkProof(publicKey: KeyObject, value: unknown, expected: { claim: string; action: string; content: unknown }): { kind: 'genuine'; proof: Proof } | { kind: 'refused'; why: ProofRefusal } {
  if (value === undefined || value === null) return { kind: 'refused', why: 'missing' };
  const parsed = proof.safeParse(value);
  if (!parsed.success) return { kind: 'refused', why: 'malformed' };
  const { signature, ...unsigned } = parsed.data;
  if (!verify(null, bytesOf(unsigned), publicKey, Buffer.from(signature, 'base64'))) return { kind: 'refused', why: 'signature' };
  if (unsigned.claim !== expected.claim) return { kind: 'refused', why: 'other-claim' };
  if (unsigned.action !== expected.action) return { kind: 'refused', why: 'other-action' };
  if (unsigned.contentHash !== hashOf(expected.content)) return { kind: 'refused', why: 'other-content' };
  return { kind: 'genuine', proof: parsed.data };
}

const bytesOf = (value: unknown): Buffer => Buffer.from(canonicalize(value) ?? '');

const hashOf = (content: unknown): string => createHash('sha256').update(bytesOf(content)).digest('hex');
