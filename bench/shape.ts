import { defaultPayloadConverter, type LoadedDataConverter } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { Shape, Turn } from './turns.ts';

type Event = NonNullable<History['events']>[number];
type Payloads = Parameters<typeof decodeArrayFromPayloads>[1];

/**
 * Reads off a real claim's history what a bare workflow must do to have the same one: no count is written by
 * hand. `state` is what the
 * claim answers to a query, which the history does not hold.
 */
export async function shapeOf(
  { events }: History,
  converter: LoadedDataConverter,
  state: unknown,
): Promise<Shape> {
  const bytes = async (payloads: Payloads): Promise<number> =>
    bytesOf((await decodeArrayFromPayloads(converter, payloads ?? []))[0]);
  const shape: Shape = { turns: [], signals: [], updates: [], state: bytesOf(state), result: 0 };
  const [scheduled, started, accepted] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  const pending: string[] = [];
  let [signals, turn] = [0, noTurn()];

  for (const event of events ?? []) {
    const id = String(event.eventId);
    if (event.workflowTaskCompletedEventAttributes)
      shape.turns.push((turn = { ...noTurn(), after: pending.splice(0) }));

    const activity = event.activityTaskScheduledEventAttributes;
    if (activity) {
      scheduled.set(id, scheduled.size + 1);
      turn.activities.push({
        input: await bytes(activity.input?.payloads),
        result: await bytes(resultOf(events, id)),
      });
    }
    const done = event.activityTaskCompletedEventAttributes;
    if (done) pending.push(`activity ${scheduled.get(String(done.scheduledEventId))}`);

    const upsert = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields;
    const attributes = Object.entries(upsert ?? {})
      .filter(([name]) => name !== 'TemporalChangeVersion')
      .map(([name, payload]) => ({ name, value: defaultPayloadConverter.fromPayload<unknown>(payload) }));
    if (attributes.length > 0) turn.upserts.push(attributes);

    const timer = event.timerStartedEventAttributes;
    if (timer) {
      started.set(id, started.size + 1);
      turn.timersStarted.push({
        timer: started.size,
        ms: Number(timer.startToFireTimeout?.seconds ?? 0) * 1000,
      });
    }
    if (event.timerCanceledEventAttributes)
      turn.timersCancelled.push(started.get(String(event.timerCanceledEventAttributes.startedEventId)) ?? 0);
    if (event.timerFiredEventAttributes)
      pending.push(`timer ${started.get(String(event.timerFiredEventAttributes.startedEventId))}`);

    const signal = event.workflowExecutionSignaledEventAttributes;
    if (signal) {
      pending.push(`signal ${(signals += 1)}`);
      shape.signals.push(signal.signalName ?? '');
    }
    const update = event.workflowExecutionUpdateAcceptedEventAttributes;
    if (update) {
      accepted.set(id, accepted.size + 1);
      turn.after.push(`update ${accepted.size}`);
      shape.updates.push(update.acceptedRequest?.input?.name ?? '');
    }
    const answered = event.workflowExecutionUpdateCompletedEventAttributes;
    if (answered)
      turn.answers.push({
        update: accepted.get(String(answered.acceptedEventId)) ?? 0,
        bytes: await bytes(answered.outcome?.success?.payloads),
      });
    if (event.workflowExecutionCompletedEventAttributes)
      shape.result = await bytes(event.workflowExecutionCompletedEventAttributes.result?.payloads);
  }
  return { ...shape, signals: [...new Set(shape.signals)], updates: [...new Set(shape.updates)] };
}

const noTurn = (): Turn => ({
  after: [],
  activities: [],
  upserts: [],
  timersStarted: [],
  timersCancelled: [],
  answers: [],
});

const bytesOf = (value: unknown): number =>
  value === undefined || value === null ? 0 : Buffer.byteLength(JSON.stringify(value));

const resultOf = (events: Event[] | null | undefined, id: string): Payloads =>
  events?.find((event) => String(event.activityTaskCompletedEventAttributes?.scheduledEventId) === id)
    ?.activityTaskCompletedEventAttributes?.result?.payloads;
