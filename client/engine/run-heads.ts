import { claimOfWorkflow, workflowIdOf, type ClaimNumber } from '../../domain/ids.ts';
import { present } from '../../domain/present.ts';
import { workflowType } from '../../workflows/contract.ts';
import type { Engine } from './engine.ts';
import { isInvalid, unavailable, type Unavailable } from './faults.ts';

/** A run of a claim's workflow that Temporal still knows, with the head of the journal as it stored it. */
export interface ClaimRun {
  claim: ClaimNumber;
  isRunning: boolean;
  /** `<seq>:<first 32 signs of the hash>`: the search attribute ClaimHead. Absent before the first one. */
  head?: string;
}

export interface RunsPage {
  kind: 'known';
  runs: ClaimRun[];
  /** The position of the next page; absent on the last one. */
  next?: string;
}

const pageSize = 1000;

/** Runs of all claims, or of one: those that run, and closed ones that are kept. One page. */
export async function runHeads(
  { client, namespace, within, actWithinMs }: Engine,
  { claim, after }: { claim?: ClaimNumber | undefined; after?: string | undefined },
): Promise<RunsPage | { kind: 'no-such-page' } | Unavailable> {
  const ofOne = claim === undefined ? '' : ` AND WorkflowId = "${workflowIdOf(claim)}"`;
  const asked = {
    namespace,
    query: `WorkflowType = "${workflowType}"${ofOne}`,
    pageSize,
    nextPageToken: Buffer.from(after ?? '', 'base64url'),
  };
  try {
    const { executions, nextPageToken } = await within(Date.now() + actWithinMs, () =>
      client.workflowService.listWorkflowExecutions(asked),
    );
    const runs = (executions ?? []).flatMap(({ execution, closeTime, searchAttributes }) => {
      const known = claimOfWorkflow(execution?.workflowId ?? '');
      const head = textIn(searchAttributes?.indexedFields?.['ClaimHead']?.data);
      return known === undefined ? [] : [{ claim: known, isRunning: !closeTime, ...present({ head }) }];
    });
    const next = nextPageToken?.length ? Buffer.from(nextPageToken).toString('base64url') : undefined;
    return { kind: 'known', runs, ...present({ next }) };
  } catch (fault) {
    return after !== undefined && isInvalid(fault) ? { kind: 'no-such-page' } : unavailable(fault);
  }
}

/** Search attributes are JSON that nobody encrypts; anybody may have set another kind of value. */
function textIn(data: Uint8Array | null | undefined): string | undefined {
  if (!data?.length) return undefined;
  const value: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
  return typeof value === 'string' ? value : undefined;
}
