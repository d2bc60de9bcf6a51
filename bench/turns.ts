/**
 * The steps of a workflow in one workflow task. `after` has the events that come before, such as `activity
 * 3`, `signal 1`, `update 2`, `timer 1`, each counted from 1.
 */
export interface Turn {
  after: string[];
  activities: Sizes[];
  upserts: Attribute[][];
  timersStarted: { timer: number; ms: number }[];
  timersCancelled: number[];
  /** Updates that this turn answers, with the size of the answer. */
  answers: { update: number; bytes: number }[];
}

/** Bytes of an activity's input and result as JSON, before encryption. */
export interface Sizes {
  input: number;
  result: number;
}

/** A search attribute as the server got it; null removes it. */
export interface Attribute {
  name: string;
  value: unknown;
}

/** Everything that a claim does, turn by turn, without its meaning. */
export interface Shape {
  turns: Turn[];
  signals: string[];
  updates: string[];
  /** Bytes of the answer to a query for the whole state. */
  state: number;
  /** Bytes of the workflow's result. */
  result: number;
}
