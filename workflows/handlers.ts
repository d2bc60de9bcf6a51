import {
  CancellationScope,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
} from '@temporalio/workflow';
import { actNames, actReader, type ActName } from '../domain/claim/acts.ts';
import { reportNames, reportReader, reports, type ReportName } from '../domain/claim/reports.ts';
import { actInWords } from '../domain/people/permissions.ts';
import { refused, type Refused } from '../domain/refusals.ts';
import { isUnreadable } from '../domain/unreadable.ts';
import { waitingOn } from '../domain/claim/view.ts';
import { check } from './effects.ts';
import { claimQuery, factSignal, humanUpdate, waitingOnQuery, type Answer } from './contract.ts';
import type { RunningClaim } from './running-claim.ts';

/**
 * Sets every handler. Called before anything else, so that the claim answers from its first event on. Each
 * shields itself from a
 * cancellation of the workflow: that is only a request to withdraw, and people go on working.
 */
export function listen(claim: RunningClaim): void {
  setHandler(claimQuery, () => (claim.isOpen ? claim.state : undefined), {
    description: 'The whole state of the claim',
  });
  setHandler(waitingOnQuery, () => (claim.isOpen ? waitingOn(claim.state) : []), {
    description: 'Whom the claim waits for, since when, and what happens next and when',
  });
  for (const name of actNames)
    setHandler(
      humanUpdate(name),
      (payload) => CancellationScope.nonCancellable(() => act(claim, name, payload)),
      { description: actInWords(name) },
    );
  for (const name of reportNames)
    setHandler(
      factSignal(name),
      (payload) => CancellationScope.nonCancellable(() => learn(claim, name, payload)),
      { description: reports[name].description },
    );
  setDefaultUpdateHandler(() => CancellationScope.nonCancellable(() => refuseUnknown(claim)));
  setDefaultSignalHandler(
    async () => void (await CancellationScope.nonCancellable(() => refuseUnknown(claim))),
  );
}

/** Somebody mistyped a message's name: that is found in the journal, too. */
async function refuseUnknown(claim: RunningClaim): Promise<Answer> {
  const closed = await claim.ready();
  const known = [...actNames, ...reportNames].join(', ');
  return (
    closed ??
    refuse(
      claim,
      'unknown',
      refused('malformed', `A claim knows no message of this name; it knows ${known}.`),
    )
  );
}

/**
 * A person acts: shape, then proof and today's authority by an activity, then the decision on the state as it
 * is by then.
 */
async function act(claim: RunningClaim, name: ActName, payload: unknown): Promise<Answer> {
  const opens = name === 'retry' && claim.askToOpen();
  const closed = await claim.ready();
  if (closed) return closed;
  // There was no claim yet that could have had a problem: what was asked for has been done.
  if (opens) return { kind: 'recorded', seq: claim.state.seq };
  const envelope = opened(payload);
  if ('kind' in envelope) return refuse(claim, name, envelope);
  const { id, proof, fields } = envelope;
  const reading = actReader(name)(fields, name);
  if (reading.kind === 'malformed') return refuse(claim, name, refused('malformed', reading.sentence), id);
  const verified = await verify(claim, name, id, proof, fields);
  if (verified.kind === 'refused') return refuse(claim, name, verified, id, authorOf(verified, proof));
  const decision = claim.decide({
    ...reading.value,
    person: verified.person,
    issuedAt: verified.issuedAt,
    message: id,
  });
  claim.works('records'); // which have just said who this is
  if (decision.kind === 'refused') return refuse(claim, name, decision, id, verified.person.code);
  return { kind: 'recorded', seq: claim.state.seq };
}

/** A fact without an author; refused when it cannot be read or used, for a signal has nobody to answer. */
async function learn(claim: RunningClaim, name: ReportName, payload: unknown): Promise<void> {
  if (await claim.ready()) return;
  const envelope = opened(payload);
  if ('kind' in envelope) return void refuse(claim, name, envelope);
  const reading = reportReader(name)(envelope.fields, name);
  if (reading.kind === 'malformed')
    return void refuse(claim, name, refused('malformed', reading.sentence), envelope.id);
  const decision = claim.decide({ ...reading.value, message: envelope.id });
  if (decision.kind === 'refused') refuse(claim, name, decision, envelope.id);
}

const cannotCheck = refused(
  'unavailable',
  'Authority cannot be checked right now; nothing was decided. Try again in a minute.',
);

/** The database may be down: then the person is asked to try again, and nothing was decided. */
async function verify(
  claim: RunningClaim,
  action: string,
  id: string,
  proof: unknown,
  content: object,
): Promise<Verified> {
  const { number, line } = claim.state;
  const asked = {
    claim: number,
    line,
    action,
    id,
    proof,
    content,
    now: claim.now,
    validFor: claim.rules.pack.proofValidFor,
  };
  try {
    const verified = await claim.inFlight(() =>
      check.verifyAct.executeWithOptions({ summary: `check who sends "${action}"` }, [asked]),
    );
    return isUnreadable(verified) ? cannotCheck : verified;
  } catch {
    return cannotCheck;
  }
}

type Verified = Awaited<ReturnType<typeof check.verifyAct>>;

function refuse(claim: RunningClaim, name: string, refusal: Refused, id?: string, by = 'lipei'): Answer {
  claim.refuse(refusal, { name, by, ...(id && { id }) });
  return refusal;
}

/** Every message is one object with an id; what the codec could not read arrives as its marker. */
function opened(payload: unknown): { id: string; proof: unknown; fields: object } | Refused {
  if (isUnreadable(payload))
    return refused(
      'unreadable',
      `The message could not be decrypted (${payload.why}); send it through the API, or through the Temporal UI with its codec server.`,
    );
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    return refused('malformed', 'A message is one JSON object with an "id" and its fields.');
  const { id, proof, ...fields }: { id?: unknown; proof?: unknown } = payload;
  if (typeof id !== 'string' || id.length < 1 || id.length > 100)
    return refused('malformed', 'id: must be a text of 1 to 100 characters, another one for each message.');
  return { id, proof, fields };
}

/**
 * Who a refused message names, once its signature was found genuine; what anybody may have typed is not
 * repeated in the journal.
 */
function authorOf({ reason }: Refused, proof: unknown): string {
  const isGenuine = reason === 'stale-proof' || reason === 'unknown-person';
  return isGenuine &&
    typeof proof === 'object' &&
    proof !== null &&
    'by' in proof &&
    typeof proof.by === 'string'
    ? proof.by
    : 'lipei';
}
