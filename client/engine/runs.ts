import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { temporal } from '@temporalio/proto';
import { taskQueue as usualTaskQueue } from '../../config/task-queue.ts';
import { claimOfWorkflow, workflowIdOf } from '../../domain/ids.ts';
import { present } from '../../domain/present.ts';
import type { ClaimRuns, RecordedActivity, RecordedRun, SeenRun } from '../../providers/ports.ts';
import { compareSignal, workflowType } from '../../workflows/contract.ts';
import type { ClaimWorkflow } from './engine.ts';
import { isUnknown } from './faults.ts';

type Event = temporal.api.history.v1.IHistoryEvent;
type Payloads = temporal.api.common.v1.IPayloads | null | undefined;

const pageSize = 1000;
const ofClaims = `WorkflowType = "${workflowType}"`;
const runningClaims = `${ofClaims} AND ExecutionStatus = "Running"`;
const endedClaims = `${ofClaims} AND ExecutionStatus NOT IN ("Running", "ContinuedAsNew")`;

/** The runs of the claims' workflows, for the sweep and for what is put back from their histories. */
export const claimRuns = (client: Client, taskQueue = usualTaskQueue): ClaimRuns => ({
  running: () => listed(client, runningClaims),
  ended: () => listed(client, endedClaims),
  newest: (claim) => newest(client, claim),
  recorded: (claim, run) => recorded(client, claim, run),
  runsOf: (claim) => runsOf(client, claim),
  takeUp: (claim) => takeUp(client, taskQueue, claim),
  compare: (claim) => compare(client, claim),
});

async function* listed(client: Client, query: string): AsyncGenerator<SeenRun> {
  for await (const { workflowId, runId, startTime, searchAttributes } of client.workflow.list({
    query,
    pageSize,
  })) {
    const claim = claimOfWorkflow(workflowId);
    const [head] = searchAttributes['ClaimHead'] ?? [];
    if (claim)
      yield {
        claim,
        run: runId,
        startedAt: startTime,
        ...present({ head: typeof head === 'string' ? head : undefined }),
      };
  }
}

async function newest(
  client: Client,
  claim: string,
): Promise<{ run: string; isRunning: boolean } | undefined> {
  return unlessUnknown(async () => {
    const { runId, status } = await client.workflow.getHandle(workflowIdOf(claim)).describe();
    return { run: runId, isRunning: status.name === 'RUNNING' || status.name === 'PAUSED' };
  });
}

/** The engine lists what it has stored a moment ago a moment later. */
async function runsOf(client: Client, claim: string): Promise<string[]> {
  const runs: { run: string; at: number }[] = [];
  for await (const { runId, startTime } of client.workflow.list({
    query: `WorkflowId = "${workflowIdOf(claim)}"`,
  }))
    runs.push({ run: runId, at: startTime.getTime() });
  return runs.toSorted((one, other) => other.at - one.at).map(({ run }) => run);
}

async function takeUp(client: Client, taskQueue: string, claim: string): Promise<'started' | 'running'> {
  try {
    await client.workflow.start<ClaimWorkflow>(workflowType, {
      workflowId: workflowIdOf(claim),
      taskQueue,
      args: [{ resume: claim }],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
    });
    return 'started';
  } catch (fault) {
    if (fault instanceof WorkflowExecutionAlreadyStartedError) return 'running';
    throw fault;
  }
}

async function compare(client: Client, claim: string): Promise<void> {
  await unlessUnknown(() => client.workflow.getHandle(workflowIdOf(claim)).signal(compareSignal));
}

async function recorded(client: Client, claim: string, run: string): Promise<RecordedRun | undefined> {
  const events = await unlessUnknown(async () => {
    const { events: all } = await client.workflow.getHandle(workflowIdOf(claim), run).fetchHistory();
    return all ?? [];
  });
  const started = events?.[0]?.workflowExecutionStartedEventAttributes;
  if (!events || !started) return undefined;
  const activities = await activitiesIn(client, events);
  return {
    run,
    start: await firstOf(client, started.input),
    activities,
    ...present({
      before: started.continuedExecutionRunId || undefined,
      resetFrom: resetFromIn(events),
    }),
  };
}

/** A reset ends the task at which it was made with the run that it was made from. */
const resetFromIn = (events: Event[]): string | undefined =>
  events.findLast((event) => event.workflowTaskFailedEventAttributes?.baseRunId)
    ?.workflowTaskFailedEventAttributes?.baseRunId ?? undefined;

async function activitiesIn(client: Client, events: Event[]): Promise<RecordedActivity[]> {
  const found = new Map<string, RecordedActivity>();
  for (const event of events) {
    const { activityTaskScheduledEventAttributes: scheduled } = event;
    const { activityTaskCompletedEventAttributes: completed } = event;
    const ended =
      event.activityTaskFailedEventAttributes ??
      event.activityTaskTimedOutEventAttributes ??
      event.activityTaskCanceledEventAttributes;
    if (scheduled)
      found.set(String(event.eventId), {
        type: scheduled.activityType?.name ?? '',
        input: await firstOf(client, scheduled.input),
        state: 'open',
      });
    const done = completed && found.get(String(completed.scheduledEventId));
    if (done) Object.assign(done, { state: 'done', result: await firstOf(client, completed.result) });
    const failed = ended && found.get(String(ended.scheduledEventId));
    if (failed) failed.state = 'failed';
  }
  return [...found.values()];
}

async function firstOf(client: Client, given: Payloads): Promise<unknown> {
  const [first]: unknown[] = await decodeArrayFromPayloads(
    client.options.loadedDataConverter,
    given?.payloads?.slice(0, 1),
  );
  return first;
}

async function unlessUnknown<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (fault) {
    if (isUnknown(fault)) return undefined;
    throw fault;
  }
}
