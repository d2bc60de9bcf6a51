import { condition } from '@temporalio/workflow';
import { nextActionAt } from '../domain/chase.ts';
import type { JournalEntry } from '../domain/journal.ts';
import { msOf, type Instant } from '../domain/time.ts';
import { read } from './effects.ts';
import type { RunningClaim } from './running-claim.ts';

/** One timer per claim, to the earliest next action of everything that is waited for. It wakes, looks again, acts, and sleeps on. */
export async function chase(claim: RunningClaim): Promise<void> {
  while (!claim.over) {
    const at = nextActionAt(claim.state);
    if (at === undefined) await claim.until(() => nextActionAt(claim.state) !== undefined);
    else if (await isReached(at, claim)) await act(claim);
  }
}

/** A zero timeout would write a marker into the history instead of a timer. */
const shortestMs = 1000;

/** False when something that is due earlier, or the end of this run, came first. What is due later is no reason to wake. */
async function isReached(at: Instant, claim: RunningClaim): Promise<boolean> {
  const wait = msOf(at) - Date.now();
  if (wait <= 0) return true;
  const sooner = (): boolean => claim.over || (nextActionAt(claim.state) ?? at) < at;
  return !(await condition(sooner, Math.max(wait, shortestMs), { summary: summaryOf(at, claim) })) && !claim.over;
}

/** `chase customer: repair-invoice, and 2 more`. */
function summaryOf(at: Instant, { state }: RunningClaim): string {
  const [first, ...more] = state.expectations.filter(({ next }) => next.at === at);
  if (!first) return 'next action';
  return `${first.next.do} ${first.from}: ${first.what}${first.item ? ` (${first.item})` : ''}${more.length > 0 ? `, and ${more.length} more` : ''}`;
}

async function act(claim: RunningClaim): Promise<void> {
  const decision = claim.decide({ kind: 'take-rungs' });
  if (decision.kind === 'decided') await Promise.all(decision.entries.flatMap((entry) => inquiries(claim, entry)));
}

/** Asks the bank about a payment that it has not confirmed. */
function inquiries(claim: RunningClaim, entry: JournalEntry): Promise<void>[] {
  if (entry.kind !== 'rung-taken' || entry.did !== 'inquire') return [];
  return [inquire(claim, entry.expectation.replace('confirm:', ''))];
}

async function inquire(claim: RunningClaim, payment: string): Promise<void> {
  const status = await claim.effect(`inquire:${payment}`, 'the bank does not answer', () => read.inquirePayment.executeWithOptions({ summary: `ask the bank about ${payment}` }, [{ payment }]));
  if (status.kind === 'confirmed') claim.decide({ kind: 'bank-confirmed', payment, reference: status.reference });
  if (status.kind === 'returned') claim.decide({ kind: 'bank-returned', payment, reason: status.reason });
}
