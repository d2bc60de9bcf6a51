import type { KeyObject } from 'node:crypto';
import { DatabaseError } from 'pg';
import { houseRules, type RuleBook } from '../../config/rules/load.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { BankPort, ClaimRuns, RecordedRun } from '../../providers/ports.ts';
import { notTheOwner, standingOf, takeOwnership } from '../../records/claims/owner.ts';
import { textOf } from '../../records/claims/projection.ts';
import type { Database } from '../../records/database.ts';
import { intactJournal } from '../../records/journal/journal-check.ts';
import type { Keyring } from '../../security/keyring.ts';
import type { Renderer } from '../../wording/renderer/renderer.ts';
import { storeEntries } from '../journal.ts';
import type { PutBack } from '../ownership.ts';
import { inHistories, type InHistories } from './in-histories.ts';
import { ledgerPutBack } from './ledger.ts';
import { placesPutBack } from './places.ts';

/**
 * `whole`: the records hold all that the histories do. `other`: they hold something else from entry `at` on,
 * and they win. `missing`: neither they nor the histories have these entries. `broken`: the chain of hashes
 * in the records is, so nothing is added to it.
 */
export type Restored =
  | { kind: 'whole' }
  | { kind: 'put-back'; entries: number }
  | { kind: 'other'; at: number }
  | { kind: 'broken'; at: number }
  | { kind: 'missing'; from: number; to: number };

/**
 * `run`: the run whose history counts most; absent: the owner's. Where something is put back, `run`, or else
 * the owner, owns the claim afterwards. `knows`: the run knows all that the records hold now.
 */
export type RestoreClaim = (claim: ClaimNumber, run?: string) => Promise<Restored & { knows: boolean }>;

export interface RestoringParts {
  database: Database;
  keyring: Keyring;
  roots: readonly KeyObject[];
  runs: ClaimRuns;
  renderer: Renderer;
  bank: BankPort;
  /** Keeps the personal data of a notice of loss and its parties, under keys of their own. */
  keepNotice(notice: { claim: ClaimNumber; start: unknown; now: Instant }): Promise<void>;
  rules?: RuleBook;
}

/**
 * Puts back what the records have lost of a claim, such as after a restore from a backup: the entries of its
 * journal, the notice of loss and its parties, the places of its payments, and the lines of its messages in
 * the ledger. All of it comes from the histories of the claim's runs. Safe to run twice, and in two places at
 * once. What histories do not hold is lost: notes, corrected contacts, accounts, the lines of attachments.
 */
export function claimRestorer(given: RestoringParts): RestoreClaim {
  const parts = { ...given, rules: given.rules ?? houseRules };
  return async (claim, run) => {
    for (let attempt = 1; ; attempt += 1)
      try {
        return await restoreOnce(parts, claim, run);
      } catch (fault) {
        // Somebody else has stored what follows, or owns the claim, meanwhile.
        if (!isOvertaken(fault) || attempt === attempts) throw fault;
      }
  };
}

const attempts = 5;

/** check_violation is the journal's trigger's, for an entry that does not follow; unique_violation. */
const overtaken = ['23514', '23505', notTheOwner];
const isOvertaken = (fault: unknown): boolean =>
  fault instanceof DatabaseError && overtaken.includes(fault.code ?? '');

/** The same as the claim's activities need it. */
export const makePutBack =
  (restore: RestoreClaim): PutBack =>
  async (claim, run) => {
    const { kind, knows } = await restore(claim, run);
    if (kind === 'missing') return 'missing';
    return kind === 'put-back' && knows ? 'put-back' : 'records-win';
  };

async function restoreOnce(
  { rules, ...parts }: Required<RestoringParts>,
  claim: ClaimNumber,
  run: string | undefined,
): Promise<Restored & { knows: boolean }> {
  const { database } = parts;
  const journal = await intactJournal(database, claim);
  if (journal.kind === 'broken') return { kind: 'broken', at: journal.at, knows: false };
  const stored = journal.entries;
  const { owner } = await standingOf(database, claim);
  const histories = await historiesOf(parts.runs, claim, { stored: stored.length, first: [run, owner] });
  const found = inHistories(histories);
  const other = stored.find((entry) => differs(found.entries.get(entry.seq), entry));
  if (other) return { kind: 'other', at: other.seq, knows: false };
  const fresh = followingOn(found.entries, stored.length);
  const next = stored.length + fresh.length + 1;
  if (found.last >= next) return { kind: 'missing', from: next, to: lastMissing(found, next), knows: false };
  const entries = [...stored, ...fresh];
  const [first] = entries;
  if (first?.kind !== 'claim-opened') return { kind: 'whole', knows: false };
  if (stored.length === 0 && found.opened) await parts.keepNotice({ claim, ...found.opened });
  const storing = run ?? owner ?? histories[0]?.run;
  if (fresh.length > 0 && storing !== undefined) {
    await takeOwnership(database, { claim, run: storing, after: 'anybody' });
    await storeEntries(database, { claim, rules: first.rules, entries: fresh, run: storing }, stored, rules);
  }
  await placesPutBack({ ...parts, rules }, entries, found.instructed);
  await ledgerPutBack(parts, found.messages);
  const knows = inHistories(chainOf(histories, run)).entries.has(entries.length);
  return fresh.length > 0 ? { kind: 'put-back', entries: fresh.length, knows } : { kind: 'whole', knows };
}

/** The run and those that it continues. */
function chainOf(histories: readonly RecordedRun[], run: string | undefined): RecordedRun[] {
  const own = histories.find((each) => each.run === run);
  return own
    ? [
        own,
        ...chainOf(
          histories.filter((each) => each !== own),
          own.before,
        ),
      ]
    : [];
}

const differs = (found: JournalEntry | undefined, stored: JournalEntry): boolean =>
  found !== undefined && textOf(found) !== textOf(stored);

function followingOn(entries: Map<number, JournalEntry>, after: number): JournalEntry[] {
  const following: JournalEntry[] = [];
  for (let seq = after + 1; ; seq += 1) {
    const entry = entries.get(seq);
    if (!entry) return following;
    following.push(entry);
  }
}

const lastMissing = ({ entries, last }: InHistories, from: number): number =>
  Math.min(last, ...[...entries.keys()].filter((each) => each > from).map((each) => each - 1));

/**
 * Reads the run, the run before it, and so on; then so the newest run, and all others that the engine knows;
 * until what is read has some of the journal and lacks nothing after the stored entries. A run that was reset
 * is another run with the same beginning: the run that it was reset from is read, too.
 */
async function historiesOf(
  runs: ClaimRuns,
  claim: ClaimNumber,
  { stored, first }: { stored: number; first: (string | undefined)[] },
): Promise<RecordedRun[]> {
  const read: RecordedRun[] = [];
  const visited = new Set<string>();
  const isEnough = (): boolean => {
    const { entries } = inHistories(read);
    return entries.size > 0 && Math.min(...entries.keys()) <= Math.max(1, stored);
  };
  const follow = async (from: string | undefined): Promise<void> => {
    for (let next = from; next !== undefined && !visited.has(next);) {
      visited.add(next);
      const recorded = await runs.recorded(claim, next);
      if (recorded) read.push(recorded);
      if (recorded?.resetFrom !== undefined) await follow(recorded.resetFrom);
      next = recorded && !isEnough() ? recorded.before : undefined;
    }
  };
  for (const run of first) await follow(run);
  await follow((await runs.newest(claim))?.run);
  if (!isEnough())
    for (const other of await runs.runsOf(claim)) {
      await follow(other);
      if (isEnough()) break;
    }
  return read;
}
