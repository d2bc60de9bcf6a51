import { defaultPayloadConverter, type LoadedDataConverter } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { Attribute, Shape, Turn } from './turns.ts';

type Event = NonNullable<History['events']>[number];
type Payloads = Parameters<typeof decodeArrayFromPayloads>[1];

/**
 * What a bare workflow must do to get the same history as this claim. Every count comes from the history.
 * `state` is the claim's answer to a query, which the history does not have.
 */
export async function shapeOf(
  { events }: History,
  converter: LoadedDataConverter,
  state: unknown,
): Promise<Shape> {
  const reading = new Reading(events ?? [], converter, bytesOf(state));
  for (const event of events ?? []) await reading.take(event);
  return reading.shape();
}

/** A history that is being read, event by event. */
class Reading {
  readonly #events: Event[];
  readonly #converter: LoadedDataConverter;
  readonly #shape: Shape;
  readonly #activities = new Numbered();
  readonly #timers = new Numbered();
  readonly #updates = new Numbered();
  /** What has happened since the last workflow task, and so comes before the next turn. */
  readonly #happened: string[] = [];
  #signals = 0;
  #turn = noTurn();

  constructor(events: Event[], converter: LoadedDataConverter, state: number) {
    this.#events = events;
    this.#converter = converter;
    this.#shape = { turns: [], signals: [], updates: [], state, result: 0 };
  }

  shape(): Shape {
    const { signals, updates, ...rest } = this.#shape;
    return { ...rest, signals: [...new Set(signals)], updates: [...new Set(updates)] };
  }

  async take(event: Event): Promise<void> {
    if (event.workflowTaskCompletedEventAttributes) this.#beginTurn();
    await this.#takeActivity(event);
    this.#takeUpsert(event);
    this.#takeTimer(event);
    this.#takeSignal(event);
    await this.#takeUpdate(event);
    const completed = event.workflowExecutionCompletedEventAttributes;
    if (completed) this.#shape.result = await this.#bytes(completed.result?.payloads);
  }

  #beginTurn(): void {
    this.#turn = { ...noTurn(), after: this.#happened.splice(0) };
    this.#shape.turns.push(this.#turn);
  }

  async #takeActivity(event: Event): Promise<void> {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      const id = String(event.eventId);
      this.#activities.add(id);
      this.#turn.activities.push({
        input: await this.#bytes(scheduled.input?.payloads),
        result: await this.#bytes(resultOf(this.#events, id)),
      });
    }
    const done = event.activityTaskCompletedEventAttributes;
    if (done) this.#happened.push(`activity ${this.#activities.of(done.scheduledEventId)}`);
  }

  #takeUpsert(event: Event): void {
    const attributes = attributesOf(event);
    if (attributes.length > 0) this.#turn.upserts.push(attributes);
  }

  #takeTimer(event: Event): void {
    const started = event.timerStartedEventAttributes;
    if (started)
      this.#turn.timersStarted.push({
        timer: this.#timers.add(String(event.eventId)),
        ms: Number(started.startToFireTimeout?.seconds ?? 0) * 1000,
      });
    const cancelled = event.timerCanceledEventAttributes;
    if (cancelled) this.#turn.timersCancelled.push(this.#timers.of(cancelled.startedEventId) ?? 0);
    const fired = event.timerFiredEventAttributes;
    if (fired) this.#happened.push(`timer ${this.#timers.of(fired.startedEventId)}`);
  }

  #takeSignal(event: Event): void {
    const signal = event.workflowExecutionSignaledEventAttributes;
    if (!signal) return;
    this.#signals += 1;
    this.#happened.push(`signal ${this.#signals}`);
    this.#shape.signals.push(signal.signalName ?? '');
  }

  async #takeUpdate(event: Event): Promise<void> {
    const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
    if (accepted) {
      this.#turn.after.push(`update ${this.#updates.add(String(event.eventId))}`);
      this.#shape.updates.push(accepted.acceptedRequest?.input?.name ?? '');
    }
    const answered = event.workflowExecutionUpdateCompletedEventAttributes;
    if (answered)
      this.#turn.answers.push({
        update: this.#updates.of(answered.acceptedEventId) ?? 0,
        bytes: await this.#bytes(answered.outcome?.success?.payloads),
      });
  }

  async #bytes(payloads: Payloads): Promise<number> {
    return bytesOf((await decodeArrayFromPayloads(this.#converter, payloads ?? []))[0]);
  }
}

/** Events of one type, numbered from 1 in their order, by the id of the event. */
class Numbered {
  readonly #numbers = new Map<string, number>();

  add(id: string): number {
    this.#numbers.set(id, this.#numbers.size + 1);
    return this.#numbers.size;
  }

  of(id: unknown): number | undefined {
    return this.#numbers.get(String(id));
  }
}

function attributesOf(event: Event): Attribute[] {
  const upsert = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields;
  return Object.entries(upsert ?? {})
    .filter(([name]) => name !== 'TemporalChangeVersion')
    .map(([name, payload]) => ({ name, value: defaultPayloadConverter.fromPayload<unknown>(payload) }));
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

const resultOf = (events: Event[], id: string): Payloads =>
  events.find((event) => String(event.activityTaskCompletedEventAttributes?.scheduledEventId) === id)
    ?.activityTaskCompletedEventAttributes?.result?.payloads;
