import { setTimeout as pause } from 'node:timers/promises';
import type { ActName } from '../../domain/claim/acts.ts';
import type { ReportName } from '../../domain/claim/reports.ts';
import { workflowIdOf, type ClaimNumber } from '../../domain/ids.ts';
import type { Proof } from '../../domain/signed-payload.ts';
import {
  reportSignal,
  humanUpdate,
  workflowType,
  type ActAnswer,
  type Payload,
} from '../../workflows/contract.ts';
import { againAfterMs, type ClaimWorkflow, type Engine, type Gone } from './engine.ts';
import { denialIn, endedMeanwhile, isPassing, unavailable, type Unavailable } from './faults.ts';

/** A signed message; the statement in the proof has the same id. */
export interface SignedMessage {
  id: string;
  proof: Proof;
}

/**
 * Sends a person's act, and waits until the claim has answered. The signature is the update's id: ids of
 * messages belong to their senders, and the claim itself recognizes a repeated one.
 */
export function act(
  engine: Engine,
  claim: ClaimNumber,
  name: ActName,
  { proof }: SignedMessage,
): Promise<ActAnswer | Gone | Unavailable> {
  const { within, handleOf, actWithinMs } = engine;
  const until = Date.now() + actWithinMs;
  return sent(engine, claim, until, () =>
    within(until, () =>
      handleOf(claim)
        .executeUpdate(humanUpdate(name), { args: [proof], updateId: proof.signature })
        .catch((fault: unknown): ActAnswer => denialIn(fault) ?? raise(fault)),
    ),
  );
}

function raise(fault: unknown): never {
  throw fault;
}

/** Sends a report. The claim receives it; the call does not wait for the result. */
export function report(
  engine: Engine,
  claim: ClaimNumber,
  name: ReportName,
  { proof }: SignedMessage,
): Promise<{ kind: 'sent' } | Gone | Unavailable> {
  const { within, handleOf, lookWithinMs } = engine;
  const until = Date.now() + lookWithinMs;
  return sent(engine, claim, until, async () => {
    await within(until, () => handleOf(claim).signal(reportSignal(name), proof));
    return { kind: 'sent' } as const;
  });
}

/**
 * Sends a report to a claim that has ended: it is taken up from the records, and ends again if the report
 * changes nothing.
 */
export async function reportAnew(
  { client, taskQueue, within, lookWithinMs }: Engine,
  claim: ClaimNumber,
  name: ReportName,
  { proof }: SignedMessage,
): Promise<{ kind: 'sent' } | Unavailable> {
  try {
    await within(Date.now() + lookWithinMs, () =>
      client.workflow.signalWithStart<ClaimWorkflow, [Payload]>(workflowType, {
        workflowId: workflowIdOf(claim),
        taskQueue,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        args: [{ resume: claim }],
        signal: reportSignal(name),
        signalArgs: [proof],
      }),
    );
    return { kind: 'sent' };
  } catch (fault) {
    return unavailable(fault);
  }
}

/**
 * Retries under the same id when the claim did not take the message, because a new run began or its worker
 * was restarting.
 */
async function sent<T>(
  { whatBecameOf }: Engine,
  claim: ClaimNumber,
  until: number,
  send: () => Promise<T>,
): Promise<T | Gone | Unavailable> {
  for (;;) {
    try {
      return await send();
    } catch (fault) {
      const gone = endedMeanwhile(fault) ? await whatBecameOf(claim, until) : undefined;
      if (gone && gone.kind !== 'running') return gone;
      const mayHelp = gone !== undefined || isPassing(fault);
      if (!mayHelp || Date.now() + againAfterMs > until) return unavailable(fault);
      await pause(againAfterMs);
    }
  }
}
