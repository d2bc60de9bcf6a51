import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  executeChild,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { isSigned } from '../../domain/signed-payload.ts';
import { isUnreadable } from '../../domain/unreadable-payload.ts';

/**
 * A message that reached a workflow, and by which way. The workflow uses everything of the SDK that Lipei
 * uses.
 */
export interface Received {
  by: 'start' | 'signal' | 'update' | 'activity' | 'local-activity' | 'child' | 'failure';
  /** The value, or the reason why it is unreadable. */
  value: unknown;
}

export interface Errands {
  /** Passed on to the next run. */
  received?: Received[];
  secret: string;
  /** A last run returns this at once, without errands. */
  runs: number;
}

export interface ScratchActivities {
  echo(value: string): Promise<string>;
  forget(value: string): Promise<void>;
  refuse(value: string): Promise<never>;
}

export const notify = defineSignal<[unknown]>('tell');
export const ask = defineUpdate<unknown, [unknown]>('ask');
export const stumble = defineUpdate<void, [unknown]>('stumble');
export const end = defineSignal<[]>('end');
export const receivedQuery = defineQuery<Received[]>('heard');

const far = proxyActivities<ScratchActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 1 },
});
const near = proxyLocalActivities<ScratchActivities>({
  startToCloseTimeout: '2 seconds',
  retry: { maximumAttempts: 1 },
});

/** Runs its errands, continues as new, and waits for the message to end. */
export async function scratch(start: Errands): Promise<Received[]> {
  const received: Received[] = isUnreadable(start) ? [] : [...(start.received ?? [])];
  const receive = (by: Received['by'], value: unknown): void =>
    void received.push({ by, value: isUnreadable(value) ? value.why : value });
  let isOver = false;
  setHandler(receivedQuery, () => received);
  setHandler(notify, (value) => receive('signal', value));
  setHandler(end, () => {
    isOver = true;
  });
  setHandler(ask, (value) => {
    receive('update', value);
    return { answer: value };
  });
  // Not a TemporalFailure, so it fails the workflow task.
  setHandler(stumble, (value) => {
    throw new Error(String(value));
  });

  receive('start', isUnreadable(start) ? start : start.secret);
  if (isUnreadable(start) || start.runs === 0) {
    await condition(() => isOver);
    return received;
  }
  await errands(start.secret, receive);
  await sleep(1, { summary: `summary of ${start.secret}` });
  return continueAsNew<typeof scratch>({ secret: start.secret, runs: start.runs - 1, received });
}

export async function child(secret: string): Promise<string> {
  return `${workflowInfo().workflowId} has ${secret}`;
}

/**
 * Answers a signed message with another activity than one that nobody signed, so that a replay fails where
 * the verdict differs.
 */
export async function witness(): Promise<void> {
  let isOver = false;
  setHandler(end, () => {
    isOver = true;
  });
  setHandler(ask, async (value) =>
    isSigned(value) ? far.echo(value.statement.id) : far.forget('nobody signed it'),
  );
  await condition(() => isOver);
}

/** Started by a schedule: its input must be readable, and its activities must work. */
export async function scheduled(start: { secret: string }): Promise<string> {
  return isUnreadable(start) ? start.why : far.echo(start.secret);
}

async function errands(secret: string, receive: (by: Received['by'], value: unknown) => void): Promise<void> {
  setCurrentDetails(`details of ${secret}`);
  receive('activity', await far.echo(`far ${secret}`));
  receive('activity', await far.forget(`forgotten ${secret}`));
  receive('local-activity', await near.echo(`near ${secret}`));
  receive(
    'child',
    await executeChild(child, {
      workflowId: `${workflowInfo().workflowId}-child`,
      args: [`child's ${secret}`],
      staticSummary: `child summary of ${secret}`,
      memo: { note: `child memo of ${secret}` },
    }),
  );
  for (const how of [far, near]) {
    receive('failure', await how.refuse(`refused ${secret}`).catch((fault: unknown) => messagesOf(fault)));
  }
}

function messagesOf(fault: unknown): string[] {
  return fault instanceof Error ? [fault.message, ...messagesOf(fault.cause)] : [];
}
