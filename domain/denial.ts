/**
 * Why a message to a claim was refused. A business outcome, not a fault: it is journalled and answered, and
 * the claim goes on.
 */
export interface Denial {
  reason: DenialReason;
  /** One sentence for the person who asked: what is wrong, and what would be right. */
  sentence: string;
  /** What was asked for, by message name. */
  message: string;
}

export type DenialReason =
  | 'unreadable'
  | 'malformed'
  | 'no-proof'
  | 'forged-proof'
  | 'stale-proof'
  | 'unknown-person'
  | 'role'
  | 'segregation'
  | 'approved-before'
  | 'limit'
  | 'conflict-of-interest'
  | 'content-changed'
  | 'not-now'
  | 'unknown-item'
  | 'unknown-document'
  | 'unknown-party'
  | 'unknown-code'
  | 'unexplained'
  | 'claim-closed'
  | 'unavailable';

/** Thrown nowhere: what a decision returns instead of events. */
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
