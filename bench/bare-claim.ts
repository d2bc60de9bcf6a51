import { defineSearchAttributeKey, type SearchAttributeUpdatePair } from '@temporalio/common';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
  sleep,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { BareActivities } from './effects.ts';
import type { Attribute, Shape, Sizes, Turn } from './turns.ts';

/** `bare-bundle.ts` replaces this text by the shape of a real claim's history. */
const shape: Shape = JSON.parse('the shape goes here');

const { step } = proxyActivities<BareActivities>({ startToCloseTimeout: '15 seconds' });

/**
 * A workflow with the same history as a claim and no claim in it: activities that do nothing, upserts,
 * timers, messages. Its speed is what the engine allows; the difference to a claim is Lipei's own cost.
 */
export async function bareClaim(_notice: unknown): Promise<string> {
  const happened = new Set<string>();
  const answers = new Map<number, number>();
  listen(happened, answers);
  const timers = new Map<number, CancellationScope>();
  let activities = 0;
  for (const turn of shape.turns) {
    await condition(() => turn.after.every((event) => happened.has(event)));
    for (const sizes of turn.activities) void take(sizes, `activity ${(activities += 1)}`, happened);
    for (const attributes of turn.upserts) upsertSearchAttributes(attributes.map(pairOf));
    setTimers(turn, timers, happened);
    for (const { update, bytes } of turn.answers) answers.set(update, bytes);
  }
  await condition(allHandlersFinished);
  return pad(shape.result);
}

function listen(happened: Set<string>, answers: Map<number, number>): void {
  let [signals, updates] = [0, 0];
  setHandler(defineQuery<string>('claim'), () => pad(shape.state));
  for (const name of shape.signals)
    setHandler(defineSignal<[unknown]>(name), () => void happened.add(`signal ${(signals += 1)}`));
  for (const name of shape.updates) {
    setHandler(defineUpdate<string, [unknown]>(name), async () => {
      const update = (updates += 1);
      happened.add(`update ${update}`);
      await condition(() => answers.has(update));
      return pad(answers.get(update) ?? 0);
    });
  }
}

async function take({ input, result }: Sizes, name: string, happened: Set<string>): Promise<void> {
  await step({ pad: pad(input), result });
  happened.add(name);
}

function setTimers(
  { timersStarted, timersCancelled }: Turn,
  timers: Map<number, CancellationScope>,
  happened: Set<string>,
): void {
  for (const { timer, ms } of timersStarted) {
    const scope = new CancellationScope();
    timers.set(timer, scope);
    scope
      .run(() => sleep(ms, { summary: 'the next action' }))
      .then(
        () => happened.add(`timer ${timer}`),
        () => undefined,
      );
  }
  for (const timer of timersCancelled) timers.get(timer)?.cancel();
}

/** The inverse of `shape.ts`, for the same search attributes. */
function pairOf({ name, value }: Attribute): SearchAttributeUpdatePair {
  if (name === 'ClaimAmount')
    return { key: defineSearchAttributeKey(name, 'INT'), value: typeof value === 'number' ? value : null };
  if (name === 'ClaimNeedsReview')
    return { key: defineSearchAttributeKey(name, 'BOOL'), value: value === true };
  if (name === 'ClaimNextActionAt' || name === 'ClaimStageSince')
    return {
      key: defineSearchAttributeKey(name, 'DATETIME'),
      value: typeof value === 'string' ? new Date(value) : null,
    };
  if (name === 'ClaimWaitingOn' || name === 'ClaimMissingDocuments')
    return {
      key: defineSearchAttributeKey(name, 'KEYWORD_LIST'),
      value: Array.isArray(value) ? value.map(String) : null,
    };
  return { key: defineSearchAttributeKey(name, 'KEYWORD'), value: typeof value === 'string' ? value : null };
}

/** A text that takes so many bytes as JSON, with its quotes. */
const pad = (bytes: number): string => 'x'.repeat(Math.max(0, bytes - 2));
