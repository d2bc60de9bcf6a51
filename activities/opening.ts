import type { KeyObject } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ReadNotice } from '../providers/ports.ts';
import { calendarFor, usualIn } from '../config/calendars.ts';
import { todayIn } from '../config/today.ts';
import { houseRules, type RuleBook } from '../config/rules/load.ts';
import type { Claim } from '../domain/claim/claim.ts';
import type { PolicyFacts } from '../domain/claim/commands.ts';
import { openClaim, openWhole } from '../domain/claim/decide.ts';
import { marksOfParty, noticeIn, type Filer } from '../domain/claim/filing.ts';
import { batchOf, isGathering, nextToSend, type SendingBatch } from '../domain/messages/outbox.ts';
import { workflowIdOf, type ClaimNumber } from '../domain/ids.ts';
import type { FullOpening } from '../domain/claim/journal.ts';
import {
  indexOfParty,
  itemId,
  partyId,
  type NoticeOfLoss,
  type NoticeParty,
} from '../domain/claim/notice.ts';
import type { Party, PartyId } from '../domain/people/people.ts';
import { claimFields, picked, sealedFields, type ColumnField } from '../domain/people/party-fields.ts';
import { trusted } from '../domain/money/trusted-journal.ts';
import { present } from '../domain/present.ts';
import type { Rules, RuleVersions } from '../domain/rules/pack.ts';
import type { Instant } from '../domain/time/time.ts';
import type { Keyring } from '../security/keyring.ts';
import { checkProof } from '../security/signing.ts';
import { newPartyKey, seal } from '../security/sealing.ts';
import { intactJournal } from '../records/journal/journal-check.ts';
import { intake, type Intake, type Taken } from '../records/claims/intake.ts';
import { assign, type Assignment } from '../records/claims/assignment.ts';
import { numbersOnRecord, type NumbersOnRecord } from '../records/claims/claim-numbers.ts';
import type { Database } from '../records/database.ts';
import { standingOf, takeOwnership } from '../records/claims/owner.ts';
import { entryOf } from '../records/claims/projection.ts';
import { storedClaim } from '../records/claims/stored-claim.ts';
import { ownRun, type PutBack } from './ownership.ts';
import { carriedOut, type Carried, type MomentParts } from './moment.ts';
import type { Marking } from '../domain/people/marks.ts';
import { marking } from '../records/keys/contact-key.ts';
import { policyOf, type PolicyOnRecord } from '../records/parties/policies.ts';

export interface OpeningActivities {
  /**
   * Opens the claim: keeps the notice, stores the first entries, sends the acknowledgement. `filer` is who
   * filed it, by the proof that came with it.
   */
  openFrom(notice: { now: Instant; filer: Filer }): Promise<
    | {
        kind: 'opened';
        opening: FullOpening;
        policy: PolicyFacts | null;
        rules: Rules;
        runEvents: number;
        carried: Carried;
      }
    | { kind: 'elsewhere'; number: string }
    | { kind: 'already-filed'; number: string; isOpen: boolean }
    | { kind: 'not-opened'; sentence: string }
  >;
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
  readPolicy(of: { policy: string; lossAt: Instant }): Promise<PolicyFacts | undefined>;
}

/**
 * The settings of a new claim. They are recorded in its history, so a changed setting affects only later
 * claims and runs.
 */
export interface OpeningSettings {
  /** The pace of its rules. */
  pace: string;
  /** Where the rules come from; absent: those of the project. */
  rules?: RuleBook;
  /** At this number of history events a run hands over to a new one. */
  runEvents: number;
}

interface OpeningParts {
  database: Database;
  keyring: Keyring;
  noticeOf: ReadNotice;
  settings: OpeningSettings;
  parts: MomentParts;
  putBack: PutBack;
  roots: readonly KeyObject[];
}

export function openingActivities({
  database,
  keyring,
  noticeOf,
  settings: { pace, rules: book = houseRules, runEvents },
  parts,
  putBack,
  roots,
}: OpeningParts): OpeningActivities {
  return {
    /**
     * Personal data goes to PostgreSQL, the rest is returned. Safe to run twice: stored data stays, and a
     * claim that this run has opened before is opened as it was.
     */
    async openFrom({ now, filer }) {
      const { workflowId, runId } = activityInfo().workflowExecution ?? { workflowId: '', runId: '' };
      const taken = await intake(
        await noticeOf(workflowId, runId),
        { now, packs: book.inForce(pace), purpose: 'opening' },
        {
          policyOf: (number) => policyOf(database, number),
          numbersOf: (notice) => numbersOnRecord(database, keyring, notice),
        },
      );
      // Of the notices here only that of a claim that was deleted after its time.
      if (taken.kind === 'already-filed')
        return { kind: 'already-filed', number: taken.claim, isOpen: false };
      if (taken.kind === 'malformed') return { kind: 'not-opened', sentence: taken.sentence };
      if (!isWhole(taken))
        throw new Error(`The database did not answer, so the notice cannot be opened yet (${taken.kind}).`);
      const { notice, pack, policy } = taken;
      const number = numberIn(taken.numbers, workflowId);
      const before = await openedBefore(database, number);
      if (before && before.at !== now) return alreadyFiled(database, number);
      const mark = await marking(database, keyring);
      await keepTaken(database, { keyring, mark }, number, taken, now);
      if (workflowIdOf(number) !== workflowId) return { kind: 'elsewhere', number };
      const rules = { pack, calendar: calendarFor(pack, notice.lossAt, now) };
      const openedWith = (assignment: Assignment): FullOpening =>
        openingOf(taken, { number, assignment, mark, now });
      const opening =
        before?.opening ??
        openedWith(
          await assign(database, policy, {
            today: todayIn(pack.jurisdiction, now),
            pack,
            claimOf: (assignment) => openClaim(openedWith(assignment), { now, rules }, filer).claim,
          }),
        );
      const { entries, claim } = openWhole(opening, policy?.facts, { now, rules }, filer);
      const carried = await carriedOut(
        parts,
        {
          claim: number,
          rules: opening.rules,
          entries,
          stored: 0,
          ...present({ sending: firstMessages(claim, rules, now) }),
        },
        runId,
      );
      return { kind: 'opened', opening, policy: policy?.facts ?? null, rules, runEvents, carried };
    },

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

    readPolicy: async ({ policy }) => (await policyOf(database, policy))?.facts,
  };
}

/** Keeps the notice of loss and its parties again, for a claim whose records were lost. */
export const keepNoticeAgain =
  ({ database, keyring, settings }: Pick<OpeningParts, 'database' | 'keyring' | 'settings'>) =>
  async ({ claim, start, now }: { claim: ClaimNumber; start: unknown; now: Instant }): Promise<void> => {
    const { pace, rules: book = houseRules } = settings;
    const taken = await intake(
      noticeIn(start),
      { now, packs: book.inForce(pace), purpose: 'opening' },
      {
        policyOf: (number) => policyOf(database, number),
        numbersOf: (notice) => numbersOnRecord(database, keyring, notice),
      },
    );
    if (taken.kind !== 'taken')
      throw new Error(`The notice of ${claim} cannot be read again (${taken.kind}).`);
    const mark = await marking(database, keyring);
    await keepTaken(database, { keyring, mark }, claim, taken, now);
  };

/** Payments stay held, and people repair the journal. */
const broken = (claim: ClaimNumber, at: number, why = 'its chain of hashes breaks'): ApplicationFailure =>
  ApplicationFailure.nonRetryable(
    `The journal of ${claim} is wrong at entry ${at} (${why}); it must be repaired first.`,
    'JournalDiverged',
  );

const lacking = (claim: ClaimNumber, seq: number): ApplicationFailure =>
  ApplicationFailure.nonRetryable(
    `The records lack entries of ${claim} after entry ${seq}, and its history does not have them.`,
    'JournalDiverged',
  );

async function alreadyFiled(
  database: Database,
  number: ClaimNumber,
): Promise<{ kind: 'already-filed'; number: ClaimNumber; isOpen: boolean }> {
  const isOpen = (await storedClaim(database, number))?.outcome === undefined;
  return { kind: 'already-filed', number, isOpen };
}

/** How and when a claim was opened before, by this run or by an earlier one. */
async function openedBefore(
  database: Database,
  claim: ClaimNumber,
): Promise<{ at: Instant; opening: FullOpening } | undefined> {
  const [row] = await database.prepared<{ entry: string }>('first-entry', firstEntry, [claim]);
  const entry = row && entryOf(row.entry);
  if (entry?.kind !== 'claim-opened') return undefined;
  const { kind: _, seq: _seq, at, by: _by, message: _message, received: _received, ...opening } = entry;
  return { at, opening };
}

const firstEntry = 'SELECT entry FROM journal_entry WHERE claim = $1 AND seq = 1';

export const firstMessages = (claim: Claim, rules: Rules, now: Instant): SendingBatch | undefined =>
  batchOf(
    claim,
    rules,
    now,
    nextToSend(claim).filter((each) => !isGathering(each, now)),
  );

/**
 * A notice that was taken while the database answered. Without it nothing can be kept, so the activity is
 * tried again.
 */
type Whole = Taken & { policy: PolicyOnRecord | undefined; numbers: NumbersOnRecord };

const isWhole = (taken: Intake): taken is Whole =>
  taken.kind === 'taken' && taken.policy !== 'down' && taken.numbers !== 'down';

/**
 * The number that the notice has already; otherwise the one of its workflow id, if free; otherwise its first
 * free one.
 */
function numberIn({ own, free }: NumbersOnRecord, workflowId: string): ClaimNumber {
  const number = own ?? free.find((each) => workflowIdOf(each) === workflowId) ?? free[0];
  if (number === undefined) throw new Error('All possible numbers of this notice belong to other notices.');
  return number;
}

/** A party whose language and clock are known. */
type Reader = Omit<NoticeParty, ColumnField> & Record<ColumnField, string>;
type Kept = Pick<NoticeOfLoss, 'source' | 'reference' | 'place' | 'description' | 'items'> & {
  parties: Reader[];
};

/** The notice and its parties, whose language and clock are the usual ones where the notice names none. */
function keepTaken(
  database: Database,
  by: { keyring: Keyring; mark: Marking },
  claim: ClaimNumber,
  { notice, pack }: Taken,
  now: Instant,
): Promise<void> {
  const usual = usualIn(pack.jurisdiction);
  const parties = notice.parties.map((party) => ({ ...usual, ...party }));
  return keep(database, by, claim, { ...notice, parties }, now);
}

/**
 * Each party is sealed under its own key, with the plates of its items, and the notice's free text under the
 * first party's. If another
 * notice has just taken the number, or the same notice another number, the database rejects the row, and the
 * next attempt reads the owner.
 */
async function keep(
  database: Database,
  { keyring, mark }: { keyring: Keyring; mark: Marking },
  claim: string,
  { source, reference, place, description, items, parties }: Kept,
  now: Instant,
): Promise<void> {
  const keys = parties.map(() => newPartyKey(keyring));
  const rows = parties.map((party, index) => {
    const plates = platesOf(items, (name) => indexOfParty({ parties }, name) === index);
    return partyRow({ claim, id: partyId(index), key: keys[index] ?? '' }, { party, plates }, keyring);
  });
  await database.prepared('keep-notice', keeping, [
    claim,
    source,
    mark('reference', reference),
    partyId(0),
    seal(keys[0] ?? '', keyring, { reference, place, description }, `${claim}/notice`),
    now,
    JSON.stringify(rows),
  ]);
}

/** Number plates by item, of the items of one party; undefined where there are none. */
const platesOf = (
  items: NoticeOfLoss['items'],
  isTheirs: (party: string) => boolean,
): Record<string, string> | undefined => {
  const plates = items.flatMap(({ plate, party }, index) =>
    plate === undefined || !isTheirs(party) ? [] : [[itemId(index), plate] as const],
  );
  return plates.length > 0 ? Object.fromEntries(plates) : undefined;
};

/** One statement, so that there is no notice without its parties. */
const keeping = `
  WITH kept AS (
    INSERT INTO notice (claim, source, reference, party, sealed, at)
    SELECT $1, $2, $3, $4, $5, $6::timestamptz
    WHERE NOT EXISTS (SELECT FROM notice WHERE claim = $1 AND source = $2 AND reference = $3)
    RETURNING claim)
  INSERT INTO party (claim, id, role, locale, time_zone, key, sealed)
  SELECT kept.claim, row.id, row.role, row.locale, row.time_zone, row.key, row.sealed
  FROM kept, jsonb_to_recordset($7::jsonb)
    AS row(id text, role text, locale text, time_zone text, key text, sealed text)`;

function partyRow(
  { claim, id, key }: { claim: string; id: PartyId; key: string },
  { party, plates }: { party: Reader; plates: Record<string, string> | undefined },
  keyring: Keyring,
) {
  return {
    id,
    role: party.role,
    locale: party.locale,
    time_zone: party.timeZone,
    key,
    sealed: seal(key, keyring, { ...picked(party, sealedFields), ...present({ plates }) }, `${claim}/${id}`),
  };
}

interface Terms {
  number: ClaimNumber;
  assignment: Assignment;
  mark: Marking;
  now: Instant;
}

function openingOf(
  { notice, pack, currency, items, totalMinor, urgency }: Whole,
  { number, assignment, mark, now }: Terms,
): FullOpening {
  return present({
    source: notice.source,
    reference: mark('reference', notice.reference),
    number,
    line: pack.line,
    jurisdiction: pack.jurisdiction,
    currency,
    rules: pack.versions,
    policy: notice.policy,
    lossAt: notice.lossAt,
    noticedAt: now,
    urgency,
    ...assignment,
    surveyWaived: totalMinor <= (pack.surveyAboveMinor ?? -1) ? (true as const) : undefined,
    parties: notice.parties.map((party, index) => partyOf(party, partyId(index), mark)),
    items: items.map(({ party, plate, ...item }, index) => ({
      id: itemId(index),
      ...item,
      ...present({ vehicle: plate === undefined ? undefined : mark('vehicle', plate) }),
      party: partyId(indexOfParty(notice, party)),
    })),
  });
}

/** The data of a party in the claim: codes, its channels, and its marks. */
function partyOf(party: NoticeParty, id: PartyId, mark: Marking): Party {
  const { role, phone, email } = party;
  return present({
    id,
    role,
    reach: { sms: phone !== undefined, email: email !== undefined },
    ...picked(party, claimFields),
    ...marksOfParty(party, mark),
  });
}
