/**
 * Why a message to a claim was refused. A business outcome, not a fault: it is journalled and answered, and
 * the claim goes on.
 */
export interface Refusal {
  reason: RefusalReason;
  /** One sentence for the person who asked: what is wrong, and what would be right. */
  sentence: string;
  /** What was asked for, by message name. */
  message: string;
}

export type RefusalReason =
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
export interface Refused {
  kind: 'refused';
  reason: RefusalReason;
  sentence: string;
}

export const refused = (reason: RefusalReason, sentence: string): Refused => ({
  kind: 'refused',
  reason,
  sentence,
});
