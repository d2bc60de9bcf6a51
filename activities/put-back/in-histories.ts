import { z } from 'zod';
import { openWhole } from '../../domain/claim/decide.ts';
import type { Filer } from '../../domain/claim/filing.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import type { Notification } from '../../domain/messages/notifications.ts';
import type { ClaimContext } from '../../domain/messages/outbox.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { RecordedActivity, RecordedRun } from '../../providers/ports.ts';
import type { SendOutcome, Sending } from '../messages/contract.ts';
import type { Carried, Moment } from '../moment.ts';
import { firstMessages, type OpeningActivities } from '../opening.ts';

/** A message that a history names, with the last that the history says of it; `open`: it says nothing yet. */
export interface NamedMessage {
  about: ClaimContext;
  notification: Notification;
  now: Instant;
  outcome: SendOutcome | { kind: 'open' };
}

/** What the histories of a claim's runs hold of its journal, of its messages and of its payments. */
export interface InHistories {
  entries: Map<number, JournalEntry>;
  /** The number of the last entry that they name, whether they hold it or not. */
  last: number;
  /** The start of the run that opened the claim, and when it did. */
  opened?: { start: unknown; now: Instant };
  /** By the id of the notification. */
  messages: Map<string, NamedMessage>;
  /** Payments that the bank was, or may have been, instructed to make. */
  instructed: Set<string>;
}

type Opened = Extract<Awaited<ReturnType<OpeningActivities['openFrom']>>, { kind: 'opened' }>;

/** Their shapes as far as it takes to tell them from what a codec could not read. */
const entry = z.looseObject({ seq: z.int(), at: z.string(), kind: z.string() });
const shaped = <T>(shape: z.ZodType): z.ZodType<T> => z.custom<T>((value) => shape.safeParse(value).success);
const moment = shaped<Moment>(z.looseObject({ claim: z.string(), entries: z.array(entry) }));
const carried = shaped<Carried>(z.looseObject({ outcomes: z.array(z.looseObject({ kind: z.string() })) }));
const opening = shaped<{ now: Instant; filer: Filer }>(z.looseObject({ now: z.string(), filer: z.object() }));
const opened = shaped<Opened>(z.looseObject({ kind: z.literal('opened'), opening: z.looseObject({}) }));
const sending = shaped<Sending>(z.looseObject({ notification: z.looseObject({ id: z.string() }) }));
const outcome = shaped<SendOutcome>(z.looseObject({ kind: z.string() }));
const continued = z.looseObject({ continued: z.looseObject({ seq: z.int() }) });
const cleared = z.looseObject({ notification: z.string() });
const instructing = z.looseObject({ payment: z.string() });
const answer = z.looseObject({ kind: z.string() });

/**
 * Reads the runs, of which the first counts most. An entry counts if its activity ended well. What was under
 * way when a run ended, or when its history was read, counts only where it follows the last such entry.
 */
export function inHistories(runs: readonly RecordedRun[]): InHistories {
  const found: InHistories = { entries: new Map(), last: 0, messages: new Map(), instructed: new Set() };
  const pending: JournalEntry[] = [];
  for (const run of runs) {
    found.last = Math.max(found.last, continued.safeParse(run.start).data?.continued.seq ?? 0);
    for (const activity of run.activities) {
      const entries = entriesOf(activity);
      if (activity.state === 'open') pending.push(...entries);
      if (activity.state === 'done') for (const each of entries) keepFirst(found.entries, each.seq, each);
      if (activity.type === 'openFrom' && activity.state === 'done') {
        const input = opening.safeParse(activity.input);
        if (input.success && entries.length > 0) found.opened ??= { start: run.start, now: input.data.now };
      }
    }
  }
  // The oldest first, so that the last word about a message is the latest.
  for (const { activities } of runs.toReversed())
    for (const activity of activities) {
      takeMessages(found, activity);
      takePayment(found, activity);
    }
  for (const each of pending)
    if (each.seq === lastIn(found) + 1 && lastIn(found) > 0) found.entries.set(each.seq, each);
  found.last = lastIn(found);
  return found;
}

const lastIn = ({ entries, last }: InHistories): number => Math.max(last, ...entries.keys());

function keepFirst<Key, Value>(kept: Map<Key, Value>, key: Key, value: Value): void {
  if (!kept.has(key)) kept.set(key, value);
}

function entriesOf(activity: RecordedActivity): JournalEntry[] {
  if (activity.type === 'carryOut') return moment.safeParse(activity.input).data?.entries ?? [];
  return openingOf(activity)?.entries ?? [];
}

function openingOf({ type, input, result }: RecordedActivity) {
  if (type !== 'openFrom') return undefined;
  const [of, given] = [opened.safeParse(result).data, opening.safeParse(input).data];
  if (!of || !given) return undefined;
  const world = { now: given.now, rules: of.rules };
  return { of, world, ...openWhole(of.opening, of.policy, world, given.filer) };
}

function takeMessages({ messages }: InHistories, activity: RecordedActivity): void {
  const take = (named: Omit<NamedMessage, 'outcome'>, last: SendOutcome | undefined): void =>
    void messages.set(named.notification.id, { ...named, outcome: last ?? unanswered(activity) });
  switch (activity.type) {
    case 'openFrom': {
      const found = openingOf(activity);
      const first = found && firstMessages(found.claim, found.world.rules, found.world.now);
      for (const [index, notification] of (first?.notifications ?? []).entries())
        if (first) take({ ...first, notification }, found.of.carried.outcomes[index]);
      return;
    }
    case 'carryOut': {
      const batch = moment.safeParse(activity.input).data?.sending;
      const outcomes = carried.safeParse(activity.result).data?.outcomes ?? [];
      for (const [index, notification] of (batch?.notifications ?? []).entries())
        if (batch) take({ ...batch, notification }, outcomes[index]);
      return;
    }
    case 'sendNotification': {
      const given = sending.safeParse(activity.input).data;
      if (given) take(given, outcome.safeParse(activity.result).data);
      return;
    }
    case 'clearUp': {
      const named = messages.get(cleared.safeParse(activity.input).data?.notification ?? '');
      const last = outcome.safeParse(activity.result).data;
      if (named && last) take(named, last);
      return;
    }
    default:
  }
}

/** An attempt that failed for good sent nothing: its claim tries it again. */
const unanswered = ({ state }: RecordedActivity): NamedMessage['outcome'] =>
  state === 'open' ? { kind: 'open' } : { kind: 'later', seconds: 0, why: 'failed' };

/** The gate's answers that something stands in the way: then nothing was instructed. */
const notInstructed: readonly unknown[] = ['held', 'approval-fell', 'counted-together'];

function takePayment({ instructed }: InHistories, { type, input, result }: RecordedActivity): void {
  if (type === 'carryOut') {
    const payment = moment.safeParse(input).data?.payment?.payment;
    const word = carried.safeParse(result).data?.bank?.kind;
    if (payment !== undefined && !notInstructed.includes(word)) instructed.add(payment);
  }
  if (type === 'instructPayment') {
    const payment = instructing.safeParse(input).data?.payment;
    const word = answer.safeParse(result).data?.kind;
    if (payment !== undefined && !notInstructed.includes(word)) instructed.add(payment);
  }
}

/** What the ledger must know, so that a message is not sent again; undefined where it may be sent. */
export function ledgerStateOf({ outcome: last }: NamedMessage): 'accepted' | 'unknown' | undefined {
  switch (last.kind) {
    case 'accepted':
      return 'accepted';
    case 'uncertain':
    case 'lost':
      return 'unknown';
    case 'later':
      return last.why === 'slow' ? 'unknown' : undefined;
    default:
      return undefined;
  }
}
