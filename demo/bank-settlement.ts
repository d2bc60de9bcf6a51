import { setTimeout as pause } from 'node:timers/promises';
import type { ShownItem } from '../client/own-api/schemas/items.ts';
import { ApiFailure } from '../client/own-api/failure.ts';
import type { Scene } from './scene.ts';

/** The rules answer faster than this; a person acts on an item that stays. */
const rulesAnswerWithinMs = 700;
const patienceMs = 40_000;

/**
 * People do the item's steps until it has ended: assess, verify, approve. Steps that the rules do are left to
 * the rules. Throws a sentence when the item does not end in time.
 */
export async function settle(scene: Scene, id: string, amount: string): Promise<ShownItem> {
  const until = Date.now() + patienceMs;
  for (let item = await scene.item(id); ; item = await scene.item(id)) {
    if (item.outcome) return item;
    if (Date.now() > until)
      throw new Error(`Expected within ${patienceMs / 1_000} s: ${id} ends; it stands at ${item.stage}.`);
    await pause(rulesAnswerWithinMs);
    const now = await scene.item(id);
    if (now.stage === item.stage) await act(scene, now, amount).catch(lookAgain);
  }
}

/** A step may have been done since the look. */
function lookAgain(fault: unknown): void {
  if (!(fault instanceof ApiFailure && fault.problem.reason === 'not-now')) throw fault;
}

async function act(
  { as, cast, number }: Scene,
  { id, stage, assessment, of }: ShownItem,
  amount: string,
): Promise<void> {
  if (stage === 'assess') await as(cast.handler).act(number, 'assess', { item: id, amount });
  if (stage === 'verify')
    await as(cast.verifier).act(number, 'verify', { item: id, version: assessment?.version });
  if (stage === 'review') await as(cast.seniorReviewer).act(number, 'approve', { item: id, of });
}

/** The claim closes by itself with this outcome, and every message has arrived. Throws a sentence. */
export async function closes(scene: Scene, outcome: string): Promise<void> {
  const { outcome: ended } = await scene.until(
    `the claim is closed as ${outcome}`,
    (claim) => claim.stage === 'closed',
  );
  if (ended !== outcome) throw new Error(`Expected: the claim ends as ${outcome}; it ended as ${ended}.`);
  await scene.until('every SMS is delivered, and no message is lost', ({ notifications }) =>
    notifications.every(({ channel, state }) => state === (channel === 'sms' ? 'delivered' : 'accepted')),
  );
  await scene.reached(`closed by itself: ${outcome}; every SMS was delivered`);
}
