import { calendarFor } from '../../config/calendars.ts';
import { houseRules, type RuleBook } from '../../config/rules/load.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import { doubt, unsignedIn, type Doubt, type SignedBy } from '../../domain/claim/signed-entries.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import { isCompared, trusted } from '../../domain/money/trusted-journal.ts';
import { beforeAll, chainOf, type ChainEnd, type StoredRow } from '../../security/journal-chain.ts';
import type { Finding } from '../own-api/schemas/record-checks.ts';
import { finding } from './findings.ts';

export type CheckedJournal =
  | { kind: 'good'; end: ChainEnd; entries: readonly JournalEntry[] }
  /** From these entries alone it cannot be known: the journal must be read from its first one. */
  | { kind: 'read whole' }
  | { kind: 'wrong'; finding: Finding };

/**
 * Checks the entries after a known one: numbers, hashes, columns and signatures. Where money rests on one of
 * them, the whole journal must be read, to decide again.
 */
export function checkedAfter(
  claim: ClaimNumber,
  after: ChainEnd,
  rows: readonly StoredRow[],
  signedBy: SignedBy,
): CheckedJournal {
  const chain = chainOf(rows, after);
  if (chain.kind === 'broken') return { kind: 'read whole' };
  const [first] = chain.entries;
  if (chain.entries.some(isCompared) || (first?.message !== undefined && !first.received))
    return { kind: 'read whole' };
  const unsigned = unsignedIn(claim, chain.entries, signedBy);
  return unsigned ? { kind: 'wrong', finding: forged(claim, unsigned) } : goodOf(chain);
}

/**
 * Checks a whole journal: the same, that its decisions follow from what was signed and from its rules, and
 * that it continues the head in the last signed file. What an auditor has accepted up to an entry is not
 * judged: its hashes alone are checked, and of later entries the signatures too.
 */
export function checkedWhole(
  claim: ClaimNumber,
  rows: readonly StoredRow[],
  { anchored, accepted }: { anchored: ChainEnd | undefined; accepted: number | undefined },
  signedBy: SignedBy,
): CheckedJournal {
  const chain = chainOf(rows, beforeAll);
  if (chain.kind === 'broken') return { kind: 'wrong', finding: broken(claim, chain) };
  const { entries } = chain;
  const doubted =
    accepted === undefined
      ? doubtIn(entries, signedBy, claim)
      : unsignedIn(claim, entries.slice(accepted), signedBy);
  if (doubted) return { kind: 'wrong', finding: forged(claim, doubted) };
  const off = anchored && offAnchor(claim, rows, anchored);
  return off ? { kind: 'wrong', finding: off } : goodOf(chain);
}

const goodOf = ({ end, entries }: { end: ChainEnd; entries: readonly JournalEntry[] }): CheckedJournal => ({
  kind: 'good',
  end,
  entries,
});

/** An anchored head that is not on the chain. */
function offAnchor(
  claim: ClaimNumber,
  rows: readonly StoredRow[],
  { seq, hash }: ChainEnd,
): Finding | undefined {
  const there = rows[seq - 1]?.hash;
  if (there === hash) return undefined;
  return there === undefined
    ? finding(
        'cut',
        { claim, entry: rows.length + 1 },
        `The last signed file has ${seq} entries, and the journal ends with ${rows.length}`,
      )
    : finding(
        'changed',
        { claim, entry: seq },
        `The last signed file has another hash of entry ${seq}: it, or one before it, was changed, ` +
          'and all hashes were computed anew',
      );
}

const whyBroken = {
  missing: 'is missing',
  changed: 'is not what its hash says, or its columns say something else',
  'does-not-continue': 'does not continue the entry before it',
};

function broken(claim: ClaimNumber, { at, why }: { at: number; why: keyof typeof whyBroken }): Finding {
  return finding(
    why === 'missing' ? 'missing' : 'changed',
    { claim, entry: at },
    `Entry ${at} ${whyBroken[why]}`,
  );
}

const forged = (claim: ClaimNumber, { seq, why }: Doubt): Finding =>
  finding('forged', { claim, entry: seq }, why);

/**
 * The first entry that nobody signed, or that does not follow from what was signed and from the rules that
 * the claim recorded. The policy as it was is not in the journal, so the check of cover is taken as recorded.
 * Throws when the rules cannot be read.
 */
export function doubtIn(
  entries: JournalEntry[],
  signedBy: SignedBy,
  claim: ClaimNumber,
  book: RuleBook = houseRules,
): Doubt | undefined {
  const [first] = entries;
  if (first?.kind !== 'claim-opened') return doubt({ seq: 1 }, 'A journal begins with claim-opened.');
  const unsigned = unsignedIn(claim, entries, signedBy);
  if (unsigned) return unsigned;
  const pack = book.recorded(first.rules);
  const rules = { pack, calendar: calendarFor(pack, first.lossAt, first.at) };
  const answer = trusted(entries, { policy: 'not compared', rules, signedBy });
  return answer.kind === 'doubtful' ? answer : undefined;
}
