import { ApplicationFailure } from '@temporalio/common';
import {
  CancellationScope,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
} from '@temporalio/workflow';
import { actNames, type ActName } from '../../domain/claim/acts.ts';
import { arrivedAt, type Arrived } from '../../domain/claim/message.ts';
import { commandOf } from '../../domain/claim/read-command.ts';
import { reportNames, type ReportName } from '../../domain/claim/reports.ts';
import type { Author } from '../../domain/people/people.ts';
import { describedMessage } from '../../domain/claim/senders.ts';
import { denied, type Denied } from '../../domain/denial.ts';
import { present } from '../../domain/present.ts';
import type { Signer } from '../../domain/signed-payload.ts';
import { waitingOn } from '../../domain/claim/view.ts';
import { claimQuery, reportSignal, humanUpdate, waitingOnQuery, type ActAnswer } from '../contract.ts';
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
      (payload) => CancellationScope.nonCancellable(() => act(run, name, payload)),
      { description: describedMessage(name) },
    );
  for (const name of reportNames)
    setHandler(
      reportSignal(name),
      (payload) => CancellationScope.nonCancellable(() => takeReport(run, name, payload)),
      { description: describedMessage(name) },
    );
  setDefaultUpdateHandler(() =>
    CancellationScope.nonCancellable(async () => Promise.reject(asFailure(await denyUnknown(run)))),
  );
  setDefaultSignalHandler(async () => void (await CancellationScope.nonCancellable(() => denyUnknown(run))));
}

/** A message with a mistyped name is denied, and the journal shows it. */
async function denyUnknown(run: RunningClaim): Promise<Denied> {
  const closed = await run.ready();
  if (closed) return closed;
  const known = [...actNames, ...reportNames].join(', ');
  const denial = denied('malformed', `A claim has no message of this name; it has ${known}.`);
  run.deny(denial, { name: 'unknown', by: 'anybody' });
  return denial;
}

/**
 * A person acts. The codec has said who signed the act; the decision is made on the state of this moment. An
 * act without a proof is typed into the Temporal UI: it is journalled and fails, so that the UI shows red.
 */
async function act(run: RunningClaim, name: ActName, payload: unknown): Promise<ActAnswer> {
  const opens = name === 'retry' && run.askToOpen();
  const closed = await run.ready();
  if (closed) return closed;
  // There was no claim yet that could have had a problem. The opening was retried, as asked.
  if (opens) return { kind: 'recorded', seq: run.state.seq };
  const arrived = arrivedAt(run.state.number, name, payload);
  const answer = arrived.kind === 'denied' ? deny(run, name, arrived) : take(run, name, arrived);
  if (answer.kind === 'denied' && !('signer' in arrived)) throw asFailure(answer);
  return answer;
}

/** A report that cannot be read or used is denied in the journal: a signal gets no answer. */
async function takeReport(run: RunningClaim, name: ReportName, payload: unknown): Promise<void> {
  if (await run.ready()) return;
  const arrived = arrivedAt(run.state.number, name, payload);
  if (arrived.kind === 'denied') deny(run, name, arrived);
  else take(run, name, arrived);
}

function take(run: RunningClaim, name: ActName | ReportName, arrived: Arrived): ActAnswer {
  const command = commandOf(name, arrived);
  const decision = command.kind === 'denied' ? command : run.execute(command);
  if (decision.kind === 'decided')
    for (const entry of decision.entries)
      if (entry.kind === 'bank-asked') for (const payment of entry.payments) void inquire(run, payment);
  return decision.kind === 'denied'
    ? deny(run, name, decision, arrived)
    : { kind: 'recorded', seq: run.state.seq };
}

const asFailure = ({ reason, sentence }: Denied): ApplicationFailure =>
  ApplicationFailure.create({ type: 'Denied', message: sentence, nonRetryable: true, details: [reason] });

/** The author of a denied message. What nobody signed may have been sent by anybody. */
function authorOf(signer: Signer | undefined): Author {
  if (signer?.kind === 'staff') return signer.code;
  return signer ? 'lipei' : 'anybody';
}

function deny(run: RunningClaim, name: ActName | ReportName, denial: Denied, arrived?: Arrived): Denied {
  const { signer, message } = arrived ?? {};
  run.deny(denial, { name, by: authorOf(signer), ...present({ message }) });
  return denial;
}
