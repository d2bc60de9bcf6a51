import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { z } from 'zod';
import { noticeSchema } from '../../config/notice-schema.ts';
import type { NoticeOfLoss } from '../../domain/claim/notice.ts';
import { numbersOf, workflowIdOf, type ClaimNumber } from '../../domain/ids.ts';
import { present } from '../../domain/present.ts';
import { workflowType, type ClaimResult } from '../../workflows/contract.ts';
import type { ClaimWorkflow, Engine } from './engine.ts';
import { unavailable, type Unavailable } from './faults.ts';
import { noticeOfWorkflow } from './notice-of-workflow.ts';

export type Filing = { kind: 'filed' | 'already-filed'; claim: ClaimNumber } | Unavailable;

export interface FilingOptions {
  /** Stands in the Temporal UI. */
  summary?: string;
  /** Those of the notice that the records give to no other, where they could be asked. */
  numbers?: ClaimNumber[];
}

/** Starts the claim's workflow under the first of its numbers that is not another notice's. */
export async function file(
  engine: Engine,
  notice: NoticeOfLoss,
  { summary, numbers = numbersOf(notice.source, notice.reference) }: FilingOptions = {},
): Promise<Filing> {
  for (const number of numbers) {
    const answer = await fileUnder(engine, number, notice, summary);
    if (answer.kind !== 'anothers') return answer;
  }
  return { kind: 'unavailable', why: 'other notices have every number of this one' };
}

async function fileUnder(
  engine: Engine,
  claim: ClaimNumber,
  notice: NoticeOfLoss,
  summary?: string,
): Promise<Filing | { kind: 'anothers' }> {
  const started = await start(engine, claim, notice, 'REJECT_DUPLICATE', summary);
  if (started.kind !== 'already-filed') return started;
  const found = await whose(engine, claim, notice);
  if (found.kind === 'nobodys') return start(engine, claim, notice, 'ALLOW_DUPLICATE', summary);
  return found.kind === 'own' ? { kind: 'already-filed', claim: found.claim } : found;
}

async function start(
  { client, taskQueue, lookWithinMs, within }: Engine,
  claim: ClaimNumber,
  notice: NoticeOfLoss,
  workflowIdReusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE',
  summary?: string,
): Promise<Filing> {
  const options = {
    workflowId: workflowIdOf(claim),
    taskQueue,
    workflowIdReusePolicy,
    ...present({ staticSummary: summary }),
  };
  try {
    await within(Date.now() + lookWithinMs, () =>
      client.workflow.start<ClaimWorkflow>(workflowType, { ...options, args: [notice] }),
    );
    return { kind: 'filed', claim };
  } catch (fault) {
    if (fault instanceof WorkflowExecutionAlreadyStartedError) return { kind: 'already-filed', claim };
    return unavailable(fault);
  }
}

/**
 * Whose claim it is that has the number: two notices may have the same, and one that is taken for the other
 * is lost. Where there is no
 * telling, whoever asks asks again: the records will know.
 */
async function whose(
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
    // A notice that was mistyped in the Temporal UI, say, and never became a claim: it takes nobody's
    // number.
    if (result?.kind === 'not-opened') return { kind: 'nobodys' };
    // It may go by another number than it was started under.
    return first ? { kind: 'own', claim: result?.claim ?? claim } : untold(claim);
  } catch (fault) {
    return fault instanceof WorkflowNotFoundError ? untold(claim) : unavailable(fault);
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

/** What a notice of loss is known by, as it is read. */
const named = z.object({ source: noticeSchema.shape.source, reference: noticeSchema.shape.reference });

const untold = (claim: ClaimNumber): Unavailable => ({
  kind: 'unavailable',
  why: `there is no telling whose claim ${claim} is`,
});
