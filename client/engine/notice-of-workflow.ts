import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { ReadNotice } from '../../providers/ports.ts';

/**
 * Reads the notice of loss where it lies, in the first event of the claim's own history: an activity's input
 * would be a second
 * place in Temporal that holds personal data (design §4).
 */
export const noticeOfWorkflow =
  (client: Client): ReadNotice =>
  async (workflowId, runId) => {
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: 1,
    });
    const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
    const [notice] = await decodeArrayFromPayloads(
      client.options.loadedDataConverter,
      started?.input?.payloads,
    );
    return notice;
  };
