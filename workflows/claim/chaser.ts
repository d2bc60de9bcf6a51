import { condition, log } from '@temporalio/workflow';
import { nextWakingAt } from '../../domain/waiting/heartbeat.ts';
import { nextInWords } from '../../domain/waiting/ladder.ts';
import { msOf, type Instant } from '../../domain/time/time.ts';
import { isNotTheOwner } from '../blocked.ts';
import { read } from '../effects.ts';
import { sendAgain } from './payment.ts';
import type { RunningClaim } from './running-claim.ts';

/**
 * One timer per claim. It runs to the earliest next action of all expectations, or to the claimant's next
 * contact. It wakes, looks again, acts and sleeps.
 */
export async function chase(run: RunningClaim): Promise<void> {
  while (!run.over) {
    const at = nextWakingAt(run.state, run.rules);
    if (at === undefined) await run.until(() => nextWakingAt(run.state, run.rules) !== undefined);
    else if (await isReached(at, run)) act(run);
  }
}

/** A timeout of zero would write a marker into the history instead of a timer. */
const shortestMs = 1000;

/** False when an earlier action, or the end of this run, came first. A later action is no reason to wake. */
async function isReached(at: Instant, run: RunningClaim): Promise<boolean> {
  const wait = msOf(at) - Date.now();
  if (wait <= 0) return true;
  const sooner = (): boolean => run.over || (nextWakingAt(run.state, run.rules) ?? at) < at;
  return !(await condition(sooner, Math.max(wait, shortestMs), { summary: summaryOf(at, run) })) && !run.over;
}

/** `chase: repair-invoice from customer, and 2 more`; `escalate to handler: survey from surveyor`. */
function summaryOf(at: Instant, { state, rules }: RunningClaim): string {
  const [first, ...more] = state.expectations.filter(({ next }) => next.at === at);
  if (!first) return 'send the claimant a progress message';
  const place = first.item ? ` (${first.item})` : '';
  const others = more.length > 0 ? `, and ${more.length} more` : '';
  return `${nextInWords(first, rules)}: ${first.what} from ${first.from}${place}${others}`;
}

function act(run: RunningClaim): void {
  const decision = run.execute({ kind: 'take-rungs' });
  if (decision.kind !== 'decided') return;
  for (const entry of decision.entries)
    if (entry.kind === 'rung-taken' && entry.did === 'inquire')
      void inquire(run, entry.expectation.replace('confirm:', ''));
}

/**
 * Asks the bank about a payment. What it does not know is instructed again. If the bank does not answer, the
 * ladder asks again, for as long as it takes.
 */
export async function inquire(run: RunningClaim, payment: string): Promise<void> {
  try {
    const status = await run.inFlight(() =>
      read.inquirePayment.executeWithOptions({ summary: `ask the bank about ${payment}` }, [{ payment }]),
    );
    if (status.kind === 'confirmed')
      run.execute({ kind: 'bank-confirmed', payment, reference: status.reference });
    if (status.kind === 'returned') run.execute({ kind: 'bank-returned', payment, reason: status.reason });
    if (status.kind === 'not-known') await sendAgain(run, payment);
  } catch (fault) {
    if (isNotTheOwner(fault)) run.lose();
    log.warn('The bank did not answer an inquiry', { payment, fault: String(fault) });
  }
}
