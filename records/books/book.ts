import type { Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';

/** What is wrong with a row: the field as the sender named it, and what to do. */
export interface RowMistake {
  field: string;
  reason: string;
}

/** A row as it is staged. Rows with the same key are about the same thing. */
export interface StagedRow {
  /** Never empty. */
  key: string;
  row: object;
}

/**
 * A row that cannot be read. Where its key can be, it is staged with it, so that the other rows of the same
 * key are not taken without it.
 */
export interface RejectedRow {
  kind: 'rejected';
  key?: string;
  mistakes: RowMistake[];
}

/** What became of the staged rows. */
export interface TakenCounts {
  rows: number;
  added: number;
  changed: number;
  same: number;
  rejected: number;
  /** The first few of each kind, as people name them: the number of a policy, a staff code. */
  first?: { added: string[]; changed: string[]; same: string[] };
  /** What was taken, and needs somebody: a sentence each. */
  warnings?: string[];
}

/** An import that is open: who asked for it, and when. */
export interface OpenImport {
  id: string;
  /** The staff code, or `owner`. */
  by: string;
  now: Instant;
}

/**
 * One of the books. An import first stages its rows, and then takes them all together, so that a file that is
 * cut off changes nothing, and the order of its rows does not matter.
 */
export interface Book {
  /** Reads a row as it was sent, without the records. */
  read(value: unknown): ({ kind: 'read' } & StagedRow) | RejectedRow;
  /**
   * Compares the staged rows with the book and takes them, all or none of each key; those that it does not
   * take have their `reject`, as a list of mistakes; rows that have one before are not taken. A dry run
   * changes nothing but that. The same rows again change nothing. Safe to run twice; `progress` hears how
   * many rows are done.
   */
  take(
    books: Database,
    of: OpenImport,
    options: { dryRun: boolean; progress?: (done: number) => void },
  ): Promise<TakenCounts>;
  /**
   * Makes what this import changed as it was before, as new rows. What a later import has changed again
   * stays, and is named.
   */
  undo(books: Database, of: OpenImport, undone: string): Promise<{ restored: number; left: string[] }>;
}
