import { itemOf, lastPayment } from '../../domain/claim/claim.ts';
import type { ItemId } from '../../domain/ids.ts';
import { nextClaimStep, nextStep, road } from '../../domain/road/road.ts';
import type { ItemStep } from '../../domain/road/steps.ts';
import { pay } from '../effects.ts';
import type { RunningClaim } from './running-claim.ts';

/** One item, from missing documents to payment. It waits for no other item. */
export async function settle(run: RunningClaim, item: ItemId): Promise<void> {
  while (!run.over) {
    const step = stepOf(run, item);
    if (step === 'ended') return;
    if (step === 'prepared') await run.until(() => stepOf(run, item) !== 'prepared');
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
  await run.until(() => stepOf(run, item) !== step);
}

/**
 * Records the instruction first, then sends it to the bank. From here on nobody can change payee or amount,
 * however long the bank takes to answer. A report that the bank sends meanwhile finds its payment.
 */
async function instruct(run: RunningClaim, item: ItemId): Promise<void> {
  const payment = lastPaymentOf(run, item);
  const payee = itemOf(run.state, item)?.payee;
  if (!payment || !payee) return;
  const { number, currency } = run.state;
  const order = {
    claim: number,
    item,
    payment: payment.id,
    amountMinor: payment.amountMinor,
    currency,
    party: payee.party,
    account: payee.account,
  };
  run.execute({ kind: 'payment-instructed', item, payment: payment.id });
  const first = await run.instruct(order);
  const answer =
    first.kind === 'later'
      ? await run.effect({ place: item, usual: 'bank' }, (options) =>
          pay.instructPayment.executeWithOptions({ summary: `instruct ${payment.id}`, ...options }, [order]),
        )
      : first;
  if (answer.kind === 'rejected')
    run.execute({ kind: 'bank-returned', payment: payment.id, reason: answer.reason });
}

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
