import type { KeyObject } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { calendarFor } from '../config/calendars.ts';
import { houseRules } from '../config/rules/load.ts';
import type { Claim } from '../domain/claim/claim.ts';
import type { ClaimNumber } from '../domain/ids.ts';
import { trusted } from '../domain/money/trusted-journal.ts';
import type { Rules, RuleVersions } from '../domain/rules/pack.ts';
import type { Instant } from '../domain/time/time.ts';
import { standingOf, takeOwnership } from '../records/claims/owner.ts';
import type { Database } from '../records/database.ts';
import { intactJournal } from '../records/journal/journal-check.ts';
import { checkProof } from '../security/signing.ts';
import type { OpeningSettings } from './opening-settings.ts';
import { lacking, ownRun, type PutBack } from './ownership.ts';

/** How a claim goes from run to run. */
export interface TakingUpActivities {
  /**
   * The claim goes over from the run `after` to the one after it, which has stored `stored` entries.
   * `records-win`: another run owns the claim, or the records hold more.
   */
  takeOver(of: {
    claim: string;
    after: string;
    stored: number;
    versions: RuleVersions;
    lossAt: Instant;
    now: Instant;
  }): Promise<{ kind: 'taken'; rules: Rules; runEvents: number } | { kind: 'records-win' }>;
  /**
   * Takes the claim up as its journal in the records adds up to it; from now on this run owns it. Believes
   * nothing: a journal whose chain of hashes is broken, or with an entry that nobody signed or that does not
   * follow from the others, is `JournalDiverged`, for people to repair.
   */
  takeUp(of: {
    claim: string;
    now: Instant;
  }): Promise<
    | { kind: 'taken'; state: Claim; rules: Rules; runEvents: number }
    | { kind: 'not-resumed'; sentence: string }
  >;
}

interface TakingUpParts {
  database: Database;
  settings: OpeningSettings;
  putBack: PutBack;
  /** The public root keys. */
  roots: readonly KeyObject[];
}

export const takingUpActivities = ({
  database,
  settings: { rules: book = houseRules, runEvents },
  putBack,
  roots,
}: TakingUpParts): TakingUpActivities => ({
  async takeOver({ claim, after, stored, versions, lossAt, now }) {
    const run = ownRun();
    const isOwner = await takeOwnership(database, { claim, run, after });
    const { seq } = await standingOf(database, claim);
    if (!isOwner || seq !== stored) {
      const sequel = seq > stored ? 'records-win' : await putBack(claim, run);
      if (sequel === 'missing') throw lacking(claim, seq);
      if (sequel === 'records-win') return { kind: 'records-win' };
    }
    const pack = book.recorded(versions);
    return { kind: 'taken', rules: { pack, calendar: calendarFor(pack, lossAt, now) }, runEvents };
  },

  async takeUp({ claim, now }) {
    const run = ownRun();
    if ((await putBack(claim, run)) === 'missing')
      throw lacking(claim, (await standingOf(database, claim)).seq);
    const journal = await intactJournal(database, claim);
    if (journal.kind === 'broken') throw broken(claim, journal.at);
    const [first] = journal.entries;
    if (first?.kind !== 'claim-opened')
      return { kind: 'not-resumed', sentence: `The records have no journal of ${claim}.` };
    const pack = book.recorded(first.rules);
    const rules = { pack, calendar: calendarFor(pack, first.lossAt, now) };
    const verdict = trusted(journal.entries, {
      policy: 'not compared',
      rules,
      signedBy: (proof) => checkProof(roots, proof),
    });
    if (verdict.kind === 'doubtful') throw broken(claim, verdict.seq, verdict.why);
    await takeOwnership(database, { claim, run, after: 'anybody' });
    return { kind: 'taken', state: verdict.claim, rules, runEvents };
  },
});

/** Payments stay held, and people repair the journal. */
const broken = (claim: ClaimNumber, at: number, why = 'its chain of hashes breaks'): ApplicationFailure =>
  ApplicationFailure.nonRetryable(
    `The journal of ${claim} is wrong at entry ${at} (${why}); it must be repaired first.`,
    'JournalDiverged',
  );
