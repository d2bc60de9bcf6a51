import { itemOf, lastPayment } from '../domain/claim/claim.ts';
import type { ItemId } from '../domain/ids.ts';
import { nextClaimStep, nextStep, road } from '../domain/road/road.ts';
import type { ItemStep } from '../domain/road/steps.ts';
import { pay } from './effects.ts';
import type { RunningClaim } from './running-claim.ts';

/** One item, from missing documents to payment. It waits for no other item. */
export async function settle(claim: RunningClaim, item: ItemId): Promise<void> {
  while (!claim.over) {
    const step = stepOf(claim, item);
    if (step === 'ended') return;
    if (step === 'prepared') await claim.until(() => stepOf(claim, item) !== 'prepared');
    else await take(step, claim, item);
  }
}

/**
 * The process takes a step, or asks the rules; where they have no answer it waits until the state has moved on.
 * Being done is read from the state, so a return, a voided approval or a new run needs nothing here.
 */
async function take(step: ItemStep, claim: RunningClaim, item: ItemId): Promise<void> {
  if (step === 'pay') return instruct(claim, item);
  const { command } = road[step];
  if (command) claim.decide({ kind: command, item });
  await claim.until(() => stepOf(claim, item) !== step);
}

/**
 * First the journal says that the bank is told, then it is: from here on nobody changes payee or amount, however
 * long the bank takes to answer, and what it reports meanwhile finds its payment.
 */
async function instruct(claim: RunningClaim, item: ItemId): Promise<void> {
  const payment = lastPaymentOf(claim, item);
  const payee = itemOf(claim.state, item)?.payee;
  if (!payment || !payee) return;
  const { number, currency } = claim.state;
  const order = {
    claim: number,
    item,
    payment: payment.id,
    amountMinor: payment.amountMinor,
    currency,
    party: payee.party,
    account: payee.account,
  };
  claim.decide({ kind: 'payment-instructed', item, payment: payment.id });
  const answer = await claim.effect({ place: item, usual: 'bank' }, (options) =>
    pay.instructPayment.executeWithOptions({ summary: `instruct ${payment.id}`, ...options }, [order]),
  );
  if (answer.kind === 'refused')
    claim.decide({ kind: 'bank-returned', payment: payment.id, reason: answer.reason });
}

/** `prepared`: the claim's own steps come first. */
function stepOf(claim: RunningClaim, id: ItemId): ItemStep | 'prepared' | 'ended' {
  const item = itemOf(claim.state, id);
  const step = item && nextStep(claim.state, item, claim.rules.pack);
  if (!step) return 'ended';
  return nextClaimStep(claim.state) ? 'prepared' : step;
}

function lastPaymentOf(claim: RunningClaim, id: ItemId): ReturnType<typeof lastPayment> {
  const item = itemOf(claim.state, id);
  return item && lastPayment(item);
}
