import type { ClaimNumber } from './ids.ts';
import type { PartyId, Person } from './people/people.ts';
import type { Instant } from './time/time.ts';

/**
 * What is signed about a message to a claim: which message, who sends it, and what it says (design §3).
 * Signed word for word, so that it proves the decision for as long as the journal is kept.
 */
export interface Statement {
  claim: ClaimNumber;
  /** The name of the act or of the report; `file` for a notice of loss. */
  act: string;
  /** The message's id: another one for each message of one signer. */
  id: string;
  /** By the records' clock. */
  at: Instant;
  by: Signer;
  /** The fields of the message: codes, amounts and dates. Of free text only its id and hash. */
  fields: object;
}

/** `staff`: as the records knew the person at that moment. */
export type Signer =
  | ({ kind: 'staff' } & Person)
  | { kind: 'party'; party: PartyId }
  | { kind: 'provider'; name: Provider }
  | { kind: 'system' };

/** Who reports from outside; their own signatures, or a keyed address, are checked first. */
export const providers = ['bank', 'sms', 'mail'] as const;
export type Provider = (typeof providers)[number];

/** A signing key, certified by a root key for a time. It travels with every message that the key signs. */
export interface Certificate {
  /** The public key: 32 bytes in base64url. */
  key: string;
  from: Instant;
  until: Instant;
  /** Of the root key over the canonical JSON of the rest, in base64url. */
  signature: string;
}

/** Shows who made a statement, to all who have the public root key. */
export interface Proof {
  /** The canonical JSON of the statement: the very bytes that were signed. */
  signed: string;
  /** In base64url. */
  signature: string;
  certificate: Certificate;
}

/**
 * What the codec makes of a payload that carries a genuine proof. Only the codec makes it: an imitation, in
 * any payload, arrives as unreadable.
 */
export interface Signed {
  $lipei: 'signed';
  statement: Statement;
  proof: Proof;
  /** What came with the statement without being part of it, such as the notice of loss. */
  beside?: unknown;
}

/** Why nobody can have signed it. */
export type UnprovenWhy =
  'malformed' | 'unknown-signer' | 'certificate' | 'signature' | 'outside-certificate';

/** What the codec makes of a payload with a proof that proves nothing. */
export interface Unproven {
  $lipei: 'unproven';
  why: UnprovenWhy;
}

const isMarked = (value: unknown, mark: string): boolean =>
  typeof value === 'object' && value !== null && '$lipei' in value && value.$lipei === mark;

export const isSigned = (value: unknown): value is Signed => isMarked(value, 'signed');

export const isUnproven = (value: unknown): value is Unproven => isMarked(value, 'unproven');
