import type { Side } from './sides.ts';

/** The most that the claim of a large payment may take. Beyond it the benchmark ends with exit code 1. */
export const budget = { events: 165, workflowTasks: 28 };

/** How fast a side is to be beside another one, in claims a second. */
export interface Target {
  side: Side;
  beside: Side;
  /** Absent where the ratio is only reported. */
  atLeast?: number;
}

export const targets: readonly Target[] = [
  { side: 'bare', beside: 'yardstick' },
  { side: 'no effects', beside: 'yardstick', atLeast: 0.55 },
  { side: 'real effects', beside: 'yardstick', atLeast: 0.45 },
  { side: 'no effects', beside: 'bare', atLeast: 0.9 },
  { side: 'real effects', beside: 'bare', atLeast: 0.75 },
];

/** Within this time 95 of 100 acts are to be answered, and to be seen in the claim. */
export const actP95Ms = 150;
