import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Claim } from '../../domain/claim/claim.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import { claimQuery, staffMailType, watchType, workflowType } from '../../workflows/contract.ts';
import { againAfterMs, type Engine } from './engine.ts';
import { isNotReady, unavailable, type Unavailable } from './faults.ts';

const { temporal } = proto;

export type StateAnswer =
  | { kind: 'found'; claim: Claim }
  | { kind: 'opening' }
  | { kind: 'not-opened'; sentence: string }
  | { kind: 'unknown' }
  | Unavailable;

/** Waits a few seconds for a claim that was filed just now. */
export async function stateOf(engine: Engine, claim: ClaimNumber): Promise<StateAnswer> {
  const until = Date.now() + engine.lookWithinMs;
  for (;;) {
    const answer = await look(engine, claim, until);
    if (answer.kind !== 'opening' || Date.now() + againAfterMs > until) return answer;
    await pause(againAfterMs);
  }
}

async function look(engine: Engine, claim: ClaimNumber, until: number): Promise<StateAnswer> {
  const { within, handleOf } = engine;
  try {
    const state = await within(until, () => handleOf(claim).query(claimQuery));
    if (state) return { kind: 'found', claim: state };
    return await notYetOpen(engine, claim, until);
  } catch (fault) {
    if (fault instanceof WorkflowNotFoundError) return { kind: 'unknown' };
    return isNotReady(fault) ? { kind: 'opening' } : unavailable(fault);
  }
}

async function notYetOpen(
  { whatBecameOf, within, handleOf }: Engine,
  claim: ClaimNumber,
  until: number,
): Promise<StateAnswer> {
  const became = await whatBecameOf(claim, until);
  if (became.kind !== 'ended') return became.kind === 'running' ? { kind: 'opening' } : became;
  const result = await within(until, () => handleOf(claim).result());
  return result.kind === 'not-opened' ? result : { kind: 'unknown' };
}

export async function runsBegunBy(
  { client, within, lookWithinMs }: Engine,
  moment: Date,
): Promise<number | null> {
  const ours =
    `(WorkflowType = "${workflowType}" ` +
    `OR (WorkflowType IN ("${staffMailType}", "${watchType}") AND ExecutionStatus = "Running"))`;
  const query = `${ours} AND StartTime <= "${moment.toISOString()}"`;
  try {
    const { count } = await within(Date.now() + lookWithinMs, () => client.workflow.count(query));
    return count;
  } catch (fault) {
    unavailable(fault);
    return null;
  }
}

const shortlyMs = 2_000;

export async function isReachable({ client, within }: Engine): Promise<boolean> {
  try {
    await within(Date.now() + shortlyMs, () => client.workflowService.getSystemInfo({}));
    return true;
  } catch {
    return false;
  }
}

export type Load = { kind: 'known'; workers: number; waiting: number } | Unavailable;

export async function loadOf(engine: Engine): Promise<Load> {
  try {
    const [tasks, activities] = await Promise.all([
      queue(engine, 'TASK_QUEUE_TYPE_WORKFLOW'),
      queue(engine, 'TASK_QUEUE_TYPE_ACTIVITY'),
    ]);
    return { kind: 'known', workers: tasks.workers, waiting: tasks.waiting + activities.waiting };
  } catch (fault) {
    return unavailable(fault);
  }
}

async function queue(
  { client, namespace, taskQueue, within }: Engine,
  type: 'TASK_QUEUE_TYPE_WORKFLOW' | 'TASK_QUEUE_TYPE_ACTIVITY',
): Promise<{ workers: number; waiting: number }> {
  const asked = {
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: temporal.api.enums.v1.TaskQueueType[type],
    reportStats: true,
  };
  const { pollers, stats } = await within(Date.now() + shortlyMs, () =>
    client.workflowService.describeTaskQueue(asked),
  );
  return { workers: pollers?.length ?? 0, waiting: Number(stats?.approximateBacklogCount ?? 0) };
}
