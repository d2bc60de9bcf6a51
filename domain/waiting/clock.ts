import type { Offset } from '../time/calendar.ts';
import type { Instant } from '../time/time.ts';

/** A time that the law sets; the pack says how long it is and cites the article. */
export interface ClockRule {
  article: string;
  within: Offset;
  /** When a supervisor is warned. */
  warnAfter: Offset;
}

/**
 * The decision about one item (C2): it runs from the first papers to the decision, but not while papers that
 * were asked for are awaited.
 */
export interface Clock {
  state: 'running' | 'paused' | 'stopped';
  /** The first papers came. */
  since: Instant;
  /** The request for what is missing arrived with whoever owes it. */
  pausedSince?: Instant;
  resumedAt?: Instant;
  /** For how long it was paused, in all. */
  deductedMs: number;
  warnAt: Instant;
  due: Instant;
  reached?: 'warning' | 'due';
}
