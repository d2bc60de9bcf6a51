import type { Client } from '@temporalio/client';
import { taskQueue } from '../../config/task-queue.ts';
import { staffMailId, staffMailType } from '../../workflows/contract.ts';

/**
 * Makes sure that the workflow which notifies staff runs. One runs however many ask for it; one that somebody
 * terminated starts anew.
 */
export async function keepNotifyingStaff(client: Client): Promise<void> {
  await client.workflow.start(staffMailType, {
    workflowId: staffMailId,
    taskQueue,
    args: [],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'Notifies staff of their work by mail',
  });
}
