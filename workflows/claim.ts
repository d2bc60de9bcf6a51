import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  ParentClosePolicy,
  patched,
  setCurrentDetails,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { openClaim } from '../domain/claim/decide.ts';
import type { Opening } from '../domain/claim/journal.ts';
import { workflowIdOf } from '../domain/ids.ts';
import { isSettled } from '../domain/road/road.ts';
import { isUnreadable } from '../domain/unreadable.ts';
import { summaryOf } from '../domain/claim/view.ts';
import { chase } from './chaser.ts';
import { record } from './effects.ts';
import { listen } from './handlers.ts';
import { settle } from './item.ts';
import { keepJournal, storeRest } from './journal-writer.ts';
import type { ClaimResult, ClaimStart } from './contract.ts';
import { beforeOpening } from './opening.ts';
import { prepare } from './preparation.ts';
import { RunningClaim, type Way } from './running-claim.ts';
import { deliver, deliverTogether } from './teller.ts';

/** A claim, from notice of loss to closure. Read top to bottom: this is the process. */
export async function claim(start: ClaimStart): Promise<ClaimResult> {
  const running = new RunningClaim(wayOfThisRun());
  listen(running); // first of all: the claim answers from its first event on
  askBeforeWithdrawing(running);
  return CancellationScope.nonCancellable(async () => {
    const elsewhere = await open(running, start);
    if (elsewhere) {
      await condition(allHandlersFinished);
      return elsewhere;
    }

    await Promise.all([
      prepare(running), // acknowledgement, cover, survey
      ...running.state.items.map((item) => settle(running, item.id)), // each item to its own end
      close(running),
      chase(running), // one timer for everything that is waited for
      running.way.isLean ? deliverTogether(running) : deliver(running), // what was decided to be said
      keepJournal(running), // one writer, in order
      handOverWhenLong(running),
    ]);
    await storeRest(running);
    if (running.leaving) return continueAsNew<typeof claim>({ continued: running.state });
    return { kind: 'closed', claim: running.state.number, outcome: running.state.outcome ?? 'withdrawn' };
  });
}

/** A run goes on as it began, whatever has been changed since (docs/changing-a-workflow.md). */
function wayOfThisRun(): Way {
  if (patched('checks-as-activities')) return { isLean: true, checksAtOnce: false };
  const isLean = patched('fewer-events');
  return { isLean, checksAtOnce: isLean };
}

/** Takes a notice of loss, or takes up a claim that a run before this one left. */
async function open(running: RunningClaim, start: ClaimStart): Promise<ClaimResult | undefined> {
  if (isUnreadable(start))
    return notOpened(
      running,
      `The notice of loss could not be decrypted (${start.why}); file it through the API, or through the Temporal UI with its codec server.`,
    );
  if (typeof start !== 'object' || start === null)
    return notOpened(running, 'A claim starts with one JSON object, the notice of loss.');
  const now = running.now;
  if ('continued' in start) {
    // Whoever could type a state could type approvals; only a run before this one may hand one over.
    if (!workflowInfo().continuedFromExecutionRunId)
      return notOpened(running, 'A claim starts with its notice of loss, not with a state.');
    const { number, line, jurisdiction, pack, lossAt } = start.continued;
    const { rules, runEvents } = await beforeOpening(running, (options) =>
      record.readRules.executeWithOptions({ summary: 'rules and calendar', ...options }, [
        { claim: number, line, jurisdiction, pack, lossAt, now },
      ]),
    );
    running.takeUp({ state: start.continued, rules, runEvents });
    return undefined;
  }
  const taken = await beforeOpening(running, (options) =>
    record.takeNotice.executeWithOptions({ summary: 'read and keep the notice of loss', ...options }, [
      { now },
    ]),
  );
  if (taken.kind === 'not-opened') return notOpened(running, taken.sentence);
  if (taken.kind === 'already-filed') return alreadyFiled(running, taken.number);
  if (workflowIdOf(taken.opening.number) !== workflowInfo().workflowId)
    return underItsOwnId(running, start, taken.opening);
  const { entries, claim: state } = openClaim(taken.opening, { now, rules: taken.rules });
  running.takeUp(
    {
      state,
      rules: taken.rules,
      runEvents: taken.runEvents,
      policy: { number: taken.opening.policy, facts: taken.policy },
    },
    entries,
  );
  return undefined;
}

function notOpened(running: RunningClaim, sentence: string): ClaimResult {
  running.abandon(sentence);
  setCurrentDetails(`**Not opened.** ${sentence}`);
  return { kind: 'not-opened', sentence };
}

/**
 * Started by hand under another id: the same notice is the same claim, so it goes on under the id that
 * derives from it.
 */
async function underItsOwnId(
  running: RunningClaim,
  start: ClaimStart,
  opening: Opening,
): Promise<ClaimResult> {
  const { number } = opening;
  try {
    await startChild(claim, {
      workflowId: workflowIdOf(number),
      args: [start],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: summaryOf(opening),
    });
    running.abandon(elsewhere(number));
    return { kind: 'filed', claim: number };
  } catch (fault) {
    if (fault instanceof WorkflowExecutionAlreadyStartedError) return alreadyFiled(running, number);
    throw fault;
  }
}

/** Running, or closed and perhaps forgotten by the engine: the records remember. */
function alreadyFiled(running: RunningClaim, number: string): ClaimResult {
  running.abandon(elsewhere(number));
  return { kind: 'already-filed', claim: number };
}

const elsewhere = (number: string): string =>
  `This notice of loss is claim ${number}; send the message to that one.`;

/** Closes once every item has ended and nothing that was said is left unsettled. */
async function close(running: RunningClaim): Promise<void> {
  await running.until(() => isSettled(running.state));
  if (!running.over) running.decide({ kind: 'close' });
}

/** Hands over to a new run at the first quiet moment once the history is long. */
async function handOverWhenLong(running: RunningClaim): Promise<void> {
  await running.until(() => running.mayHandOver());
  if (!running.over) running.handOver();
}

/**
 * A cancellation, from the Temporal UI say, tears nothing down: it is a request to withdraw that a handler
 * looks into.
 */
function askBeforeWithdrawing(running: RunningClaim): void {
  // Whatever is awaited in the cancelled scope itself would throw, and stick the claim.
  const request = async (): Promise<void> => {
    const closed = await running.ready();
    if (!closed && !running.over) running.decide({ kind: 'request-withdrawal' });
  };
  CancellationScope.current().cancelRequested.catch(() => CancellationScope.nonCancellable(request));
}
