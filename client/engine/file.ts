import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { z } from 'zod';
import { noticeSchema } from '../../config/notice/schema.ts';
import type { Beside } from '../../domain/claim/filing.ts';
import type { NoticeOfLoss } from '../../domain/claim/notice.ts';
import type { Proof } from '../../domain/signed-payload.ts';
import { numbersOf, workflowIdOf, type ClaimNumber } from '../../domain/ids.ts';
import { present } from '../../domain/present.ts';
import { workflowType, type ClaimResult } from '../../workflows/contract.ts';
import type { ClaimWorkflow, Engine } from './engine.ts';
import { unavailable, type Unavailable } from './faults.ts';
import { noticeOfWorkflow } from './notice-of-workflow.ts';

export type Filing = { kind: 'filed' | 'already-filed'; claim: ClaimNumber } | Unavailable;

export interface FilingOptions {
  /** Shown in the Temporal UI. */
  summary?: string;
  /**
   * The notice's possible numbers without those that the records give to other notices. Absent where the
   * records could not be read.
   */
  numbers?: ClaimNumber[];
  /**
   * Signs the notice for the claim of this number. Absent where nobody signs: the filer is then unknown, as
   * from the Temporal UI.
   */
  sign?: (number: ClaimNumber) => Proof & { beside: Beside };
}

/** Starts the claim's workflow under the first of its numbers that no other notice has. */
export async function file(
  engine: Engine,
  notice: NoticeOfLoss,
  { numbers = numbersOf(notice.source, notice.reference), ...how }: FilingOptions = {},
): Promise<Filing> {
  for (const number of numbers) {
    const answer = await fileUnder(engine, number, notice, how);
    if (answer.kind !== 'anothers') return answer;
  }
  return { kind: 'unavailable', why: 'other notices have all numbers of this one' };
}

type How = Pick<FilingOptions, 'summary' | 'sign'>;

async function fileUnder(
  engine: Engine,
  claim: ClaimNumber,
  notice: NoticeOfLoss,
  how: How,
): Promise<Filing | { kind: 'anothers' }> {
  const started = await start(engine, claim, notice, 'REJECT_DUPLICATE', how);
  if (started.kind !== 'already-filed') return started;
  const found = await ownerOf(engine, claim, notice);
  if (found.kind === 'nobodys') return start(engine, claim, notice, 'ALLOW_DUPLICATE', how);
  return found.kind === 'own' ? { kind: 'already-filed', claim: found.claim } : found;
}

async function start(
  { client, taskQueue, lookWithinMs, within }: Engine,
  claim: ClaimNumber,
  notice: NoticeOfLoss,
  workflowIdReusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE',
  { summary, sign }: How,
): Promise<Filing> {
  const options = {
    workflowId: workflowIdOf(claim),
    taskQueue,
    workflowIdReusePolicy,
    ...present({ staticSummary: summary }),
  };
  try {
    await within(Date.now() + lookWithinMs, () =>
      client.workflow.start<ClaimWorkflow>(workflowType, {
        ...options,
        args: [sign ? sign(claim) : notice],
      }),
    );
    return { kind: 'filed', claim };
  } catch (fault) {
    if (fault instanceof WorkflowExecutionAlreadyStartedError) return { kind: 'already-filed', claim };
    return unavailable(fault);
  }
}

/**
 * Finds out whether this notice has the number. Two notices may have the same number, and a notice taken for
 * the other would be lost. If it cannot be found out, the caller asks again: the records will know.
 */
async function ownerOf(
  engine: Engine,
  claim: ClaimNumber,
  notice: NoticeOfLoss,
): Promise<{ kind: 'own'; claim: ClaimNumber } | { kind: 'anothers' } | { kind: 'nobodys' } | Unavailable> {
  const { client, within, handleOf, lookWithinMs } = engine;
  const until = Date.now() + lookWithinMs;
  try {
    const { raw } = await within(until, () => handleOf(claim).describe());
    const { data: first } = named.safeParse(
      await within(until, () =>
        noticeOfWorkflow(client)(workflowIdOf(claim), raw.workflowExecutionInfo?.firstRunId ?? ''),
      ),
    );
    if (first && (first.source !== notice.source || first.reference !== notice.reference))
      return { kind: 'anothers' };
    const result = await resultOf(engine, claim, until);
    // Such as a notice that was mistyped in the Temporal UI. It never became a claim, so the number is free.
    if (result?.kind === 'not-opened') return { kind: 'nobodys' };
    // The claim may have another number than the one it was started under.
    return first ? { kind: 'own', claim: result?.claim ?? claim } : unknownOwner(claim);
  } catch (fault) {
    return fault instanceof WorkflowNotFoundError ? unknownOwner(claim) : unavailable(fault);
  }
}

/** Undefined while it runs, or when it was terminated. */
async function resultOf(
  { whatBecameOf, within, handleOf }: Engine,
  claim: ClaimNumber,
  until: number,
): Promise<ClaimResult | undefined> {
  if ((await whatBecameOf(claim, until)).kind !== 'ended') return undefined;
  try {
    return await within(until, () => handleOf(claim).result());
  } catch (fault) {
    if (fault instanceof WorkflowFailedError) return undefined;
    throw fault;
  }
}

/** The two fields that identify a notice of loss. */
const named = z.object({ source: noticeSchema.shape.source, reference: noticeSchema.shape.reference });

const unknownOwner = (claim: ClaimNumber): Unavailable => ({
  kind: 'unavailable',
  why: `it cannot be found out which notice claim ${claim} belongs to`,
});
