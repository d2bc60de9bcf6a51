import { setTimeout as pause } from 'node:timers/promises';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { ActName } from '../../domain/claim/acts.ts';
import type { ReportName } from '../../domain/claim/reports.ts';
import { workflowIdOf, type ClaimNumber } from '../../domain/ids.ts';
import type { Proof } from '../../domain/signed-payload.ts';
import {
  reportSignal,
  humanUpdate,
  workflowType,
  type ActAnswer,
  type ClaimStart,
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
  return answered(engine, claim, () =>
    engine.handleOf(claim).executeUpdate(humanUpdate(name), { args: [proof], updateId: proof.signature }),
  );
}

/**
 * Sends a person's act to a claim that no workflow runs, because it was closed, terminated or lost: it is
 * taken up from the records, and decides then.
 */
export async function actAnew(
  engine: Engine,
  claim: ClaimNumber,
  name: ActName,
  { proof }: SignedMessage,
): Promise<ActAnswer | Unavailable> {
  const given: { args: [Payload]; updateId: string } = { args: [proof], updateId: proof.signature };
  const answer = await answered(engine, claim, () =>
    engine.client.workflow.executeUpdateWithStart(humanUpdate(name), {
      ...given,
      startWorkflowOperation: new WithStartWorkflowOperation<ClaimWorkflow>(workflowType, {
        ...resuming(engine, claim),
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    }),
  );
  return answer.kind === 'ended' || answer.kind === 'unknown'
    ? { kind: 'unavailable', why: 'the claim ended while it was taken up' }
    : answer;
}

function answered(
  engine: Engine,
  claim: ClaimNumber,
  send: () => Promise<ActAnswer>,
): Promise<ActAnswer | Gone | Unavailable> {
  const until = Date.now() + engine.actWithinMs;
  return sent(engine, claim, until, () =>
    engine.within(until, () => send().catch((fault: unknown): ActAnswer => denialIn(fault) ?? raise(fault))),
  );
}

/** How a claim is started that is taken up from the records. */
const resuming = ({ taskQueue }: Engine, claim: ClaimNumber) => ({
  workflowId: workflowIdOf(claim),
  taskQueue,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
  args: [{ resume: claim }] satisfies [ClaimStart],
});

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
  engine: Engine,
  claim: ClaimNumber,
  name: ReportName,
  { proof }: SignedMessage,
): Promise<{ kind: 'sent' } | Unavailable> {
  const { client, within, lookWithinMs } = engine;
  try {
    await within(Date.now() + lookWithinMs, () =>
      client.workflow.signalWithStart<ClaimWorkflow, [Payload]>(workflowType, {
        ...resuming(engine, claim),
        workflowIdConflictPolicy: 'USE_EXISTING',
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
