import canonicalize from 'canonicalize';
import { calendarFor } from '../../config/calendars.ts';
import { houseRules, type RuleBook } from '../../config/rules/load.ts';
import { claimedTotal, lastContactAt, type Claim } from '../../domain/claim/claim.ts';
import { decide } from '../../domain/claim/decide.ts';
import { evolve } from '../../domain/claim/evolve/evolve.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import { tiesOf } from '../../domain/money/ties.ts';
import { stakesOf } from '../../domain/money/together.ts';
import type { RuleVersions } from '../../domain/rules/pack.ts';
import type { Instant } from '../../domain/time/time.ts';
import { limitFor } from '../../domain/people/takers.ts';
import { present } from '../../domain/present.ts';
import { nextActionAt } from '../../domain/waiting/chase.ts';
import { silentUntil } from '../../domain/waiting/heartbeat.ts';
import type { Prisma } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';

/** A claim and the versions of its rules. */
export interface ClaimRules {
  claim: string;
  rules: RuleVersions;
}

/**
 * Rebuilds the read model of one claim from its journal. Returns the number of entries, 0 for a claim without
 * a journal. Throws when the journal cannot be folded.
 */
export async function rebuildClaim(database: Database, claim: string): Promise<number> {
  return database.$transaction(async (transaction) => {
    // The lock of the writer, taken before reading: a rebuild and the writer never project one claim at the
    // same time.
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${claim}, 0))`;
    const rows = await transaction.journalEntry.findMany({ where: { claim }, orderBy: { seq: 'asc' } });
    const entries = rows.map(({ entry }) => entryOf(entry));
    const [first] = entries;
    if (first?.kind !== 'claim-opened') return 0;
    const batch = { claim, rules: first.rules };
    const state = folded(batch, entries, undefined, houseRules);
    const [number, none, model, waits, ties] = toStore(batch, [], state, houseRules);
    await transaction.$executeRaw`
      SELECT store_claim(${number}, NULL, ${none}::jsonb, ${model}::jsonb, ${waits}::jsonb, ${ties}::jsonb)`;
    return entries.length;
  });
}

export const entryOf = (text: string): JournalEntry => JSON.parse(text);

export const textOf = (entry: JournalEntry): string => canonicalize(entry) ?? '';

export function folded(
  { rules }: ClaimRules,
  entries: JournalEntry[],
  before: Claim | undefined,
  book: RuleBook,
): Claim | undefined {
  const pack = book.recorded(rules);
  return entries.reduce<Claim | undefined>((state, entry) => evolve(state, entry, pack), before);
}

/**
 * The arguments of the database function `store_claim` (records/sql): rows in the form of their tables. The
 * database makes the hashes.
 */
export function toStore(
  { claim }: ClaimRules,
  fresh: JournalEntry[],
  state: Claim | undefined,
  book: RuleBook,
): [claim: string, entries: string, model: string, waits: string, ties: string] {
  if (!state) throw new Error(`The journal of ${claim} begins with an entry that opens no claim`);
  const entries = fresh.map((entry) => ({
    seq: entry.seq,
    at: entry.at,
    by: entry.by,
    kind: entry.kind,
    entry: textOf(entry),
  }));
  const { model, waits } = rowsOf(state, book);
  const ties = tiesOf(state, book.recorded(state.rules));
  return [claim, JSON.stringify(entries), JSON.stringify(model), JSON.stringify(waits), JSON.stringify(ties)];
}

/** The state as `toStore` wrote it, so its shape is known. */
export const claimOf = (state: Prisma.JsonValue): Claim => JSON.parse(JSON.stringify(state));

export type ClaimRows = ReturnType<typeof rowsOf>;

/** The read model of one claim: its row in the table `claim`, and its rows in `expectation`. */
export const rowsOf = (claim: Claim, book: RuleBook = houseRules) => ({
  model: columnsOf(claim, book),
  waits: claim.expectations.map(({ id, from, what, item, since, due, next, rung }) => ({
    minor: limitFor(claim, { id, from, ...present({ item }) }) ?? null,
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

/**
 * Shows in the read model that providers took these messages. The journal gets that with its next entries;
 * the ledger has it already. Changes nothing where another entry was stored meanwhile.
 */
export async function showAccepted(
  database: Database,
  state: Claim,
  notifications: readonly string[],
  now: Instant,
  book: RuleBook,
): Promise<void> {
  const pack = book.recorded(state.rules);
  const world = { now, rules: { pack, calendar: calendarFor(pack, state.lossAt, now) } };
  const after = notifications.reduce<Claim>((claim, notification) => {
    const decision = decide(
      claim,
      { kind: 'notification-ended', notification, outcome: { kind: 'accepted' } },
      world,
    );
    return decision.kind === 'decided' ? decision.claim : claim;
  }, state);
  const { model } = rowsOf({ ...after, seq: state.seq }, book);
  await database.prepared('show-accepted', showingAccepted, [state.number, state.seq, JSON.stringify(model)]);
}

const showingAccepted = `
  UPDATE claim SET (state, last_contact_at, open_last_contact_at, next_contact_by) = (
    SELECT state, last_contact_at, open_last_contact_at, next_contact_by
    FROM jsonb_populate_record(NULL::claim, $3::jsonb))
  WHERE number = $1 AND seq = $2`;

/**
 * The date of the next contact by the claim's rules. The calendar begins on the day of the last contact, so
 * that many claims share one.
 */
export function nextContactBy(claim: Claim, book: RuleBook = houseRules): Instant | undefined {
  const pack = book.recorded(claim.rules);
  return silentUntil(claim, {
    pack,
    calendar: calendarFor(pack, lastContactAt(claim), lastContactAt(claim)),
  });
}

/** Every column of the table `claim`. */
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
  stakes: stakesOf(claim),
  currency: claim.currency,
  opened_at: claim.noticedAt,
  next_at: nextActionAt(claim) ?? null,
  waiting_since: claim.expectations.map(({ since }) => since).toSorted()[0] ?? null,
  last_contact_at: lastContactAt(claim),
  open_last_contact_at: claim.outcome ? null : lastContactAt(claim),
  next_contact_by: nextContactBy(claim, book) ?? null,
  seq: claim.seq,
  state: claim,
});
