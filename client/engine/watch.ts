import type { Client } from '@temporalio/client';
import { taskQueue } from '../../config/task-queue.ts';
import { lookNowSignal, watchId, watchType } from '../../workflows/contract.ts';

const options = {
  workflowId: watchId,
  taskQueue,
  workflowIdConflictPolicy: 'USE_EXISTING',
  workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  staticSummary: 'Watches that each open claim has a run, and that the run agrees with the records',
} as const;

/**
 * Makes sure that the workflow which watches the claims runs. One runs however many ask for it; one that
 * somebody terminated starts anew.
 */
export async function keepWatchingClaims(client: Client): Promise<void> {
  await client.workflow.start(watchType, { ...options, args: [] });
}

/** Has the watch look at once, and every claim compare itself with the records. */
export async function lookAtAllClaims(client: Client): Promise<void> {
  await client.workflow.signalWithStart(watchType, {
    ...options,
    args: [],
    signal: lookNowSignal,
    signalArgs: [],
  });
}
