import { condition } from '@temporalio/workflow';
import type { BankAnswer } from '../../activities/instruct.ts';
import { itemOf, type Payment } from '../../domain/claim/claim.ts';
import { problemId, problemInWords } from '../../domain/claim/problems.ts';
import type { ItemId } from '../../domain/ids.ts';
import { pay } from '../effects.ts';
import type { RunningClaim } from './running-claim.ts';

type HeldAnswer = Extract<BankAnswer, { kind: 'held' }>;

/**
 * Sends the order to the bank, through the gate, which reads the journal: so the instruction is stored first.
 * From here on nobody can change payee or amount, however long the bank takes to answer. A report that the
 * bank sends meanwhile finds its payment.
 */
export async function sendOrder(run: RunningClaim, item: ItemId, payment: string): Promise<void> {
  if (run.paying.has(payment)) return;
  run.paying.add(payment);
  await run.inFlight(async () => {
    while (isToBeSent(run, item, payment)) {
      const answer = await answerTo(run, item, payment);
      if (answer.kind !== 'held') {
        take(run, item, payment, answer);
        break;
      }
      await takeHeld(run, item, payment, answer);
    }
  });
  run.paying.delete(payment);
}

/** At first it goes with the moment that stores its instruction; a bank that is slow gets it by itself. */
async function answerTo(run: RunningClaim, item: ItemId, payment: string): Promise<BankAnswer> {
  const order = { claim: run.state.number, payment };
  const first = await run.order.send(order);
  return first.kind === 'later'
    ? run.effect({ place: item, usual: 'bank' }, (options) =>
        pay.instructPayment.executeWithOptions({ summary: `instruct ${payment}`, ...options }, [order]),
      )
    : first;
}

/** The bank does not know a payment that it was instructed to make: it is instructed again. */
export async function sendAgain(run: RunningClaim, payment: string): Promise<void> {
  const item = run.state.items.find(({ payments }) => payments.some(({ id }) => id === payment));
  if (item && isToBeSent(run, item.id, payment)) await sendOrder(run, item.id, payment);
}

const isToBeSent = (run: RunningClaim, item: ItemId, payment: string): boolean =>
  paymentOf(run, item, payment)?.kind === 'instructed';

const paymentOf = (run: RunningClaim, item: ItemId, payment: string): Payment | undefined =>
  itemOf(run.state, item)?.payments.find(({ id }) => id === payment);

function take(
  run: RunningClaim,
  item: ItemId,
  payment: string,
  answer: Exclude<BankAnswer, HeldAnswer>,
): void {
  switch (answer.kind) {
    case 'rejected':
      run.execute({ kind: 'bank-returned', payment, reason: answer.reason });
      return;
    case 'approval-fell':
      run.execute({ ...answer, kind: 'void-approvals', item, payment });
      return;
    case 'counted-together':
      run.execute({ ...answer, kind: 'count-together', item, payment });
      return;
    case 'accepted':
  }
}

/**
 * The gate instructed nothing. Where the bank says otherwise than the journal, or a withdrawal is requested,
 * the instruction is dropped, and people decide. Anything else is a problem for operations: it is tried again
 * when a person asks for it, and solved when the bank has its word about the payment meanwhile.
 */
async function takeHeld(
  run: RunningClaim,
  item: ItemId,
  payment: string,
  { why, sentence, confirmed }: HeldAnswer,
): Promise<void> {
  if (confirmed || why === 'withdrawal') {
    drop(run, item, payment, confirmed ? 'bank-contradicts' : 'withdrawal-requested');
    if (confirmed) run.execute({ kind: 'bank-confirmed', ...confirmed });
    return;
  }
  const problem = problemId('gate', item);
  run.execute({ kind: 'raise-problem', problem, what: `${problemInWords('gate')}: ${sentence}` });
  const isOpen = (): boolean => run.state.problems.some(({ id }) => id === problem);
  await condition(() => !isOpen() || !isToBeSent(run, item, payment));
  if (isOpen()) run.execute({ kind: 'solve-problem', problem });
}

function drop(run: RunningClaim, item: ItemId, payment: string, because: string): void {
  const of = paymentOf(run, item, payment)?.of;
  const givers = itemOf(run.state, item)?.approvals.filter((approval) => approval.of === of) ?? [];
  const by = [...new Set(givers.map((approval) => approval.by))];
  run.execute({ kind: 'void-approvals', item, payment, by, because });
}
