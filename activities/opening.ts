import { activityInfo } from '@temporalio/activity';
import type { ReadNotice } from '../providers/ports.ts';
import { calendarFor } from '../config/calendars.ts';
import { todayIn } from '../config/today.ts';
import { houseRules } from '../config/rules/load.ts';
import type { Claim } from '../domain/claim/claim.ts';
import { concerning, type PolicyAnswer } from '../domain/money/policy.ts';
import { openClaim, openWhole } from '../domain/claim/decide.ts';
import { marksOfParty, type Filer } from '../domain/claim/filing.ts';
import { batchOf, isGathering, nextToSend, type SendingBatch } from '../domain/messages/outbox.ts';
import { workflowIdOf, type ClaimNumber } from '../domain/ids.ts';
import type { FullOpening } from '../domain/claim/journal.ts';
import { indexOfParty, itemId, partyId, type NoticeParty } from '../domain/claim/notice.ts';
import type { Party, PartyId } from '../domain/people/people.ts';
import { claimFields, picked } from '../domain/people/party-fields.ts';
import { present } from '../domain/present.ts';
import type { Rules } from '../domain/rules/pack.ts';
import type { Instant } from '../domain/time/time.ts';
import type { Keyring } from '../security/keyring.ts';
import { intake, type Intake, type Taken } from '../records/claims/intake.ts';
import { assign, type Assignment } from '../records/claims/assignment.ts';
import { numbersOnRecord, type NumbersOnRecord } from '../records/claims/claim-numbers.ts';
import type { Database } from '../records/database.ts';
import { entryOf } from '../records/claims/projection.ts';
import { storedClaim } from '../records/claims/stored-claim.ts';
import { keepTaken } from './kept-notice.ts';
import type { OpeningSettings } from './opening-settings.ts';
import { carriedOut, type Carried, type MomentParts } from './moment.ts';
import type { Mark, Marking } from '../domain/people/marks.ts';
import { marking } from '../records/keys/contact-key.ts';
import { policyOf, type PolicyOnRecord } from '../records/policies/policies.ts';

export interface OpeningActivities {
  /**
   * Opens the claim: keeps the notice, stores the first entries, sends the acknowledgement. `filer` is who
   * filed it, by the proof that came with it.
   */
  openFrom(notice: { now: Instant; filer: Filer }): Promise<
    | {
        kind: 'opened';
        opening: FullOpening;
        policy: PolicyAnswer;
        rules: Rules;
        runEvents: number;
        carried: Carried;
      }
    | { kind: 'elsewhere'; number: string }
    | { kind: 'already-filed'; number: string; isOpen: boolean }
    | { kind: 'not-opened'; sentence: string }
  >;
  /** The policy for what the items are about. */
  readPolicy(of: {
    policy: string;
    lossAt: Instant;
    items: { object: string; vehicle?: Mark }[];
  }): Promise<PolicyAnswer>;
}

interface OpeningParts {
  database: Database;
  keyring: Keyring;
  noticeOf: ReadNotice;
  settings: OpeningSettings;
  parts: MomentParts;
}

export function openingActivities({
  database,
  keyring,
  noticeOf,
  settings: { pace, rules: book = houseRules, runEvents, hasPolicySource = false },
  parts,
}: OpeningParts): OpeningActivities {
  const answerOf = (
    policy: PolicyOnRecord | undefined,
    items: readonly { object: string; vehicle?: Mark }[],
  ): PolicyAnswer => {
    if (policy) return { kind: 'found', policy: concerning(policy.facts, items) };
    return { kind: hasPolicySource ? 'awaited' : 'unknown' };
  };
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
          policyOf: (number, lossAt) => policyOf(database, number, lossAt),
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
      const answer = answerOf(policy, opening.items);
      const { entries, claim } = openWhole(opening, answer, { now, rules }, filer);
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
      return { kind: 'opened', opening, policy: answer, rules, runEvents, carried };
    },

    readPolicy: async ({ policy, lossAt, items }) =>
      answerOf(await policyOf(database, policy, lossAt), items),
  };
}

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
    cause: notice.cause,
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
