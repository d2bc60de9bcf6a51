import { itemOf, lastPayment } from '../../domain/claim/claim.ts';
import type { ItemId } from '../../domain/ids.ts';
import { nextClaimStep, nextStep, road } from '../../domain/road/road.ts';
import type { ItemStep } from '../../domain/road/steps.ts';
import { sendOrder } from './payment.ts';
import type { RunningClaim } from './running-claim.ts';

/**
 * One item, from missing documents to payment. It waits for no other item. A payment that comes back opens it
 * again.
 */
export async function settle(run: RunningClaim, item: ItemId): Promise<void> {
  while (!run.over) {
    const step = stepOf(run, item);
    if (step === 'ended' || step === 'prepared') await run.until(() => stepOf(run, item) !== step);
    else await take(step, run, item);
  }
}

/**
 * Takes a step by itself, or asks the rules. Where they have no answer, it waits until the state has changed.
 * The state says which steps are done, so a return, a voided approval or a new run needs no code here.
 */
async function take(step: ItemStep, run: RunningClaim, item: ItemId): Promise<void> {
  if (step === 'pay') return instruct(run, item);
  const { command } = road[step];
  if (command) run.execute({ kind: command, item });
  // The rules answer again once the request for a withdrawal was answered.
  const { withdrawalRequested } = run.state;
  await run.until(() => stepOf(run, item) !== step || run.state.withdrawalRequested !== withdrawalRequested);
}

/**
 * Records the instruction first, then sends it. While a withdrawal is requested, or cover is to be checked
 * anew, nothing is paid.
 */
async function instruct(run: RunningClaim, item: ItemId): Promise<void> {
  const payment = lastPaymentOf(run, item);
  if (!payment) return;
  const decision = run.execute({ kind: 'payment-instructed', item, payment: payment.id });
  if (decision.kind === 'decided') return sendOrder(run, item, payment.id);
  await run.until(() => mayInstruct(run) || stepOf(run, item) !== 'pay');
}

const mayInstruct = ({ state }: RunningClaim): boolean =>
  !state.withdrawalRequested && state.policyNews === undefined;

/** `prepared`: the claim's own steps must be taken first. */
function stepOf(run: RunningClaim, id: ItemId): ItemStep | 'prepared' | 'ended' {
  const item = itemOf(run.state, id);
  const step = item && nextStep(run.state, item, run.rules.pack);
  if (!step) return 'ended';
  return nextClaimStep(run.state) ? 'prepared' : step;
}

function lastPaymentOf(run: RunningClaim, id: ItemId): ReturnType<typeof lastPayment> {
  const item = itemOf(run.state, id);
  return item && lastPayment(item);
}
