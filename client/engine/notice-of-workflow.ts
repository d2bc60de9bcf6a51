import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { noticeIn } from '../../domain/claim/filing.ts';
import type { ReadNotice } from '../../providers/ports.ts';

/**
 * Reads the notice of loss from the first event of the claim's own history. As an activity's input it would
 * be a second copy of personal data in Temporal (design §4). A signed notice lies beside its statement.
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
    const [input]: unknown[] = await decodeArrayFromPayloads(
      client.options.loadedDataConverter,
      started?.input?.payloads,
    );
    return noticeIn(input);
  };
