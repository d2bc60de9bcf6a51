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
import { isUnreadable } from '../../domain/unreadable.ts';

/**
 * A message that reached a workflow, and by which way. The workflow uses everything of the SDK that Lipei
 * uses.
 */
export interface Heard {
  by: 'start' | 'signal' | 'update' | 'activity' | 'local-activity' | 'child' | 'failure';
  /** The value, or the reason why it is unreadable. */
  value: unknown;
}

export interface Errands {
  /** Passed on to the next run. */
  heard?: Heard[];
  secret: string;
  /** A last run returns this at once, without errands. */
  runs: number;
}

export interface ScratchActivities {
  echo(value: string): Promise<string>;
  forget(value: string): Promise<void>;
  refuse(value: string): Promise<never>;
}

export const tell = defineSignal<[unknown]>('tell');
export const ask = defineUpdate<unknown, [unknown]>('ask');
export const stumble = defineUpdate<void, [unknown]>('stumble');
export const end = defineSignal<[]>('end');
export const heardQuery = defineQuery<Heard[]>('heard');

const far = proxyActivities<ScratchActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 1 },
});
const near = proxyLocalActivities<ScratchActivities>({
  startToCloseTimeout: '2 seconds',
  retry: { maximumAttempts: 1 },
});

/** Runs its errands, continues as new, and waits for the message to end. */
export async function scratch(start: Errands): Promise<Heard[]> {
  const heard: Heard[] = isUnreadable(start) ? [] : [...(start.heard ?? [])];
  const hear = (by: Heard['by'], value: unknown): void =>
    void heard.push({ by, value: isUnreadable(value) ? value.why : value });
  let isOver = false;
  setHandler(heardQuery, () => heard);
  setHandler(tell, (value) => hear('signal', value));
  setHandler(end, () => {
    isOver = true;
  });
  setHandler(ask, (value) => {
    hear('update', value);
    return { answer: value };
  });
  // Not a TemporalFailure, so it fails the workflow task.
  setHandler(stumble, (value) => {
    throw new Error(String(value));
  });

  hear('start', isUnreadable(start) ? start : start.secret);
  if (isUnreadable(start) || start.runs === 0) {
    await condition(() => isOver);
    return heard;
  }
  await errands(start.secret, hear);
  await sleep(1, { summary: `summary of ${start.secret}` });
  return continueAsNew<typeof scratch>({ secret: start.secret, runs: start.runs - 1, heard });
}

export async function child(secret: string): Promise<string> {
  return `${workflowInfo().workflowId} has ${secret}`;
}

/** Started by a schedule: its input must be readable, and its activities must work. */
export async function scheduled(start: { secret: string }): Promise<string> {
  return isUnreadable(start) ? start.why : far.echo(start.secret);
}

async function errands(secret: string, hear: (by: Heard['by'], value: unknown) => void): Promise<void> {
  setCurrentDetails(`details of ${secret}`);
  hear('activity', await far.echo(`far ${secret}`));
  hear('activity', await far.forget(`forgotten ${secret}`));
  hear('local-activity', await near.echo(`near ${secret}`));
  hear(
    'child',
    await executeChild(child, {
      workflowId: `${workflowInfo().workflowId}-child`,
      args: [`child's ${secret}`],
      staticSummary: `child summary of ${secret}`,
      memo: { note: `child memo of ${secret}` },
    }),
  );
  for (const how of [far, near]) {
    hear('failure', await how.refuse(`refused ${secret}`).catch((fault: unknown) => messagesOf(fault)));
  }
}

function messagesOf(fault: unknown): string[] {
  return fault instanceof Error ? [fault.message, ...messagesOf(fault.cause)] : [];
}
