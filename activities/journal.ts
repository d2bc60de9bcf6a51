import { ApplicationFailure } from '@temporalio/common';
import canonicalize from 'canonicalize';
import { DatabaseError } from 'pg';
import { calendarFor } from '../config/calendars.ts';
import { houseRules, type RuleBook } from '../config/rules/load.ts';
import { claimedTotal, toldAt, type Claim } from '../domain/claim/claim.ts';
import { evolve } from '../domain/claim/evolve.ts';
import type { JournalEntry } from '../domain/claim/journal.ts';
import type { RuleVersions } from '../domain/rules/pack.ts';
import { nextActionAt } from '../domain/waiting/chase.ts';
import { silentUntil } from '../domain/waiting/heartbeat.ts';
import type { Instant } from '../domain/time/time.ts';
import type { Prisma } from '../prisma/generated/client.ts';
import type { Database } from '../records/database.ts';

export interface JournalBatch {
  claim: string;
  rules: RuleVersions;
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

/**
 * Makes the read model of one claim anew from its journal. Returns the number of entries, 0 for a claim
 * without any. Throws when
 * the journal cannot be folded.
 */
export async function rebuildClaim(database: Database, claim: string): Promise<number> {
  return database.$transaction(async (transaction) => {
    // The writer's own lock, taken before anything is read: a rebuild and the writer never project one claim
    // at once.
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${claim}, 0))`;
    const rows = await transaction.journalEntry.findMany({ where: { claim }, orderBy: { seq: 'asc' } });
    const entries = rows.map(({ entry }): JournalEntry => JSON.parse(entry));
    const [first] = entries;
    if (first?.kind !== 'claim-opened') return 0;
    const batch = { claim, rules: first.rules };
    const [number, none, model, waits] = toStore(
      batch,
      [],
      folded(batch, entries, undefined, houseRules),
      houseRules,
    );
    await transaction.$executeRaw`SELECT store_claim(${number}, ${none}::jsonb, ${model}::jsonb, ${waits}::jsonb)`;
    return entries.length;
  });
}

type About = Omit<JournalBatch, 'entries'>;

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

const storedJournal =
  'SELECT (SELECT state FROM claim WHERE number = $1) AS state, ARRAY(SELECT entry FROM journal_entry WHERE claim = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq) AS stored';

function same(stored: string, entry: JournalEntry | undefined): void {
  if (entry && stored !== textOf(entry))
    throw ApplicationFailure.nonRetryable(
      `Entry ${entry.seq} is in the journal already, and says something else`,
      'JournalDiverged',
    );
}

const textOf = (entry: JournalEntry): string => canonicalize(entry) ?? '';

function folded(
  { rules }: About,
  entries: JournalEntry[],
  before: Claim | undefined,
  book: RuleBook,
): Claim | undefined {
  const pack = book.recorded(rules);
  return entries.reduce<Claim | undefined>((state, entry) => evolve(state, entry, pack), before);
}

const store = (
  database: Database,
  about: About,
  fresh: JournalEntry[],
  state: Claim | undefined,
  book: RuleBook,
): Promise<unknown> =>
  database.prepared(
    'store-claim',
    'SELECT store_claim($1, $2::jsonb, $3::jsonb, $4::jsonb)',
    toStore(about, fresh, state, book),
  );

/**
 * What the database's function of this name takes (prisma/migrations): rows as their tables have them. Hashes
 * are its own work.
 */
function toStore(
  { claim }: About,
  fresh: JournalEntry[],
  state: Claim | undefined,
  book: RuleBook,
): [claim: string, entries: string, model: string, waits: string] {
  if (!state) throw new Error(`The journal of ${claim} begins with an entry that opens no claim`);
  const entries = fresh.map((entry) => ({
    seq: entry.seq,
    at: entry.at,
    by: entry.by,
    kind: entry.kind,
    entry: textOf(entry),
  }));
  const { model, waits } = rowsOf(state, book);
  return [claim, JSON.stringify(entries), JSON.stringify(model), JSON.stringify(waits)];
}

/** The state that `store` wrote: its own output, so its shape is known. */
export const claimOf = (state: Prisma.JsonValue): Claim => JSON.parse(JSON.stringify(state));

export type ClaimRows = ReturnType<typeof rowsOf>;

/** The read model of one claim: its row in the table `claim`, and those in `expectation`. */
export const rowsOf = (claim: Claim, book: RuleBook = houseRules) => ({
  model: columnsOf(claim, book),
  waits: claim.expectations.map(({ id, from, what, item, since, due, next, rung }) => ({
    claim: claim.number,
    id,
    from,
    what,
    item: item ?? null,
    since,
    due,
    next_do: next.do,
    next_at: next.at,
    rung,
    branch: claim.branch,
  })),
});

/** As its rules have it; by the calendar from that day on, which many claims share. */
export function hearBy(claim: Claim, book: RuleBook = houseRules): Instant | undefined {
  const pack = book.recorded(claim.rules);
  return silentUntil(claim, { pack, calendar: calendarFor(pack, toldAt(claim), toldAt(claim)) });
}

/** Every column. */
const columnsOf = (claim: Claim, book: RuleBook) => ({
  number: claim.number,
  line: claim.line,
  jurisdiction: claim.jurisdiction,
  branch: claim.branch,
  stage: claim.stage,
  stage_since: claim.stageSince,
  outcome: claim.outcome ?? null,
  handler: claim.handler,
  surveyor: claim.surveyor,
  urgency: claim.urgency,
  problem: claim.problems[0]?.what ?? null,
  claimed_minor: claimedTotal(claim.items),
  currency: claim.currency,
  opened_at: claim.noticedAt,
  next_at: nextActionAt(claim) ?? null,
  waiting_since: claim.expectations.map(({ since }) => since).toSorted()[0] ?? null,
  told_at: toldAt(claim),
  open_told_at: claim.outcome ? null : toldAt(claim),
  hear_by: hearBy(claim, book) ?? null,
  seq: claim.seq,
  state: claim,
});
