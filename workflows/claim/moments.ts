import { allHandlersFinished, condition } from '@temporalio/workflow';
import type { Carried, Moment } from '../../activities/moment.ts';
import { batchOf } from '../../domain/messages/outbox.ts';
import type { Notification } from '../../domain/messages/notifications.ts';
import { present } from '../../domain/present.ts';
import { write } from '../effects.ts';
import { inWords } from './attempt.ts';
import type { Outbox } from './outbox.ts';
import type { RunningClaim } from './running-claim.ts';
import { shower, type Show } from './search-attributes.ts';

/**
 * Carries out what was decided, moment by moment: one activity stores the new entries of the journal, then
 * sends the messages and instructs the bank. It is the one writer of the claim's journal, so entries are
 * stored in their order. Each change shows in the Temporal UI.
 */
export async function carryOutMoments(run: RunningClaim, outbox: Outbox): Promise<void> {
  const show = shower();
  const isDone = (): boolean => run.leaving || (run.over && !hasWork(run, outbox) && outbox.isEmpty);
  while (!isDone()) {
    await everythingDecided(run);
    show(run);
    if (hasWork(run, outbox)) await carryOut(run, outbox, show);
    else if (!isDone()) await condition(() => isDone() || hasWork(run, outbox));
  }
}

/**
 * Stores the entries that handlers recorded while this run was ending: they answer once their entries are
 * stored. All handlers have then answered, and no entry is lost.
 */
export async function storeRest(run: RunningClaim, outbox: Outbox): Promise<void> {
  const show = shower();
  for (;;) {
    await condition(() => run.unsaved.length > 0 || allHandlersFinished());
    if (run.unsaved.length === 0) return;
    const wasBlocked = await carryOut(run, outbox, show);
    if (wasBlocked) show(run);
  }
}

const hasWork = (run: RunningClaim, outbox: Outbox): boolean =>
  run.hasUrgentEntries || outbox.hasWork || run.order.next !== undefined || run.isToCompare;

/**
 * What follows from one message is decided in the same instant, by parts of the process that wait for one
 * another. They have their turn first, so that all of it is one moment.
 */
async function everythingDecided(run: RunningClaim): Promise<void> {
  for (let seq = -1; seq !== run.state.seq;) {
    seq = run.state.seq;
    let asked = 0;
    await condition(() => (asked += 1) > 1);
  }
}

/**
 * Later entries wait for a moment that cannot be stored: the database is unreachable, or the journal has
 * other entries, such as after a reset of the workflow. Then nothing is sent or paid either. True if it was
 * blocked.
 */
async function carryOut(run: RunningClaim, outbox: Outbox, show: Show): Promise<boolean> {
  const notifications = outbox.take();
  const payment = run.order.next;
  if (run.unsaved.length + notifications.length === 0 && !payment && !run.isToCompare) return false;
  run.compared();
  const entries = [...run.unsaved];
  const sending = batchOf(run.state, run.rules, run.now, notifications);
  const { number, rules, lossAt } = run.state;
  const calendar = { edition: run.rules.calendar.edition, lossAt, now: run.now };
  const batch: Moment = { claim: number, rules, entries, stored: run.storedSeq, calendar };
  const writing = { isDone: false, wasBlocked: false, wasLate: false };
  const place = { place: entriesPlace, usual: 'records', blocked: () => block(run, show, writing) } as const;
  const carried = await run.effect(place, (options) => {
    // After the usual retries the messages may be overtaken: they are looked at anew afterwards.
    writing.wasLate = options.retry !== undefined;
    const moment = writing.wasLate ? batch : { ...batch, ...present({ sending, payment }) };
    return write.carryOut.executeWithOptions({ summary: summaryOf(run, moment), ...options }, [moment]);
  });
  run.stored(entries);
  writing.isDone = true;
  if (writing.wasLate) outbox.putBack(notifications);
  else take(run, outbox, notifications, carried);
  if (carried.nobody) run.execute({ kind: 'know-staffing', nobody: carried.nobody });
  run.showsAs(carried.head);
  return writing.wasBlocked;
}

function take(run: RunningClaim, outbox: Outbox, notifications: Notification[], carried: Carried): void {
  if (carried.elsewhere) run.execute({ kind: 'relate', elsewhere: carried.elsewhere });
  if (carried.calendar) run.takeCalendar(carried.calendar);
  if (carried.bank) run.order.answered(carried.bank);
  outbox.sent(notifications, carried.outcomes);
}

function summaryOf(run: RunningClaim, { entries, sending, payment }: Moment): string {
  const parts = [
    entries.length > 0 && 'store the journal',
    sending && `send to ${inWords(run, sending.notifications)}`,
    payment && `instruct ${payment.payment}`,
  ];
  return parts.filter(Boolean).join('; ') || 'compare with the records';
}

const entriesPlace = 'entries';

interface Writing {
  isDone: boolean;
  wasBlocked: boolean;
  wasLate: boolean;
}

function block(run: RunningClaim, show: Show, writing: Writing): void {
  if (!writing.wasBlocked) void showWhileBlocked(run, show, writing);
  writing.wasBlocked = true;
}

/** The claim continues while its journal cannot be written. Only the Temporal UI then shows it. */
async function showWhileBlocked(run: RunningClaim, show: Show, writing: Writing): Promise<void> {
  while (!writing.isDone) {
    show(run);
    const { seq } = run.state;
    await condition(() => writing.isDone || run.state.seq > seq);
  }
}
