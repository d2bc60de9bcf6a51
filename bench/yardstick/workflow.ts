import { defineSearchAttributeKey } from '@temporalio/common';
import {
  condition,
  defineSignal,
  executeChild,
  proxyActivities,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { BareActivities } from '../effects.ts';

const { step } = proxyActivities<BareActivities>({ startToCloseTimeout: '15 seconds' });
const stage = defineSearchAttributeKey('ClaimStage', 'KEYWORD');

/**
 * What the closest public demo does for a claim with one approval, without its meaning: 84 events. The
 * approval cancels one of its two timers. The other one fires beside the work, because the development server
 * takes a second for it, in which the machine would have nothing to do.
 */
export async function yardstick(_notice: unknown): Promise<string> {
  let approved = false;
  setHandler(defineSignal('approve'), () => void (approved = true));
  const reminder = sleep(10);
  enter('cover');
  await steps(2);
  enter('approval');
  await condition(() => approved, '3 days');
  enter('survey');
  await executeChild(yardstickItem, { workflowId: `${workflowInfo().workflowId}/item-1` });
  await steps(5);
  enter('payment');
  await steps(2);
  await reminder;
  enter('closed');
  return 'paid';
}

/** The child for one item: 20 events. The answers of its last two activities come in one workflow task. */
export async function yardstickItem(): Promise<string> {
  await steps(1);
  await Promise.all([steps(1), steps(1)]);
  return 'settled';
}

const enter = (name: string): void => upsertSearchAttributes([{ key: stage, value: name }]);

async function steps(count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) await step({ pad: '', result: 16 });
}
