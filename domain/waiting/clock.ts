import type { Offset } from '../time/calendar.ts';
import type { Instant } from '../time/time.ts';

/** A time limit of the law. The pack gives its length and cites the article. */
export interface ClockRule {
  article: string;
  within: Offset;
  /** When a supervisor is warned. */
  warnAfter: Offset;
}

/**
 * The clock of the decision about one item (C2). It runs from the first papers to the decision, and is paused
 * while requested papers are missing.
 */
export interface Clock {
  state: 'running' | 'paused' | 'stopped';
  /** When the first papers arrived. */
  since: Instant;
  /** When the request for missing papers reached the party that owes them. */
  pausedSince?: Instant;
  resumedAt?: Instant;
  /** The total length of its pauses. */
  deductedMs: number;
  warnAt: Instant;
  due: Instant;
  reached?: 'warning' | 'due';
}
