import {
  CancellationScope,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
} from '@temporalio/workflow';
import { actNames, actReader, type ActName } from '../../domain/claim/acts.ts';
import { reportNames, reportReader, reports, type ReportName } from '../../domain/claim/reports.ts';
import { actInWords } from '../../domain/people/permissions.ts';
import { denied, type Denied } from '../../domain/denial.ts';
import { present } from '../../domain/present.ts';
import { isUnreadable } from '../../domain/unreadable-payload.ts';
import { waitingOn } from '../../domain/claim/view.ts';
import { proofs } from '../effects.ts';
import { claimQuery, reportSignal, humanUpdate, waitingOnQuery, type ActAnswer } from '../contract.ts';
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
      { description: actInWords(name) },
    );
  for (const name of reportNames)
    setHandler(
      reportSignal(name),
      (payload) => CancellationScope.nonCancellable(() => takeReport(run, name, payload)),
      { description: reports[name].description },
    );
  setDefaultUpdateHandler(() => CancellationScope.nonCancellable(() => denyUnknown(run)));
  setDefaultSignalHandler(async () => void (await CancellationScope.nonCancellable(() => denyUnknown(run))));
}

/** A message with a mistyped name is denied, and the journal shows it. */
async function denyUnknown(run: RunningClaim): Promise<ActAnswer> {
  const closed = await run.ready();
  const known = [...actNames, ...reportNames].join(', ');
  return (
    closed ??
    deny(run, 'unknown', denied('malformed', `A claim has no message of this name; it has ${known}.`))
  );
}

/**
 * A person acts. First the fields are read; then an activity checks the proof and today's authority; then the
 * decision is made on the state of that moment.
 */
async function act(run: RunningClaim, name: ActName, payload: unknown): Promise<ActAnswer> {
  const opens = name === 'retry' && run.askToOpen();
  const closed = await run.ready();
  if (closed) return closed;
  // There was no claim yet that could have had a problem. The opening was retried, as asked.
  if (opens) return { kind: 'recorded', seq: run.state.seq };
  const envelope = opened(payload);
  if ('kind' in envelope) return deny(run, name, envelope);
  const { id, proof, fields } = envelope;
  const reading = actReader(name)(fields, name);
  if (reading.kind === 'malformed') return deny(run, name, denied('malformed', reading.sentence), id);
  const verified = await verify(run, name, id, proof, fields);
  if (verified.kind === 'denied') return deny(run, name, verified, id, authorOf(verified, proof));
  const decision = run.execute({
    ...reading.value,
    person: verified.person,
    issuedAt: verified.issuedAt,
    message: id,
  });
  run.resumeAfter('records'); // they answered just now
  if (decision.kind === 'denied') return deny(run, name, decision, id, verified.person.code);
  return { kind: 'recorded', seq: run.state.seq };
}

/**
 * A report has no author. One that cannot be read or used is denied in the journal: a signal gets no answer.
 */
async function takeReport(run: RunningClaim, name: ReportName, payload: unknown): Promise<void> {
  if (await run.ready()) return;
  const envelope = opened(payload);
  if ('kind' in envelope) return void deny(run, name, envelope);
  const reading = reportReader(name)(envelope.fields, name);
  if (reading.kind === 'malformed')
    return void deny(run, name, denied('malformed', reading.sentence), envelope.id);
  const decision = run.execute({ ...reading.value, message: envelope.id });
  if (decision.kind === 'denied') deny(run, name, decision, envelope.id);
}

const cannotCheck = denied(
  'unavailable',
  'Authority cannot be checked at the moment, so nothing was decided. Try again in a minute.',
);

/** If the database is down, nothing is decided and the person is asked to try again. */
async function verify(
  run: RunningClaim,
  action: string,
  id: string,
  proof: unknown,
  content: object,
): Promise<Verified> {
  const { number, line } = run.state;
  const asked = {
    claim: number,
    line,
    action,
    id,
    proof,
    content,
    now: run.now,
    validFor: run.rules.pack.proofValidFor,
  };
  try {
    const verified = await run.inFlight(() =>
      proofs.verifyAct.executeWithOptions({ summary: `check who sends "${action}"` }, [asked]),
    );
    return isUnreadable(verified) ? cannotCheck : verified;
  } catch {
    return cannotCheck;
  }
}

type Verified = Awaited<ReturnType<typeof proofs.verifyAct>>;

function deny(run: RunningClaim, name: string, denial: Denied, id?: string, by = 'lipei'): ActAnswer {
  run.deny(denial, { name, by, ...present({ id }) });
  return denial;
}

/** Every message is one object with an id. A payload that the codec could not decrypt arrives as a marker. */
function opened(payload: unknown): { id: string; proof: unknown; fields: object } | Denied {
  if (isUnreadable(payload))
    return denied(
      'unreadable',
      `The message could not be decrypted (${payload.why}); ` +
        `send it through the API, or through the Temporal UI with its codec server.`,
    );
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    return denied('malformed', 'A message is one JSON object with an "id" and its fields.');
  const { id, proof, ...fields }: { id?: unknown; proof?: unknown } = payload;
  if (typeof id !== 'string' || id.length < 1 || id.length > 100)
    return denied('malformed', 'id: must be a text of 1 to 100 characters, another one for each message.');
  return { id, proof, fields };
}

/**
 * The author of a denied message, if its signature is genuine. Otherwise anybody may have typed the name, and
 * the journal must not repeat it.
 */
function authorOf({ reason }: Denied, proof: unknown): string {
  const isGenuine = reason === 'stale-proof' || reason === 'unknown-person';
  return isGenuine &&
    typeof proof === 'object' &&
    proof !== null &&
    'by' in proof &&
    typeof proof.by === 'string'
    ? proof.by
    : 'lipei';
}
