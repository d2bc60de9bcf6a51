import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { dataConverter } from '../../security/data-converter.ts';
import { payloadCodec } from '../../security/payload-codec.ts';
import { runtime } from './runtime.ts';
import { testKeyring } from './test-keyring.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/** Replays a recorded history on this code. Where the two part it throws with the name of the step: an event's number says nothing to whoever changed the code. */
export async function replay(history: History, workflowId: string): Promise<void> {
  try {
    await Worker.runReplayHistory({ workflowBundle: { codePath: runtime().bundle }, dataConverter: dataConverter(testKeyring()) }, history, workflowId);
  } catch (fault) {
    throw new Error(`${await whereIn(history, String(fault))}${String(fault)}`, { cause: fault });
  }
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
  const { activityTaskScheduledEventAttributes: activity, timerStartedEventAttributes: timer, startChildWorkflowExecutionInitiatedEventAttributes: child, markerRecordedEventAttributes: marker } = event;
  if (activity) return `activity ${activity.activityType?.name}`;
  if (timer) return `timer ${timer.timerId}`;
  if (child) return `child ${child.workflowType?.name}`;
  if (marker) return `${marker.markerName} ${markedIn(marker)}`.trim();
  const { workflowExecutionSignaledEventAttributes: signal, workflowExecutionUpdateAcceptedEventAttributes: update } = event;
  if (signal) return `signal ${signal.signalName}`;
  return update ? `update ${update.acceptedRequest?.input?.name}` : kindOf(event);
}

const kindOf = (event: Event): string => Object.entries(event).flatMap(([name, value]) => (value && name.endsWith('EventAttributes') ? name.slice(0, -'EventAttributes'.length) : [])).join();

/** A local activity and a patch leave their name in the marker's details. */
const markedIn = ({ details }: temporal.api.history.v1.IMarkerRecordedEventAttributes): string =>
  /"(?:activity_type|id|patchId)":"([^"]+)"/.exec(Object.values(details ?? {}).flatMap(({ payloads }) => payloads ?? []).map(({ data }) => Buffer.from(data ?? []).toString()).join())?.[1] ?? '';

async function summaryOf(payload: Payload | null | undefined): Promise<string | undefined> {
  const [opened] = payload ? await payloadCodec(testKeyring()).decode([payload]) : [];
  return opened && defaultPayloadConverter.fromPayload<string>(opened);
}
