import type { KeyObject } from 'node:crypto';
import { DatabaseError } from 'pg';
import { houseRules, type RuleBook } from '../../config/rules/load.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { BankPort, ClaimRuns, RecordedRun } from '../../providers/ports.ts';
import { textOf } from '../../records/claims/projection.ts';
import type { Database } from '../../records/database.ts';
import { intactJournal } from '../../records/journal/journal-check.ts';
import type { Keyring } from '../../security/keyring.ts';
import type { Renderer } from '../../wording/renderer/renderer.ts';
import type { KeepJournal } from '../journal.ts';
import { inHistories, type InHistories } from './in-histories.ts';
import { ledgerPutBack } from './ledger.ts';
import { placesPutBack } from './places.ts';

/**
 * `whole`: the records hold all that the histories do. `other`: they hold something else from entry `at` on,
 * and they win. `missing`: neither they nor the histories have these entries. `broken`: the chain of hashes in
 * the records is, so nothing is added to it.
 */
export type PutBackAnswer =
  | { kind: 'whole' }
  | { kind: 'put-back'; entries: number }
  | { kind: 'other' | 'broken'; at: number }
  | { kind: 'missing'; from: number; to: number };

/** `run`: the run whose history counts most; absent: the newest. */
export type PutBack = (claim: ClaimNumber, run?: string) => Promise<PutBackAnswer>;

export interface PutBackParts {
  database: Database;
  keyring: Keyring;
  roots: readonly KeyObject[];
  runs: ClaimRuns;
  renderer: Renderer;
  bank: BankPort;
  keepJournal: KeepJournal;
  /** Keeps the personal data of a notice of loss and its parties, under keys of their own. */
  keepNotice(notice: { claim: ClaimNumber; start: unknown; now: Instant }): Promise<void>;
  rules?: RuleBook;
}

/**
 * Puts back what the records have lost of a claim, such as after a restore from a backup: the entries of its
 * journal, the notice of loss and its parties, the places of its payments, and the lines of its messages in
 * the ledger. All of it comes from the histories of the claim's runs. Safe to run twice, and in two places at
 * once. What histories do not hold is lost: notes, corrected contacts, accounts, attachments' lines.
 */
export function makePutBack(given: PutBackParts): PutBack {
  const parts = { ...given, rules: given.rules ?? houseRules };
  return async (claim, run) => {
    for (let attempt = 1; ; attempt += 1)
      try {
        return await putBackOnce(parts, claim, run);
      } catch (fault) {
        // Somebody else has stored what follows meanwhile.
        if (!isOvertakenBy(fault) || attempt === attempts) throw fault;
      }
  };
}

const attempts = 5;

/** The journal's trigger raises it for an entry that does not follow the last one (check_violation). */
const isOvertakenBy = (fault: unknown): boolean => fault instanceof DatabaseError && fault.code === '23514';

async function putBackOnce(
  { rules, ...parts }: Required<PutBackParts>,
  claim: ClaimNumber,
  run: string | undefined,
): Promise<PutBackAnswer> {
  const journal = await intactJournal(parts.database, claim);
  if (journal.kind === 'broken') return { kind: 'broken', at: journal.at };
  const stored = journal.entries;
  const owner = await parts.database.claimOwner.findUnique({ where: { claim } });
  const found = await foundIn(parts.runs, claim, { stored: stored.length, first: [run, owner?.run] });
  const other = stored.find((entry) => differs(found.entries.get(entry.seq), entry));
  if (other) return { kind: 'other', at: other.seq };
  const fresh = followingOn(found.entries, stored.length);
  const next = stored.length + fresh.length + 1;
  if (found.last >= next) return { kind: 'missing', from: next, to: lastMissing(found, next) };
  const [first] = [...stored, ...fresh];
  if (first?.kind !== 'claim-opened') return { kind: 'whole' };
  if (fresh.length > 0) {
    if (stored.length === 0 && found.opened) await parts.keepNotice({ claim, ...found.opened });
    await parts.keepJournal({ claim, rules: first.rules, entries: fresh });
  }
  await placesPutBack({ ...parts, rules }, [...stored, ...fresh], found.instructed);
  await ledgerPutBack(parts, found.messages);
  return fresh.length > 0 ? { kind: 'put-back', entries: fresh.length } : { kind: 'whole' };
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
async function foundIn(
  runs: ClaimRuns,
  claim: ClaimNumber,
  { stored, first }: { stored: number; first: (string | undefined)[] },
): Promise<InHistories> {
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
  return inHistories(read);
}
