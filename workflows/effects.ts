import type { RetryPolicy } from '@temporalio/common';
import { proxyActivities } from '@temporalio/workflow';
import type { BankActivities } from '../activities/bank.ts';
import type { JournalActivities } from '../activities/journal.ts';
import type { NotificationActivities } from '../activities/messages/contract.ts';
import type { OpeningActivities } from '../activities/opening.ts';
import type { ProofActivities } from '../activities/proofs.ts';

/**
 * All timeouts and retries of a claim's effects, in four classes: read, record, tell, pay. At its bound an
 * effect becomes a problem
 * that operations see; the claim neither fails nor spins, and goes on when they say so, or by itself
 * (`seldom`).
 */

/**
 * Reading changes nothing and holds up only its own step: tried for about ten minutes, in which a database is
 * moved to another machine.
 */
export const read = proxyActivities<
  Pick<OpeningActivities, 'readPolicy'> & Pick<BankActivities, 'inquirePayment'>
>({
  startToCloseTimeout: '15 seconds',
  retry: {
    initialInterval: '1 second',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: 15,
  },
});

/**
 * No class of its own but reading with somebody at a screen: seconds, then they are told to try again, and no
 * problem is raised.
 */
export const check = proxyActivities<ProofActivities>({
  startToCloseTimeout: '5 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '2 seconds', maximumAttempts: 4 },
});

/**
 * The journal, and what a claim opens with. Appending twice appends once, and nothing may overtake it: later
 * entries wait in order.
 * A minute and a half outlives a restart or a failover of the database; what lasts longer people must see,
 * and without the records
 * the Temporal UI is all they see. Never a local activity: what that stores the history may yet forget, and
 * decide otherwise (ADR 3).
 */
export const record = proxyActivities<
  JournalActivities & Pick<OpeningActivities, 'takeNotice' | 'readRules'>
>({
  startToCloseTimeout: '15 seconds',
  retry: {
    initialInterval: '1 second',
    backoffCoefficient: 2,
    maximumInterval: '30 seconds',
    maximumAttempts: 8,
    nonRetryableErrorTypes: ['JournalDiverged'],
  },
  summary: 'store the journal',
});

/**
 * The ledger sends a message at most once however often this runs. Providers have incidents of some minutes,
 * which nobody need know
 * of, and no message is worth less after a quarter of an hour.
 */
export const tell = proxyActivities<Pick<NotificationActivities, 'sendNotification' | 'clearUp'>>({
  startToCloseTimeout: '30 seconds',
  retry: {
    initialInterval: '5 seconds',
    backoffCoefficient: 2,
    maximumInterval: '5 minutes',
    maximumAttempts: 9,
  },
});

/** Once: what does not go together goes one by one. */
export const tellTogether = proxyActivities<Pick<NotificationActivities, 'sendTogether'>>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 1 },
});

/**
 * The bank knows a payment by its id and takes it once, so an instruction may be repeated: for about twelve
 * minutes, a bank's usual pause.
 */
export const pay = proxyActivities<Pick<BankActivities, 'instructPayment'>>({
  startToCloseTimeout: '30 seconds',
  retry: {
    initialInterval: '2 seconds',
    backoffCoefficient: 2,
    maximumInterval: '2 minutes',
    maximumAttempts: 12,
  },
});

/**
 * Beyond a bound, in every class. After a long outage hundreds of claims stand still, and nobody should have
 * to touch each: they go on
 * by themselves, not all at once: some minutes after an outage of some minutes, an hour after the longest.
 * The server counts these attempts, so they cost a claim
 * no event; the Temporal UI shows the last one's failure and when the next is due.
 */
export const seldom: { retry: RetryPolicy } = {
  retry: {
    initialInterval: '1 minute',
    backoffCoefficient: 2,
    maximumInterval: '1 hour',
    maximumAttempts: Number.POSITIVE_INFINITY,
  },
};
