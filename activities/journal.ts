import { ApplicationFailure } from '@temporalio/common';
import { DatabaseError } from 'pg';
import type { Claim } from '../domain/claim/claim.ts';
import type { JournalEntry } from '../domain/claim/journal.ts';
import type { ClaimNumber } from '../domain/ids.ts';
import { houseRules, type RuleBook } from '../config/rules/load.ts';
import { entryOf, folded, textOf, toStore, type ClaimRules } from '../records/claims/projection.ts';
import type { Elsewhere } from '../domain/money/related.ts';
import type { Database } from '../records/database.ts';
import { elsewhereIn } from '../records/money/related.ts';

export interface JournalBatch extends ClaimRules {
  entries: JournalEntry[];
}

/** The claim after the entries, and what the records know of others that are counted together with it. */
export interface Kept {
  state: Claim;
  /** Absent where nothing was stored now. */
  elsewhere?: Elsewhere;
}

/** Stores a claim's entries; gives undefined for no entries. */
export type KeepJournal = (batch: JournalBatch) => Promise<Kept | undefined>;

/**
 * Appends a claim's entries and brings the read model to the same point, in one transaction. Safe to run
 * twice: an entry that is stored already is skipped. Another entry under its number, or a gap before it, is
 * `JournalDiverged`, which is never retried.
 */
export function journalKeeper(database: Database, book: RuleBook = houseRules): KeepJournal {
  const latest = new LatestStates();
  return async (batch) => {
    if (batch.entries.length === 0) return keptBefore(latest.known(batch.claim));
    const kept =
      (await appendedTo(latest.of(batch), database, batch, book)) ??
      (await appendedToStored(database, batch, book));
    if (kept) latest.keep(kept.state);
    return kept;
  };
}

const keptBefore = (state: Claim | undefined): Kept | undefined => state && { state };

/**
 * Appends to the state that this worker knows, without reading. Undefined when it knows none, or when another
 * worker has appended since.
 */
async function appendedTo(
  known: Known,
  database: Database,
  batch: JournalBatch,
  book: RuleBook,
): Promise<Kept | undefined> {
  if (known === 'unknown') return undefined;
  const state = folded(batch, batch.entries, known.state, book);
  try {
    return await store(database, batch, batch.entries, state, book);
  } catch (fault) {
    if (fault instanceof DatabaseError && fault.code === doesNotFollow) return undefined;
    throw fault;
  }
}

/** The journal's trigger raises it for an entry that does not follow the last one (check_violation). */
const doesNotFollow = '23514';

async function appendedToStored(
  database: Database,
  batch: JournalBatch,
  book: RuleBook,
): Promise<Kept | undefined> {
  const { earlier, stored } = await storedOf(database, batch);
  follows(earlier.length, batch.entries[0]);
  stored.forEach((text, index) => same(text, batch.entries[index]));
  const before = folded(batch, [...earlier, ...stored].map(entryOf), undefined, book);
  const fresh = batch.entries.slice(stored.length);
  const state = folded(batch, fresh, before, book);
  return fresh.length > 0 ? store(database, batch, fresh, state, book) : keptBefore(state);
}

type Known = { state: Claim | undefined } | 'unknown';

/**
 * The states that this worker stored last. A journal is never changed, so a state is right until a further
 * entry is stored elsewhere. The database checks that at the next append.
 */
class LatestStates {
  readonly #states = new Map<string, Claim>();

  /** The state before these entries, by their number; a claim's first entry follows no state. */
  of({ claim, entries }: JournalBatch): Known {
    const state = this.#states.get(claim);
    const first = entries[0]?.seq;
    if (first === 1) return { state: undefined };
    return state && first === state.seq + 1 ? { state } : 'unknown';
  }

  known(claim: ClaimNumber): Claim | undefined {
    return this.#states.get(claim);
  }

  keep(state: Claim): void {
    this.#states.delete(state.number);
    if (!state.outcome) this.#states.set(state.number, state);
    const [longestUnused] = this.#states.keys();
    if (this.#states.size > statesKept && longestUnused !== undefined) this.#states.delete(longestUnused);
  }
}

/** States of recently changed claims; some ten kilobytes each. */
const statesKept = 500;

/** The stored entries before these, and those of these that are stored already. */
async function storedOf(
  database: Database,
  { claim, entries }: JournalBatch,
): Promise<{ earlier: string[]; stored: string[] }> {
  const [from, to] = [entries[0]?.seq ?? 1, entries.at(-1)?.seq ?? 0];
  const rows = await database.prepared<{ seq: number; entry: string }>('stored-journal', storedJournal, [
    claim,
    to,
  ]);
  const textsOf = (some: typeof rows): string[] => some.map(({ entry }) => entry);
  return {
    earlier: textsOf(rows.filter(({ seq }) => seq < from)),
    stored: textsOf(rows.filter(({ seq }) => seq >= from)),
  };
}

const storedJournal = 'SELECT seq, entry FROM journal_entry WHERE claim = $1 AND seq <= $2 ORDER BY seq';

/** Entries that only the workflow has cannot be stored any more: it has forgotten them as stored. */
function follows(stored: number, first: JournalEntry | undefined): void {
  if (first && first.seq !== stored + 1)
    throw ApplicationFailure.nonRetryable(
      `The journal ends with entry ${stored}, so entry ${first.seq} cannot follow it`,
      'JournalDiverged',
    );
}

function same(stored: string, entry: JournalEntry | undefined): void {
  if (entry && stored !== textOf(entry))
    throw ApplicationFailure.nonRetryable(
      `Entry ${entry.seq} is in the journal already, and says something else`,
      'JournalDiverged',
    );
}

async function store(
  database: Database,
  about: ClaimRules,
  fresh: JournalEntry[],
  state: Claim | undefined,
  book: RuleBook,
): Promise<Kept | undefined> {
  const [row] = await database.prepared<{ elsewhere: unknown }>(
    'store-claim',
    'SELECT store_claim($1, $2::jsonb, $3::jsonb, $4::jsonb, $5::jsonb) AS elsewhere',
    toStore(about, fresh, state, book),
  );
  return state && { state, elsewhere: elsewhereIn(row?.elsewhere) };
}
