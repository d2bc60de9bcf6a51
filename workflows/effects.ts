import type { RetryPolicy } from '@temporalio/common';
import { proxyActivities } from '@temporalio/workflow';
import type { BankActivities } from '../activities/bank.ts';
import type { NotificationActivities } from '../activities/messages/contract.ts';
import type { MomentActivities } from '../activities/moment.ts';
import type { OpeningActivities } from '../activities/opening.ts';
import type { TakingUpActivities } from '../activities/taking-up.ts';

/**
 * All timeouts and retries of a claim's effects, in four classes: read, write, notify, pay. At its limit an
 * effect becomes a problem that operations see. The claim does not fail. It resumes when they ask for it, or
 * by itself (`seldom`).
 */

/**
 * Reading changes nothing and blocks only its own step. It is tried for about ten minutes: long enough to
 * move a database to another machine.
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
 * A moment of a claim, and its opening: the journal is stored, and then messages go out. Carried out twice,
 * it stores, sends and pays once; later entries wait in order. A minute and a half covers a restart or a
 * failover of the database. People must see a longer fault, and without the records the Temporal UI is all
 * they have. Never a local activity: the history may lose its result after the records have it, and then
 * decide otherwise (ADR 3).
 */
export const write = proxyActivities<
  MomentActivities & Pick<OpeningActivities, 'openFrom'> & TakingUpActivities
>({
  startToCloseTimeout: '20 seconds',
  retry: {
    initialInterval: '1 second',
    backoffCoefficient: 2,
    maximumInterval: '30 seconds',
    maximumAttempts: 8,
    nonRetryableErrorTypes: ['JournalDiverged', 'NotTheOwner'],
  },
  summary: 'store the journal',
});

/**
 * The ledger sends a message at most once, however often this runs. Incidents of providers last some minutes,
 * and need nobody's attention. A quarter of an hour makes no message useless.
 */
export const notify = proxyActivities<Pick<NotificationActivities, 'sendNotification' | 'clearUp'>>({
  startToCloseTimeout: '30 seconds',
  retry: {
    initialInterval: '5 seconds',
    backoffCoefficient: 2,
    maximumInterval: '5 minutes',
    maximumAttempts: 9,
  },
});

/**
 * The bank knows a payment by its id and takes it once, so an instruction may be repeated. It is, for about
 * twelve minutes: a bank's usual pause.
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
 * Beyond the limit, in every class. After a long outage hundreds of claims are blocked, and nobody should
 * have to retry each of them. They resume by themselves and not all at once: some minutes after a short
 * outage, at most an hour after a long one. The server counts these attempts, so they add no event to the
 * history. The Temporal UI shows the last failure and the time of the next attempt.
 */
export const seldom: { retry: RetryPolicy } = {
  retry: {
    initialInterval: '1 minute',
    backoffCoefficient: 2,
    maximumInterval: '1 hour',
    maximumAttempts: Number.POSITIVE_INFINITY,
  },
};
