import { ApplicationFailure } from '@temporalio/common';
import {
  CancellationScope,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
} from '@temporalio/workflow';
import { actNames, type ActName } from '../../domain/claim/acts.ts';
import { arrivedAt, type Arrived } from '../../domain/claim/message.ts';
import { handledKey } from '../../domain/claim/sender.ts';
import { commandOf } from '../../domain/claim/read-command.ts';
import { isReportName, reportNames, type ReportName } from '../../domain/claim/reports.ts';
import type { Author } from '../../domain/people/people.ts';
import { describedMessage } from '../../domain/claim/senders.ts';
import { denied, type Denied } from '../../domain/denial.ts';
import { present } from '../../domain/present.ts';
import { isSigned, type Signer } from '../../domain/signed-payload.ts';
import { waitingOn } from '../../domain/claim/view.ts';
import {
  claimQuery,
  compareSignal,
  humanUpdate,
  reportSignal,
  waitingOnQuery,
  type ActAnswer,
} from '../contract.ts';
import { inquire } from './chaser.ts';
import type { RunningClaim } from './running-claim.ts';

/**
 * Sets every handler. Called before anything else, so that the claim answers from its first event on. Each
 * handler shields itself from a cancellation of the workflow: that is only a request to withdraw, and people
 * continue to work.
 */
export function listen(run: RunningClaim): void {
  setHandler(claimQuery, () => (run.isOpen ? run.state : undefined), {
    description: 'The whole state of the claim',
  });
  setHandler(waitingOnQuery, () => (run.isOpen ? waitingOn(run.state) : []), {
    description: 'Who the claim waits for, since when, and what happens next and when',
  });
  for (const name of actNames)
    setHandler(
      humanUpdate(name),
      (payload) => answered(() => onceOpen(run, name, () => act(run, name, payload))),
      { description: describedMessage(name) },
    );
  for (const name of reportNames)
    setHandler(
      reportSignal(name),
      (payload) => withoutAnswer(onceOpen(run, name, () => takeReport(run, name, payload))),
      { description: describedMessage(name) },
    );
  setHandler(compareSignal, () => run.askToCompare(), {
    description: 'Compare the claim with the records, which win; anybody may send it',
  });
  setDefaultUpdateHandler(() => answered(() => onceOpen(run, 'unknown', () => denyUnknown(run))));
  setDefaultSignalHandler(() => withoutAnswer(onceOpen(run, 'unknown', () => denyUnknown(run))));
}

/** Takes signed reports that an earlier run of the claim received and did not store. */
export function takeReports(run: RunningClaim, reports: readonly unknown[]): void {
  for (const report of reports)
    if (isSigned(report) && isReportName(report.statement.act)) takeReport(run, report.statement.act, report);
}

/**
 * Handles a message. One that comes before the claim is open waits for it. Most messages come later, and are
 * handled at once.
 */
function onceOpen(run: RunningClaim, name: string, handle: () => Answer): Answer | Promise<Answer> {
  if (run.isOpen) return handle();
  // There is no claim yet that could have a problem. The opening is tried again, as asked.
  const opens = name === 'retry' && run.askToOpen();
  if (opens && run.cannotOpen) return { kind: 'recorded', seq: 0 };
  return CancellationScope.nonCancellable(async () => {
    const closed = await run.ready();
    if (closed) return closed;
    return opens ? { kind: 'recorded', seq: run.state.seq } : handle();
  });
}

/** `isNobodys`: nobody signed the message, so its denial ends the update as a failure. */
type Answer = ActAnswer & { isNobodys?: true };

/**
 * The answer to an update, as it is decided. The API passes it on once the records have its entry: a run that
 * does not own the claim stores nothing.
 */
function answered(handle: () => Answer | Promise<Answer>): Promise<ActAnswer> {
  return CancellationScope.nonCancellable(async () => {
    const { isNobodys, ...answer } = await handle();
    return answer.kind === 'denied' && isNobodys ? fail(answer) : answer;
  });
}

/** A signal gets no answer; the run still waits for one that comes too early. */
const withoutAnswer = (answer: Answer | Promise<Answer>): Promise<void> | undefined =>
  answer instanceof Promise ? answer.then(() => undefined) : undefined;

/** A message with a mistyped name is denied, and the journal shows it. */
function denyUnknown(run: RunningClaim): Answer {
  const known = [...actNames, ...reportNames].join(', ');
  const denial = denied('malformed', `A claim has no message of this name; it has ${known}.`);
  run.deny(denial, { name: 'unknown', by: 'anybody' });
  return { ...denial, isNobodys: true };
}

/**
 * A person acts. The codec has said who signed the act; the decision is made on the state of this moment. An
 * act without a proof is typed into the Temporal UI: it is journalled and fails, so that the UI shows red.
 */
function act(run: RunningClaim, name: ActName, payload: unknown): Answer {
  const arrived = arrivedAt(run.state.number, name, payload);
  const answer = arrived.kind === 'denied' ? deny(run, name, arrived) : take(run, name, arrived);
  return 'signer' in arrived ? answer : { ...answer, isNobodys: true };
}

/** A report that cannot be read or used is denied in the journal: a signal gets no answer. */
function takeReport(run: RunningClaim, name: ReportName, payload: unknown): ActAnswer {
  const arrived = arrivedAt(run.state.number, name, payload);
  if (arrived.kind === 'denied') return deny(run, name, arrived);
  const answer = take(run, name, arrived);
  if (isSigned(payload)) run.received(payload.proof);
  return answer;
}

function take(run: RunningClaim, name: ActName | ReportName, arrived: Arrived): ActAnswer {
  const command = commandOf(name, arrived);
  const decision = command.kind === 'denied' ? command : run.execute(command);
  if (decision.kind === 'decided')
    for (const entry of decision.entries)
      if (entry.kind === 'bank-asked') for (const payment of entry.payments) void inquire(run, payment);
  const { seq, handled } = run.state;
  const isHandled = handledKey(arrived.message) in handled;
  return decision.kind === 'denied'
    ? deny(run, name, decision, arrived)
    : { kind: 'recorded', seq, ...present({ entry: isHandled ? seq : undefined }) };
}

/** Ends an update as a failure. */
function fail({ reason, sentence }: Denied): never {
  throw ApplicationFailure.create({
    type: 'Denied',
    message: sentence,
    nonRetryable: true,
    details: [reason],
  });
}

/** The author of a denied message. What nobody signed may have been sent by anybody. */
function authorOf(signer: Signer | undefined): Author {
  if (signer?.kind === 'staff') return signer.code;
  return signer ? 'lipei' : 'anybody';
}

function deny(
  run: RunningClaim,
  name: ActName | ReportName,
  denial: Denied,
  arrived?: Arrived,
): Denied & { entry?: number } {
  const { signer, message } = arrived ?? {};
  run.deny(denial, { name, by: authorOf(signer), ...present({ message }) });
  return { ...denial, ...present({ entry: message && run.state.seq }) };
}
