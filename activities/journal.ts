import { ApplicationFailure } from '@temporalio/common';
import canonicalize from 'canonicalize';
import { loadRulePack } from '../config/rules.ts';
import { claimedTotal, type Claim } from '../domain/claim.ts';
import { evolve } from '../domain/evolve.ts';
import type { JournalEntry } from '../domain/journal.ts';
import { nextActionAt } from '../domain/chase.ts';
import type { Prisma } from '../prisma/generated/client.ts';
import type { Database } from './database.ts';

export interface JournalBatch {
  claim: string;
  pack: { name: string; version: number };
  line: string;
  jurisdiction: string;
  entries: JournalEntry[];
}

export interface JournalActivities {
  appendJournal(batch: JournalBatch): Promise<void>;
}

/**
 * Appends a claim's entries and brings the read model to the same point, in one transaction. Safe to run twice: what is stored
 * already must be the same and is skipped; something else under its number is `JournalDiverged`, which no retry mends.
 */
export function journalActivities(database: Database): JournalActivities {
  return {
    async appendJournal(batch) {
      await database.$transaction(async (transaction) => {
        await lockClaim(transaction, batch.claim);
        const stored = await storedFrom(transaction, batch);
        const fresh = batch.entries.slice(stored.length);
        stored.forEach((text, index) => same(text, batch.entries[index]));
        for (const entry of fresh) await transaction.journalEntry.create({ data: rowOf(batch.claim, entry) });
        if (fresh.length > 0) await project(transaction, batch, fresh);
      });
    },
  };
}

type Transaction = Prisma.TransactionClient;

/**
 * Makes the read model of one claim anew from its journal. Returns the number of entries, 0 for a claim without any. Throws when
 * the journal cannot be folded.
 */
export async function rebuildClaim(database: Database, claim: string): Promise<number> {
  return database.$transaction(async (transaction) => {
    await lockClaim(transaction, claim);
    const rows = await transaction.journalEntry.findMany({ where: { claim }, orderBy: { seq: 'asc' } });
    const entries = rows.map(({ entry }): JournalEntry => JSON.parse(entry));
    const [first] = entries;
    if (first?.kind !== 'claim-opened') return 0;
    await transaction.expectation.deleteMany({ where: { claim } });
    await transaction.claim.deleteMany({ where: { number: claim } });
    await project(transaction, { claim, pack: first.pack, line: first.line, jurisdiction: first.jurisdiction, entries }, entries);
    return entries.length;
  });
}

/** The trigger's own lock, taken before anything is read: a rebuild and the writer never project one claim at once. */
async function lockClaim(transaction: Transaction, claim: string): Promise<void> {
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${claim}, 0))`;
}

async function storedFrom(transaction: Transaction, { claim, entries }: JournalBatch): Promise<string[]> {
  const rows = await transaction.journalEntry.findMany({ where: { claim, seq: { gte: entries[0]?.seq ?? 1, lte: entries.at(-1)?.seq ?? 0 } }, orderBy: { seq: 'asc' }, select: { entry: true } });
  return rows.map(({ entry }) => entry);
}

function same(stored: string, entry: JournalEntry | undefined): void {
  if (entry && stored !== textOf(entry)) throw ApplicationFailure.nonRetryable(`Entry ${entry.seq} is in the journal already, and says something else`, 'JournalDiverged');
}

const textOf = (entry: JournalEntry): string => canonicalize(entry) ?? '';

/** The trigger computes both hashes; what is given here is never stored. */
const rowOf = (claim: string, entry: JournalEntry): Prisma.JournalEntryCreateInput => ({ claim, seq: entry.seq, at: entry.at, by: entry.by, kind: entry.kind, entry: textOf(entry), previousHash: '', hash: '' });

async function project(transaction: Transaction, batch: JournalBatch, fresh: JournalEntry[]): Promise<void> {
  const pack = loadRulePack({ ...batch.pack, line: batch.line, jurisdiction: batch.jurisdiction });
  const row = await transaction.claim.findUnique({ where: { number: batch.claim }, select: { state: true } });
  const before = row ? claimOf(row.state) : undefined;
  const claim = fresh.reduce<Claim | undefined>((state, entry) => evolve(state, entry, pack), before);
  if (!claim) return;
  const data = columnsOf(claim);
  await transaction.claim.upsert({ where: { number: claim.number }, create: data, update: data });
  await transaction.expectation.deleteMany({ where: { claim: claim.number } });
  await transaction.expectation.createMany({
    data: claim.expectations.map(({ id, from, what, item, since, due, next, rung }) => ({ claim: claim.number, id, from, what, item: item ?? null, since, due, nextDo: next.do, nextAt: next.at, rung })),
  });
}

/** The state that `project` wrote: its own output, so its shape is known. */
export const claimOf = (state: Prisma.JsonValue): Claim => JSON.parse(JSON.stringify(state));

function columnsOf(claim: Claim): Prisma.ClaimUncheckedCreateInput {
  return {
    number: claim.number,
    line: claim.line,
    jurisdiction: claim.jurisdiction,
    branch: claim.branch,
    stage: claim.stage,
    stageSince: claim.stageSince,
    outcome: claim.outcome ?? null,
    handler: claim.handler,
    surveyor: claim.surveyor,
    urgency: claim.urgency,
    problem: claim.problems[0]?.what ?? null,
    claimedMinor: claimedTotal(claim.items),
    currency: claim.currency,
    openedAt: claim.noticedAt,
    nextAt: nextActionAt(claim) ?? null,
    waitingSince: claim.expectations.map(({ since }) => since).toSorted()[0] ?? null,
    seq: claim.seq,
    state: JSON.parse(JSON.stringify(claim)),
  };
}
