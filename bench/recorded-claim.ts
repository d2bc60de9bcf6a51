import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { Keys } from '../security/key-folder.ts';
import { openGround, type Setup } from './ground.ts';
import { noLatencies, payLargeLoss } from './large-payment.ts';
import { shapeOf } from './shape.ts';
import type { Side } from './sides.ts';
import type { Shape } from './turns.ts';

/** One claim from notice to payment, with nothing else on its ground. */
export interface Recorded {
  workflowId: string;
  history: History;
  shape: Shape;
  /** Decrypts the history, and checks its signatures. */
  keys: Keys;
}

/** Records the second claim: the first one meets a worker that has just started. */
export async function recordClaim(side: Side, setup: Setup): Promise<Recorded> {
  const ground = await openGround(side, setup);
  try {
    await payLargeLoss(ground, side, noLatencies());
    const { handle } = await payLargeLoss(ground, side, noLatencies());
    const history = await handle.fetchHistory();
    return {
      workflowId: handle.workflowId,
      history,
      keys: ground.keys,
      shape: await shapeOf(history, ground.client.options.loadedDataConverter, await handle.query('claim')),
    };
  } finally {
    await ground.stop();
  }
}
