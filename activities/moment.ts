import type { Claim } from '../domain/claim/claim.ts';
import type { JournalEntry } from '../domain/claim/journal.ts';
import type { CalendarInUse } from '../config/calendars.ts';
import type { RuleVersions } from '../domain/rules/pack.ts';
import type { Calendar } from '../domain/time/calendar.ts';
import type { Untaken } from '../domain/claim/problems.ts';
import { mayChangeTakers } from '../domain/people/staffing.ts';
import type { SendingBatch } from '../domain/messages/outbox.ts';
import { isNews } from '../domain/money/elsewhere.ts';
import type { Elsewhere } from '../domain/money/related.ts';
import { present } from '../domain/present.ts';
import type { Instant } from '../domain/time/time.ts';
import type { ClaimRules } from '../records/claims/projection.ts';
import type { BankAnswer, Instruct, ToInstruct } from './instruct.ts';
import type { KeepJournal, Kept } from './journal.ts';
import { ownRun } from './ownership.ts';
import type { SendOutcome } from './messages/contract.ts';
import { patience, within } from './patience.ts';

/** What belongs to one moment of a claim. */
export interface Moment extends ClaimRules {
  /** New entries of the journal, in order. */
  entries: JournalEntry[];
  /** The number of the last entry that the run counts as stored. */
  stored: number;
  /** The claim's calendar; none where it has just got one. */
  calendar?: CalendarInUse;
  /** Messages that go out once the entries are stored. */
  sending?: SendingBatch;
  /** A payment that the bank is to make, once the entries are stored. */
  payment?: ToInstruct;
}

export interface Carried {
  /** One outcome for each message, in order. */
  outcomes: SendOutcome[];
  /** `later`: the bank is busy or slow, so the payment is to be instructed by itself. */
  bank?: BankAnswer | { kind: 'later' };
  /** The head of the stored journal: the number of its last entry and the beginning of its hash. */
  head?: string;
  /** What the records know of other claims that are counted together, where the claim does not know it. */
  elsewhere?: Elsewhere;
  /** In place of the claim's, when holiday lists have changed. */
  calendar?: Calendar;
  /** The open tasks that nobody may take; absent where nothing about them has changed. */
  nobody?: Untaken[];
}

export interface MomentActivities {
  carryOut(moment: Moment): Promise<Carried>;
}

export interface MomentParts {
  keepJournal: KeepJournal;
  send(batch: SendingBatch): Promise<SendOutcome[]>;
  instruct: Instruct;
  newerCalendar(rules: RuleVersions, inUse: CalendarInUse): Calendar | undefined;
  /** Shows in the read model that providers took these messages. */
  showAccepted(state: Claim, notifications: string[], now: Instant): Promise<void>;
  /** The tasks that nobody of the staff may take at this time. */
  untakenIn(state: Claim, now: Instant): Promise<Untaken[]>;
}

/**
 * Stores the entries first, and only then sends and pays: nothing leaves that the journal does not hold. Each
 * part is safe to run twice: a stored entry is skipped, the ledger sends a message at most once, the bank
 * takes a payment once under its id. A slow provider holds up no later entry: its work continues by itself.
 */
export const momentActivities = (parts: MomentParts): MomentActivities => ({
  carryOut: (moment) => carriedOut(parts, moment, ownRun()),
});

export async function carriedOut(
  { keepJournal, send, instruct, newerCalendar, showAccepted, untakenIn }: MomentParts,
  { sending, payment, calendar, ...batch }: Moment,
  run: string,
): Promise<Carried> {
  const kept = await keepJournal({ ...batch, run });
  const [outcomes, bank, nobody] = await Promise.all([
    sending ? sent(send, sending) : [],
    payment ? instructed(instruct(payment)) : undefined,
    kept && lookedUp(untakenIn, kept.state, batch.entries),
  ]);
  if (kept && sending) {
    const accepted = sending.notifications.filter((_, index) => isAccepted(outcomes[index]));
    if (accepted.length > 0)
      await showAccepted(
        kept.state,
        accepted.map(({ id }) => id),
        sending.now,
      );
  }
  const newer = calendar && newerCalendar(batch.rules, calendar);
  return {
    outcomes,
    ...present({ bank, nobody, calendar: newer, elsewhere: newsIn(kept), head: kept?.head }),
  };
}

/** A closed claim learns nothing more: people get a follow-up. */
function newsIn(kept: Kept | undefined): Elsewhere | undefined {
  if (!kept?.elsewhere || kept.state.outcome) return undefined;
  return isNews(kept.state, kept.elsewhere) ? kept.elsewhere : undefined;
}

/** The entries are stored, so a fault here fails no moment: the next change looks again. */
function lookedUp(
  untakenIn: MomentParts['untakenIn'],
  state: Claim,
  entries: readonly JournalEntry[],
): Promise<Untaken[] | undefined> | undefined {
  const last = entries.at(-1);
  return last && mayChangeTakers(entries, state)
    ? untakenIn(state, last.at).catch(() => undefined)
    : undefined;
}

/** The entries are stored, so a fault of sending fails no moment: each message is then tried by itself. */
const sent = (send: MomentParts['send'], sending: SendingBatch): Promise<SendOutcome[]> =>
  send(sending).catch(() =>
    sending.notifications.map(() => ({ kind: 'later', seconds: againSeconds, why: 'again' })),
  );

const againSeconds = 5;

const isAccepted = (outcome: SendOutcome | undefined): boolean => outcome?.kind === 'accepted';

/** A bank that is busy or slow is asked again by itself, with the patience that a bank needs. */
const instructed = (answer: Promise<BankAnswer>): Promise<NonNullable<Carried['bank']>> =>
  within(patience.ms, answer, { kind: 'later' } as const).catch(() => ({ kind: 'later' }));
