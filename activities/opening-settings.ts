import type { RuleBook } from '../config/rules/load.ts';

/**
 * The settings of a new claim. They are recorded in its history, so a changed setting affects only later
 * claims and runs.
 */
export interface OpeningSettings {
  /** The pace of its rules. */
  pace: string;
  /** Where the rules come from; absent: those of the project. */
  rules?: RuleBook;
  /** At this number of history events a run hands over to a new one. */
  runEvents: number;
  /** A policy that the book does not have may come from its source: cover waits for it. */
  hasPolicySource?: boolean;
}
