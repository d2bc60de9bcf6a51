import { ApplicationFailure } from '@temporalio/common';
import { DatabaseError } from 'pg';
import type { Claim } from '../domain/claim/claim.ts';
import type { JournalEntry } from '../domain/claim/journal.ts';
import { houseRules, type RuleBook } from '../config/rules/load.ts';
import { folded, textOf, toStore, type ClaimRules } from '../records/claims/projection.ts';
import type { Database } from '../records/database.ts';

export interface JournalBatch extends ClaimRules {
  entries: JournalEntry[];
}

export interface JournalActivities {
  appendJournal(batch: JournalBatch): Promise<void>;
}

/**
 * Appends a claim's entries and brings the read model to the same point, in one transaction. Safe to run
 * twice: what is stored
 * already must be the same and is skipped; something else under its number is `JournalDiverged`, which no
 * retry mends.
 */
export function journalActivities(database: Database, book: RuleBook = houseRules): JournalActivities {
  const latest = new LatestStates();
  return {
    async appendJournal(batch) {
      const state =
        (await appendedTo(latest.of(batch), database, batch, book)) ??
        (await appendedToStored(database, batch, book));
      if (state) latest.keep(state);
    },
  };
}

/**
 * Without asking what is stored, where this worker knows it: undefined when it does not, or when the journal
 * has gone on without it.
 */
async function appendedTo(
  known: Known,
  database: Database,
  batch: JournalBatch,
  book: RuleBook,
): Promise<Claim | undefined> {
  if (known === 'unknown') return undefined;
  const state = folded(batch, batch.entries, known.state, book);
  try {
    await store(database, batch, batch.entries, state, book);
    return state;
  } catch (fault) {
    if (fault instanceof DatabaseError && fault.code === doesNotFollow) return undefined;
    throw fault;
  }
}

/** What the journal's trigger says of an entry that does not follow the last one (check_violation). */
const doesNotFollow = '23514';

async function appendedToStored(
  database: Database,
  batch: JournalBatch,
  book: RuleBook,
): Promise<Claim | undefined> {
  const { before, stored } = await storedOf(database, batch);
  stored.forEach((text, index) => same(text, batch.entries[index]));
  const fresh = batch.entries.slice(stored.length);
  const state = folded(batch, fresh, before, book);
  if (fresh.length > 0) await store(database, batch, fresh, state, book);
  return state;
}

type Known = { state: Claim | undefined } | 'unknown';

/**
 * The states that this worker stored last. A journal is never changed, so a state still holds as long as its
 * journal has no entry more;
 * the database sees to that at the next one.
 */
class LatestStates {
  readonly #states = new Map<string, Claim>();

  /** The state that these entries follow, by their number; nothing is stored before a claim's first. */
  of({ claim, entries }: JournalBatch): Known {
    const state = this.#states.get(claim);
    const first = entries[0]?.seq;
    if (first === 1) return { state: undefined };
    return state && first === state.seq + 1 ? { state } : 'unknown';
  }

  keep(state: Claim): void {
    this.#states.delete(state.number);
    if (!state.outcome) this.#states.set(state.number, state);
    const [longestUnused] = this.#states.keys();
    if (this.#states.size > statesKept && longestUnused !== undefined) this.#states.delete(longestUnused);
  }
}

/** Of claims that something has just happened to; some ten kilobytes each. */
const statesKept = 500;

/** The state as the records have it, and which of these entries they hold already. */
async function storedOf(
  database: Database,
  { claim, entries }: JournalBatch,
): Promise<{ before: Claim | undefined; stored: string[] }> {
  const [from, to] = [entries[0]?.seq ?? 1, entries.at(-1)?.seq ?? 0];
  const [row] = await database.prepared<{ state: Claim | null; stored: string[] }>(
    'stored-journal',
    storedJournal,
    [claim, from, to],
  );
  return { before: row?.state ?? undefined, stored: row?.stored ?? [] };
}

const storedJournal = `
  SELECT
    (SELECT state FROM claim WHERE number = $1) AS state,
    ARRAY(
      SELECT entry FROM journal_entry WHERE claim = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq
    ) AS stored`;

function same(stored: string, entry: JournalEntry | undefined): void {
  if (entry && stored !== textOf(entry))
    throw ApplicationFailure.nonRetryable(
      `Entry ${entry.seq} is in the journal already, and says something else`,
      'JournalDiverged',
    );
}

const store = (
  database: Database,
  about: ClaimRules,
  fresh: JournalEntry[],
  state: Claim | undefined,
  book: RuleBook,
): Promise<unknown> =>
  database.prepared(
    'store-claim',
    'SELECT store_claim($1, $2::jsonb, $3::jsonb, $4::jsonb)',
    toStore(about, fresh, state, book),
  );
