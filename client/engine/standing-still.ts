import type { Client } from '@temporalio/client';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { temporal } from '@temporalio/proto';
import { claimOfWorkflow, type ClaimNumber } from '../../domain/ids.ts';
import { saysKeyMissing } from '../../security/key-missing.ts';
import { workflowType } from '../../workflows/contract.ts';
import { present } from '../../domain/present.ts';

export interface StandingStill {
  claim: ClaimNumber;
  /** One sentence, or several separated by semicolons. */
  problem: string;
}

export interface StandingPage {
  claims: StandingStill[];
  /** The position of the next page; absent on the last one. */
  next?: string;
}

type Execution = temporal.api.workflow.v1.IWorkflowExecutionInfo;

const pageSize = 1000;

/**
 * How many histories are read at the same time. A claim that cannot report its problem itself needs one
 * request.
 */
const lookedIntoAtOnce = 10;
const query =
  `WorkflowType = "${workflowType}" AND ExecutionStatus = "Running" ` +
  'AND (ClaimProblem IS NOT NULL OR TemporalReportedProblems IS NOT NULL)';

/**
 * Running claims that report a problem, and those whose workflow tasks fail and which cannot report anything:
 * a worker cannot decrypt their payloads, or its code would deviate from their history.
 */
export async function claimsStandingStill(
  client: Client,
  namespace: string,
  after?: string,
): Promise<StandingPage> {
  const { executions, nextPageToken } = await client.workflowService.listWorkflowExecutions({
    namespace,
    query,
    pageSize,
    nextPageToken: Buffer.from(after ?? '', 'base64url'),
  });
  const claims: StandingStill[] = [];
  for (let from = 0; from < (executions?.length ?? 0); from += lookedIntoAtOnce) {
    const found = await Promise.all(
      (executions ?? [])
        .slice(from, from + lookedIntoAtOnce)
        .map((execution) => standing(client, namespace, execution)),
    );
    claims.push(...found.filter((each) => each !== undefined));
  }
  return {
    claims,
    ...present({
      next: nextPageToken?.length ? Buffer.from(nextPageToken).toString('base64url') : undefined,
    }),
  };
}

async function standing(
  client: Client,
  namespace: string,
  execution: Execution,
): Promise<StandingStill | undefined> {
  const claim = claimOfWorkflow(execution.execution?.workflowId ?? '');
  if (!claim) return undefined;
  const [reported, said] = [
    attribute(execution, 'TemporalReportedProblems'),
    attribute(execution, 'ClaimProblem'),
  ];
  const failing = Array.isArray(reported)
    ? await whyTasksFail(client, namespace, execution, reported.map(String))
    : undefined;
  return { claim, problem: [failing, said].filter((each) => typeof each === 'string').join('; ') };
}

/** The last fault that a worker reported, in its own words; otherwise the engine's name for it. */
async function whyTasksFail(
  client: Client,
  namespace: string,
  { execution }: Execution,
  reported: string[],
): Promise<string> {
  const fault = await lastFault(client, namespace, execution);
  if (fault && saysKeyMissing(fault.message)) return `its history cannot be read: ${fault.message}`;
  const cause =
    reported.find((each) => each.startsWith('cause='))?.replace(/^cause=(WorkflowTaskFailedCause)?/, '') ??
    reported.join(', ');
  return `its workflow cannot continue (${cause})${fault ? `: ${firstLine(fault.message)}` : ''}`;
}

async function lastFault(
  client: Client,
  namespace: string,
  execution: Execution['execution'],
): Promise<Error | undefined> {
  try {
    const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace,
      execution: execution ?? {},
      maximumPageSize: 20,
    });
    const failed = history?.events?.find(
      ({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes?.failure,
    );
    return await decodeOptionalFailureToOptionalError(
      client.options.loadedDataConverter,
      failed?.workflowTaskFailedEventAttributes?.failure,
    );
  } catch {
    return undefined; // the list must not fail for the sake of one claim's reason
  }
}

function attribute({ searchAttributes }: Execution, name: string): unknown {
  const data = searchAttributes?.indexedFields?.[name]?.data;
  return data?.length ? JSON.parse(Buffer.from(data).toString('utf8')) : undefined;
}

const firstLine = (message: string): string => (message.split('\n')[0] ?? '').slice(0, 300);
