/**
 * Why a message to a claim was denied. A business outcome, not a fault: it is journalled and answered, and
 * the claim continues.
 */
export interface Denial {
  reason: DenialReason;
  /** One sentence for the sender: the mistake, and how to correct it. */
  sentence: string;
  /** The name of the denied message. */
  message: string;
}

export const denialReasons = [
  'unreadable',
  'malformed',
  'no-proof',
  'forged-proof',
  'stale-proof',
  'unknown-person',
  'role',
  'segregation',
  'approved-before',
  'limit',
  'conflict-of-interest',
  'branch',
  'not-appointed',
  'content-changed',
  'not-now',
  'unknown-item',
  'unknown-document',
  'unknown-party',
  'unknown-code',
  'unexplained',
  'claim-closed',
  'id-used',
  'may-not-send',
  'unavailable',
] as const;
export type DenialReason = (typeof denialReasons)[number];

/** A decision returns it instead of events; it is never thrown. */
export interface Denied {
  kind: 'denied';
  reason: DenialReason;
  sentence: string;
}

export const denied = (reason: DenialReason, sentence: string): Denied => ({
  kind: 'denied',
  reason,
  sentence,
});
