import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { dataConverter } from '../../security/data-converter.ts';
import { payloadCodec } from '../../security/payload-codec.ts';
import { runtime } from './runtime.ts';
import { testKeyring, testRoots } from './test-keyring.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

export interface Replayer {
  /**
   * Throws with the name of the step where history and code part: an event's number says nothing to whoever
   * changed the code.
   */
  replay(history: History, workflowId: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Replays recorded histories on this code, one after another on one worker: to start one for each takes
 * longer than the replay.
 */
export function startReplayer(
  workflowBundle: WorkflowBundleOption = { codePath: runtime().bundle },
): Replayer {
  let [history, workflowId]: [History, string] = [{}, ''];
  async function* wanted(): AsyncGenerator<{ history: History; workflowId: string }> {
    for (;;) yield { history, workflowId };
  }
  // In a thread of its own, as claims run; by default a replay runs where a debugger can follow it, and takes
  // longer.
  const options = {
    workflowBundle,
    dataConverter: dataConverter(testKeyring(), { roots: testRoots }),
    debugMode: false,
  };
  const replays = Worker.runReplayHistories(options, wanted());
  return {
    async replay(next, itsWorkflowId) {
      [history, workflowId] = [next, itsWorkflowId];
      const { done, value } = await replays.next();
      if (done) throw new Error('The worker that replays has ended');
      const { error } = value;
      if (error) throw new Error(`${await whereIn(next, String(error))}${String(error)}`, { cause: error });
    },
    stop: async () => void (await replays.return?.()),
  };
}

async function whereIn({ events }: History, words: string): Promise<string> {
  const id = /HistoryEvent\(id: (\d+)/.exec(words)?.[1];
  const event = events?.find(({ eventId }) => String(eventId) === id);
  return event ? `At the step ${await stepOf(event)}, event ${id} of the history: ` : '';
}

/** What the code calls it, and the summary that the Temporal UI shows. */
async function stepOf(event: Event): Promise<string> {
  const summary = await summaryOf(event.userMetadata?.summary);
  return `${nameOf(event)}${summary ? ` (${summary})` : ''}`;
}

function nameOf(event: Event): string {
  const {
    activityTaskScheduledEventAttributes: activity,
    timerStartedEventAttributes: timer,
    startChildWorkflowExecutionInitiatedEventAttributes: child,
    markerRecordedEventAttributes: marker,
  } = event;
  if (activity) return `activity ${activity.activityType?.name}`;
  if (timer) return `timer ${timer.timerId}`;
  if (child) return `child ${child.workflowType?.name}`;
  if (marker) return `${marker.markerName} ${markedIn(marker)}`.trim();
  const {
    workflowExecutionSignaledEventAttributes: signal,
    workflowExecutionUpdateAcceptedEventAttributes: update,
  } = event;
  if (signal) return `signal ${signal.signalName}`;
  return update ? `update ${update.acceptedRequest?.input?.name}` : kindOf(event);
}

const kindOf = (event: Event): string =>
  Object.entries(event)
    .flatMap(([name, value]) =>
      value && name.endsWith('EventAttributes') ? name.slice(0, -'EventAttributes'.length) : [],
    )
    .join();

/** A local activity and a patch leave their name in the marker's details. */
const markedIn = ({ details }: temporal.api.history.v1.IMarkerRecordedEventAttributes): string =>
  /"(?:activity_type|id|patchId)":"([^"]+)"/.exec(
    Object.values(details ?? {})
      .flatMap(({ payloads }) => payloads ?? [])
      .map(({ data }) => Buffer.from(data ?? []).toString())
      .join(),
  )?.[1] ?? '';

async function summaryOf(payload: Payload | null | undefined): Promise<string | undefined> {
  const [opened] = payload ? await payloadCodec(testKeyring(), { roots: testRoots }).decode([payload]) : [];
  return opened && defaultPayloadConverter.fromPayload<string>(opened);
}
