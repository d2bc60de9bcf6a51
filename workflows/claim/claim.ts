import '../stack-depth.ts';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  ParentClosePolicy,
  setCurrentDetails,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { openWhole } from '../../domain/claim/decide.ts';
import { filerOf, noNoticeIn, noticeIn } from '../../domain/claim/filing.ts';
import { claimOfWorkflow, workflowIdOf, type ClaimNumber } from '../../domain/ids.ts';
import { isSettled } from '../../domain/road/road.ts';
import { senderOf } from '../../domain/claim/sender.ts';
import { chase, inquire } from './chaser.ts';
import { write } from '../effects.ts';
import { listen, takeReports } from './handlers.ts';
import { settle } from './item.ts';
import { carryOutMoments, storeRest } from './moments.ts';
import { workflowType, type ClaimResult, type ClaimStart, type Payload } from '../contract.ts';
import { beforeOpening } from './opening.ts';
import { prepare } from './preparation.ts';
import { RunningClaim } from './running-claim.ts';
import { Outbox } from './outbox.ts';
import { showHead } from './search-attributes.ts';

/**
 * A claim, from notice of loss to closure. Read top to bottom: this is the process. `reports` are signed
 * reports that an earlier run received and did not store.
 */
export async function claim(start: ClaimStart, ...reports: Payload[]): Promise<ClaimResult> {
  const running = new RunningClaim();
  listen(running); // first, so that the claim answers from its first event on
  askBeforeWithdrawing(running);
  return CancellationScope.nonCancellable(async () => {
    const outbox = new Outbox(running);
    const elsewhere = await open(running, outbox, start);
    if (elsewhere) {
      await condition(allHandlersFinished);
      return elsewhere;
    }

    takeReports(running, reports);
    await Promise.race([live(running, outbox), condition(() => running.isLost)]);
    if (running.isLost) return takeUpAnew(running);
    if (running.leaving) return continueAsNew<typeof claim>({ continued: running.state });
    showHead(running);
    return { kind: 'closed', claim: running.state.number, outcome: running.state.outcome ?? 'withdrawn' };
  });
}

/** Until the claim has closed, or until it hands over to a new run. */
async function live(running: RunningClaim, outbox: Outbox): Promise<void> {
  do {
    running.resume();
    await Promise.all([
      prepare(running), // acknowledgement, cover, survey
      ...running.state.items.map((item) => settle(running, item.id)), // each item to its own end
      close(running),
      chase(running), // one timer for everything that is waited for
      carryOutMoments(running, outbox), // stores, sends and pays what was decided, in order
      handOverWhenLong(running),
    ]);
    await storeRest(running, outbox);
  } while (!running.leaving && !running.state.outcome); // it was reopened
}

/**
 * The records win over a run that does not own the claim, such as after a reset. Acts that it has not
 * answered are sent again by their senders; reports have nobody who would, so they go along.
 */
async function takeUpAnew(running: RunningClaim): Promise<never> {
  await condition(allHandlersFinished);
  return continueAsNew<typeof claim>({ resume: running.state.number }, ...running.unstoredReports);
}

/** Opens a claim from its notice of loss, or from the records, or continues the claim of the run before. */
async function open(run: RunningClaim, outbox: Outbox, start: ClaimStart): Promise<ClaimResult | undefined> {
  const mistake = noNoticeIn(start);
  if (mistake !== undefined) return notOpened(run, mistake);
  const now = run.now;
  if ('continued' in start) {
    // A person who could type a state could type approvals. Only the run before this one may pass a state on.
    const after = workflowInfo().continuedFromExecutionRunId;
    const { number, rules: versions, lossAt, seq: stored } = start.continued;
    if (!after || workflowIdOf(number) !== workflowInfo().workflowId)
      return notOpened(run, 'A claim starts with its notice of loss, not with a state.');
    const taken = await beforeOpening(run, (options) =>
      write.takeOver.executeWithOptions({ summary: 'take over from the run before', ...options }, [
        { claim: number, after, stored, versions, lossAt, now },
      ]),
    );
    if (taken.kind === 'records-win') return resume(run, number);
    const { rules, runEvents } = taken;
    run.takeUp({ state: start.continued, rules, runEvents });
    return undefined;
  }
  if ('resume' in start) return resume(run, start.resume);
  const filer = filerOf(claimOfWorkflow(workflowInfo().workflowId) ?? '', start);
  const opened = await beforeOpening(run, (options) =>
    write.openFrom.executeWithOptions({ summary: 'keep the notice of loss and acknowledge it', ...options }, [
      { now, filer },
    ]),
  );
  if (opened.kind === 'not-opened') return notOpened(run, opened.sentence);
  if (opened.kind === 'already-filed') {
    // The opening was reset, or its run was lost: the claim is in the records, and continues from them.
    const isOwn = workflowIdOf(opened.number) === workflowInfo().workflowId;
    return isOwn && opened.isOpen ? resume(run, opened.number) : alreadyFiled(run, opened.number);
  }
  if (opened.kind === 'elsewhere') return underItsOwnId(run, start, opened.number);
  const { opening, policy, rules, runEvents, carried } = opened;
  // The activity has stored these entries; both make them from the same.
  const { claim: state } = openWhole(opening, policy, { now, rules }, filer);
  run.takeUp({ state, rules, runEvents });
  run.showsAs(carried.head);
  outbox.sent(outbox.take(now), carried.outcomes);
  if (carried.elsewhere) run.execute({ kind: 'relate', elsewhere: carried.elsewhere });
  if (carried.nobody) run.execute({ kind: 'know-staffing', nobody: carried.nobody });
  return undefined;
}

/**
 * Takes a claim up from the records, under its own id alone: after it has ended, was lost or was reset. What
 * the bank may have paid meanwhile is asked for at once; all else follows from the state.
 */
async function resume(run: RunningClaim, number: unknown): Promise<ClaimResult | undefined> {
  if (typeof number !== 'string' || workflowIdOf(number) !== workflowInfo().workflowId)
    return notOpened(run, 'A claim is resumed under its own id alone: claim- and its number.');
  const found = await beforeOpening(run, (options) =>
    write.takeUp.executeWithOptions({ summary: 'take the claim up from the records', ...options }, [
      { claim: number, now: run.now },
    ]),
  );
  if (found.kind === 'not-resumed') return notOpened(run, found.sentence);
  const { state, rules, runEvents } = found;
  run.takeUp({ state, rules, runEvents });
  for (const { payments } of state.items)
    for (const { id, kind } of payments) if (kind === 'instructed') void inquire(run, id);
  return undefined;
}

function notOpened(run: RunningClaim, sentence: string): ClaimResult {
  run.abandon(sentence);
  setCurrentDetails(`**Not opened.** ${sentence}`);
  return { kind: 'not-opened', sentence };
}

/**
 * The notice was started by hand under another id. The same notice is the same claim, so it continues under
 * the id that derives from it.
 */
async function underItsOwnId(
  run: RunningClaim,
  start: ClaimStart,
  number: ClaimNumber,
): Promise<ClaimResult> {
  try {
    await startChild(workflowType, {
      workflowId: workflowIdOf(number),
      args: [noticeIn(start)],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
    run.abandon(elsewhere(number));
    return { kind: 'filed', claim: number };
  } catch (fault) {
    if (fault instanceof WorkflowExecutionAlreadyStartedError) return alreadyFiled(run, number);
    throw fault;
  }
}

/** The claim is running, or closed and perhaps no longer known to Temporal: the records know it. */
function alreadyFiled(run: RunningClaim, number: string): ClaimResult {
  run.abandon(elsewhere(number));
  return { kind: 'already-filed', claim: number };
}

const elsewhere = (number: string): string =>
  `This notice of loss is claim ${number}; send the message to that one.`;

/** Closes the claim when every item has ended and no message is open. */
async function close(run: RunningClaim): Promise<void> {
  await run.until(() => isSettled(run.state));
  if (!run.over) run.execute({ kind: 'close' });
}

/** Once the history is long, hands over to a new run at the first quiet moment. */
async function handOverWhenLong(run: RunningClaim): Promise<void> {
  await run.until(() => run.mayStartNewRun());
  if (!run.over) run.startNewRun();
}

/**
 * A cancellation, such as one from the Temporal UI, stops nothing. It is a request to withdraw, which a
 * handler checks with the customer.
 */
function askBeforeWithdrawing(run: RunningClaim): void {
  const message = { id: 'cancellation', from: senderOf(undefined), content: 'cancellation' };
  // An await in the cancelled scope itself would throw, and block the claim for ever.
  const request = async (): Promise<void> => {
    const closed = await run.ready();
    if (!closed && !run.over) run.execute({ kind: 'request-withdrawal', message });
  };
  CancellationScope.current().cancelRequested.catch(() => CancellationScope.nonCancellable(request));
}
