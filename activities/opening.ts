import { activityInfo } from '@temporalio/activity';
import { calendarFor, usualIn } from '../config/calendars.ts';
import { readNotice } from '../config/notice-schema.ts';
import { houseRules, type RuleBook } from '../config/rules/load.ts';
import { claimedTotal } from '../domain/claim/claim.ts';
import type { PolicyFacts } from '../domain/claim/commands.ts';
import { hashOf } from '../domain/hash.ts';
import { workflowIdOf, type ClaimNumber } from '../domain/ids.ts';
import type { Opening } from '../domain/claim/journal.ts';
import { minorUnits } from '../domain/money/money.ts';
import type { NoticeOfLoss, NoticeParty } from '../domain/claim/notice.ts';
import type { Rules, RuleVersions } from '../domain/rules/pack.ts';
import type { Instant } from '../domain/time/time.ts';
import type { Keyring } from '../security/keyring.ts';
import { newPartyKey, seal } from '../security/sealing.ts';
import { lineOf, type Intake } from '../records/claims/assignment.ts';
import { numbersOnRecord } from '../records/claims/claim-numbers.ts';
import type { Database } from '../records/database.ts';
import { fingerprintOf } from '../records/parties/parties.ts';
import { policyOf } from '../records/parties/policies.ts';

export interface OpeningActivities {
  takeNotice(at: { now: Instant }): Promise<
    | {
        kind: 'opened';
        opening: Opening & { source: string; reference: string };
        policy: PolicyFacts | null;
        rules: Rules;
        runEvents: number;
      }
    | { kind: 'already-filed'; number: string }
    | { kind: 'not-opened'; sentence: string }
  >;
  readRules(of: {
    claim: string;
    versions: RuleVersions;
    lossAt: Instant;
    now: Instant;
  }): Promise<{ rules: Rules; runEvents: number }>;
  readPolicy(of: { policy: string; lossAt: Instant }): Promise<PolicyFacts | undefined>;
}

/**
 * What a new claim runs under; recorded in its history, so that another setting reaches only later claims and
 * runs.
 */
export interface OpeningSettings {
  /** The pace of its rules. */
  pace: string;
  /** Where the rules come from; absent: those of the project. */
  rules?: RuleBook;
  /** From how many history events on a run hands over to a new one. */
  runEvents: number;
}

/**
 * Reads the notice of loss that the running workflow was started with: it is personal, so it travels in no
 * activity's input.
 */
export type ReadNotice = (workflowId: string, firstRun: string) => Promise<unknown>;

export function openingActivities(
  database: Database,
  keyring: Keyring,
  noticeOf: ReadNotice,
  { pace, rules: book = houseRules, runEvents }: OpeningSettings,
): OpeningActivities {
  return {
    /**
     * Keeps the personal part in PostgreSQL and gives the rest. Safe to run twice: what is kept already
     * stays.
     */
    async takeNotice({ now }) {
      const { workflowId, runId } = activityInfo().workflowExecution ?? { workflowId: '', runId: '' };
      const reading = readNotice(await noticeOf(workflowId, runId), { now });
      if (reading.kind === 'malformed') return { kind: 'not-opened', sentence: reading.sentence };
      const { notice } = reading;
      const { number, isOpened } = await numberOf(database, notice, workflowId);
      // Of a run before this one: entries follow only after this has returned.
      if (isOpened) return { kind: 'already-filed', number };
      const policy = await policyOf(database, notice.policy);
      const intake = await lineOf(database, notice, policy, book.inForce(pace));
      const pack = book.newest({ line: intake.line, jurisdiction: intake.jurisdiction, pace });
      const unknown = notice.items.find(({ object }) => !pack.objects[object]);
      if (unknown)
        return {
          kind: 'not-opened',
          sentence: `items: "${unknown.object}" is not an object that ${pack.line} claims know; they know ${Object.keys(pack.objects).join(', ')}.`,
        };
      const inexact = notice.items.find(({ claimed }) => minorUnits(claimed, intake.currency) === undefined);
      if (inexact)
        return {
          kind: 'not-opened',
          sentence: `items: claimed "${inexact.claimed}" is not an amount in ${intake.currency}.`,
        };
      await keep(
        database,
        keyring,
        number,
        {
          ...notice,
          parties: notice.parties.map((party) => ({ ...usualIn(intake.jurisdiction), ...party })),
        },
        now,
      );
      const opening = openingOf(
        notice,
        number,
        {
          ...intake,
          rules: pack.versions,
          majorFromMinor: pack.majorFromMinor,
          unsurveyedUpToMinor: pack.surveyAboveMinor ?? -1,
        },
        now,
      );
      return {
        kind: 'opened',
        opening,
        policy: policy?.facts ?? null,
        rules: { pack, calendar: calendarFor(pack, notice.lossAt, now) },
        runEvents,
      };
    },

    async readRules({ versions, lossAt, now }) {
      const pack = book.recorded(versions);
      return { rules: { pack, calendar: calendarFor(pack, lossAt, now) }, runEvents };
    },

    readPolicy: async ({ policy }) => (await policyOf(database, policy))?.facts,
  };
}

/**
 * The one that the notice has already; else the one that it was started under, or its first, unless that is
 * another notice's: then its next.
 */
async function numberOf(
  database: Database,
  notice: NoticeOfLoss,
  workflowId: string,
): Promise<{ number: ClaimNumber; isOpened: boolean }> {
  const { own, isOpened, free } = await numbersOnRecord(database, notice);
  const number = own ?? free.find((each) => workflowIdOf(each) === workflowId) ?? free[0];
  if (number === undefined) throw new Error("Every number that this notice may go by is another notice's.");
  return { number, isOpened };
}

/** A party whose language and clock are known. */
type Reader = NoticeParty & Required<Pick<NoticeParty, 'locale' | 'timeZone'>>;
type Kept = Pick<NoticeOfLoss, 'source' | 'reference' | 'place' | 'description'> & { parties: Reader[] };

/**
 * Parties each under a key of their own; what the notice says in words under its first party's. Where another
 * notice has taken the number
 * just now, or the same notice another number, the records refuse it, and the next attempt sees whose is
 * whose.
 */
async function keep(
  database: Database,
  keyring: Keyring,
  claim: string,
  { source, reference, place, description, parties }: Kept,
  now: Instant,
): Promise<void> {
  const keys = parties.map(() => newPartyKey(keyring));
  const rows = parties.map((party, index) => partyRow(claim, party, index, keys[index] ?? '', keyring));
  await database.prepared('keep-notice', keeping, [
    claim,
    source,
    reference,
    partyId(0),
    seal(keys[0] ?? '', keyring, { place, description }, `${claim}/notice`),
    now,
    JSON.stringify(rows),
  ]);
}

/** One statement, so that there is no notice without its parties. */
const keeping = `
  WITH kept AS (
    INSERT INTO notice (claim, source, reference, party, sealed, at)
    SELECT $1, $2, $3, $4, $5, $6::timestamptz WHERE NOT EXISTS (SELECT FROM notice WHERE claim = $1 AND source = $2 AND reference = $3)
    RETURNING claim)
  INSERT INTO party (claim, id, role, locale, time_zone, key, sealed)
  SELECT kept.claim, row.id, row.role, row.locale, row.time_zone, row.key, row.sealed
  FROM kept, jsonb_to_recordset($7::jsonb) AS row(id text, role text, locale text, time_zone text, key text, sealed text)`;

function partyRow(
  claim: string,
  { role, name, phone, email, account, locale, timeZone }: Reader,
  index: number,
  key: string,
  keyring: Keyring,
) {
  const id = partyId(index);
  return {
    id,
    role,
    locale,
    time_zone: timeZone,
    key,
    sealed: seal(key, keyring, { name, phone, email, account }, `${claim}/${id}`),
  };
}

type Terms = Intake & {
  rules: RuleVersions;
  majorFromMinor: number;
  unsurveyedUpToMinor: number;
};

function openingOf(
  notice: NoticeOfLoss,
  number: string,
  terms: Terms,
  now: Instant,
): Opening & { source: string; reference: string } {
  const items = notice.items.map(({ object, party, claimed }, index) => ({
    id: `item-${index + 1}`,
    object,
    party: partyId(indexOfParty(notice, party)),
    claimedMinor: minorUnits(claimed, terms.currency) ?? 0,
  }));
  const total = claimedTotal(items);
  return {
    source: notice.source,
    reference: hashOf(notice.reference),
    number,
    line: terms.line,
    jurisdiction: terms.jurisdiction,
    branch: terms.branch,
    currency: terms.currency,
    rules: terms.rules,
    policy: notice.policy,
    lossAt: notice.lossAt,
    noticedAt: now,
    urgency: total >= terms.majorFromMinor ? 'priority' : 'normal',
    handler: terms.handler,
    surveyor: terms.surveyor,
    ...(total <= terms.unsurveyedUpToMinor && { surveyWaived: true as const }),
    parties: notice.parties.map(({ role, phone, email, account, prefers }, index) => ({
      id: partyId(index),
      role,
      reach: { sms: phone !== undefined, email: email !== undefined },
      ...(prefers && { prefers }),
      ...(account && { account: fingerprintOf(number, partyId(index), account) }),
    })),
    items,
  };
}

const partyId = (index: number): string => `party-${index + 1}`;

/** The schema has seen to it that the party is there. */
const indexOfParty = ({ parties }: NoticeOfLoss, name: string): number =>
  Math.max(
    0,
    parties.findIndex(({ id, role }) => id === name || role === name),
  );
