/**
 * What a workflow does in one workflow task, and what must have happened before: `activity 3`, `signal 1`,
 * `update 2`, `timer 1`, each counted from 1.
 */
export interface Turn {
  after: string[];
  activities: Sizes[];
  upserts: Attribute[][];
  timersStarted: { timer: number; ms: number }[];
  timersCancelled: number[];
  /** Updates that are answered. */
  answers: { update: number; bytes: number }[];
}

/** Of the JSON that goes in and comes out, before it is encrypted. */
export interface Sizes {
  input: number;
  result: number;
}

/** A search attribute as the server got it; null takes it away. */
export interface Attribute {
  name: string;
  value: unknown;
}

/** All that a claim does, turn by turn, and nothing of what it is for. */
export interface Shape {
  turns: Turn[];
  signals: string[];
  updates: string[];
  /** Bytes of the answer to a query for the whole state. */
  state: number;
  /** Bytes of what the workflow ends with. */
  result: number;
}
