import { DatabaseError } from 'pg';
import { z } from 'zod';
import type { Claim } from '../domain/claim/claim.ts';
import type { JournalEntry } from '../domain/claim/journal.ts';
import type { ClaimNumber } from '../domain/ids.ts';
import { houseRules, type RuleBook } from '../config/rules/load.ts';
import { entryOf, folded, textOf, toStore, type ClaimRules } from '../records/claims/projection.ts';
import type { Elsewhere } from '../domain/money/related.ts';
import type { Database } from '../records/database.ts';
import { elsewhereIn } from '../records/money/related.ts';
import { notTheOwner, standingOf } from '../records/claims/owner.ts';
import { lacking, ownedByAnother, type PutBack } from './ownership.ts';

export interface JournalBatch extends ClaimRules {
  entries: JournalEntry[];
  /** The number of the last entry that the run counts as stored. */
  stored: number;
  /** The run that stores. */
  run: string;
}

/** The claim after the entries, and what the records know of others that are counted together with it. */
export interface Kept {
  state: Claim;
  /** Absent where nothing was stored now. */
  elsewhere?: Elsewhere;
  /** The head of the journal: the number of its last entry and the beginning of its hash. */
  head?: string;
}

/** Stores a claim's entries. Without entries it compares only, and gives the state if it knows it. */
export type KeepJournal = (batch: JournalBatch) => Promise<Kept | undefined>;

/**
 * Appends a claim's entries and brings the read model to the same point, in one transaction. Safe to run
 * twice: an entry that is stored already is skipped. Where the records hold more or other than the run, they
 * win: `NotTheOwner`. Where they hold less, such as a restored backup, what is missing is put back first; if
 * it cannot be found, that is `JournalDiverged`. Neither is ever retried.
 */
export function journalKeeper(
  database: Database,
  putBack: PutBack,
  book: RuleBook = houseRules,
): KeepJournal {
  const latest = new LatestStates();
  const keep = async (batch: JournalBatch): Promise<Kept | undefined> => {
    if (batch.entries.length === 0) return compared(database, batch, latest);
    const kept =
      (await appendedTo(latest.of(batch), database, batch, book)) ??
      (await appendedToStored(database, batch, book));
    if (kept) latest.keep(kept.state);
    return kept;
  };
  return async (batch) => {
    try {
      return await keep(batch);
    } catch (fault) {
      latest.forget(batch.claim);
      if (!mayBePutBack(fault)) throw fault;
      const sequel = await putBack(batch.claim, batch.run);
      if (sequel === 'put-back') return keep(batch);
      throw sequel === 'missing'
        ? lacking(batch.claim, (await standingOf(database, batch.claim)).seq)
        : ownedByAnother(batch.claim);
    }
  };
}

/** Nothing is stored, but the run acts: it must own the claim, and know what the records know. */
async function compared(
  database: Database,
  { claim, stored, run }: JournalBatch,
  latest: LatestStates,
): Promise<Kept | undefined> {
  const { owner, seq } = await standingOf(database, claim);
  if (owner !== run || seq !== stored) throw new Behind();
  return keptBefore(latest.known(claim));
}

/** The run does not own the claim, or its entries do not follow the records' last one. */
class Behind extends Error {}

const mayBePutBack = (fault: unknown): boolean => fault instanceof Behind || hasCode(fault, notTheOwner);

const hasCode = (fault: unknown, code: string): boolean =>
  fault instanceof DatabaseError && fault.code === code;

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
    if (hasCode(fault, doesNotFollow)) return undefined;
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
  stored.forEach((text, index) => same(batch.claim, text, batch.entries[index]));
  const before = folded(batch, [...earlier, ...stored].map(entryOf), undefined, book);
  const fresh = batch.entries.slice(stored.length);
  const state = folded(batch, fresh, before, book);
  if (fresh.length > 0) return store(database, batch, fresh, state, book);
  if ((await standingOf(database, batch.claim)).owner !== batch.run) throw new Behind();
  return keptBefore(state);
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

  forget(claim: ClaimNumber): void {
    this.#states.delete(claim);
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

function follows(stored: number, first: JournalEntry | undefined): void {
  if (first && first.seq !== stored + 1) throw new Behind();
}

/** The records win over another entry under the same number. */
function same(claim: ClaimNumber, stored: string, entry: JournalEntry | undefined): void {
  if (entry && stored !== textOf(entry)) throw ownedByAnother(claim);
}

/** Stores entries that follow the stored ones, without comparing them. */
export async function storeEntries(
  database: Database,
  { entries, ...about }: ClaimRules & { run: string; entries: JournalEntry[] },
  stored: JournalEntry[],
  book: RuleBook,
): Promise<void> {
  const state = folded(about, [...stored, ...entries], undefined, book);
  await store(database, about, entries, state, book);
}

async function store(
  database: Database,
  about: ClaimRules & { run: string },
  fresh: JournalEntry[],
  state: Claim | undefined,
  book: RuleBook,
): Promise<Kept | undefined> {
  const [claim, ...rest] = toStore(about, fresh, state, book);
  const [row] = await database.prepared<{ answer: unknown }>(
    'store-claim',
    'SELECT store_claim($1, $2, $3::jsonb, $4::jsonb, $5::jsonb, $6::jsonb) AS answer',
    [claim, about.run, ...rest],
  );
  const { elsewhere, head } = storedAnswer.parse(row?.answer);
  return state && { state, elsewhere: elsewhereIn(elsewhere), head };
}

const storedAnswer = z.object({ elsewhere: z.unknown(), head: z.string() });
