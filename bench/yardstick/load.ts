import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { taskQueue } from '../../config/task-queue.ts';
import { sampleNotice } from '../../local/samples.ts';
import { workflowBundle } from '../../workers/workflow-bundle.ts';
import { openGround, type Ground, type Setup } from '../ground.ts';
import { noLatencies, timed, type Latencies } from '../large-payment.ts';
import { differencesFromFixed, type YardstickHistories } from './history.ts';

/** The code of both of its workflows as one text. */
export const yardstickBundle = (): Promise<string> =>
  workflowBundle(join(import.meta.dirname, 'workflow.ts'));

/** Each look costs the engine something, so that it is not asked all the time. */
const lookEachMs = 250;

/** Starts one, approves it as soon as it waits for that, and waits for its end. */
export async function runYardstick(
  { client }: Pick<Ground, 'client'>,
  latencies: Latencies,
): Promise<WorkflowHandle> {
  const notice = sampleNotice('large-loss', new Date());
  const handle = await timed(latencies.start, () =>
    client.workflow.start('yardstick', {
      workflowId: `yardstick-${randomUUID()}`,
      taskQueue,
      args: [notice],
    }),
  );
  await untilItWaits(handle);
  await timed(latencies.signal, () => handle.signal('approve'));
  await handle.result();
  return handle;
}

const stage = defineSearchAttributeKey('ClaimStage', 'KEYWORD');

async function untilItWaits(handle: WorkflowHandle): Promise<void> {
  for (const until = Date.now() + 60_000; ; await pause(lookEachMs)) {
    if ((await handle.describe()).typedSearchAttributes.get(stage) === 'approval') return;
    if (Date.now() > until) throw new Error(`${handle.workflowId} does not come to its approval.`);
  }
}

/** The child's last two answers come one by one in a third of the cases. */
const attempts = 10;

/** Throws a sentence when its histories do not have exactly their fixed counts. */
export async function checkYardstick(setup: Setup): Promise<void> {
  const ground = await openGround('yardstick', setup);
  try {
    await runYardstick(ground, noLatencies()); // it meets a worker that has just started
    let differences: string[] = [];
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      differences = differencesFromFixed(await recorded(ground));
      if (differences.length === 0) return;
    }
    throw new Error(`The yardstick has another length, so nothing was measured: ${differences.join('; ')}.`);
  } finally {
    await ground.stop();
  }
}

async function recorded(ground: Ground): Promise<YardstickHistories> {
  const handle = await runYardstick(ground, noLatencies());
  const child = ground.client.workflow.getHandle(`${handle.workflowId}/item-1`);
  return { parent: await handle.fetchHistory(), child: await child.fetchHistory() };
}
