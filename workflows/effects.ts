import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { BankActivities } from '../activities/bank.ts';
import type { JournalActivities } from '../activities/journal.ts';
import type { NotificationActivities } from '../activities/notifications.ts';
import type { OpeningActivities } from '../activities/opening.ts';
import type { ProofActivities } from '../activities/proofs.ts';

/**
 * All timeouts and retries of a claim's effects, in four classes. After its bound an effect is given up and operations are
 * waited for; the claim neither fails nor spins.
 */

/** Reading changes nothing, so it may be tried often: about ten minutes of a database that restarts. */
export const read = proxyActivities<Pick<OpeningActivities, 'readPolicy'> & Pick<BankActivities, 'inquirePayment'>>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 15 },
});

/** A person waits for the answer at a screen: seconds, then they are told to try again. */
export const check = proxyActivities<ProofActivities>({
  startToCloseTimeout: '5 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '2 seconds', maximumAttempts: 4 },
});

/**
 * The same within the workflow task that took the message, so that the person is answered at once and the history grows by one
 * event instead of six. It only reads, so a task that is lost may ask again. Once and briefly: what waits here holds up other claims.
 */
export const checkAtOnce = proxyLocalActivities<ProofActivities>({ startToCloseTimeout: '1500 milliseconds', retry: { maximumAttempts: 1 } });

/**
 * The journal, without a bound, since nothing may overtake it, and appending twice appends once. Never a local activity: what that
 * stores the history may yet forget, and decide otherwise (ADR 3). The notice and the rules too: before them there is no claim that
 * could wait for operations.
 */
export const record = proxyActivities<JournalActivities & Pick<OpeningActivities, 'takeNotice' | 'readRules'>>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds', nonRetryableErrorTypes: ['JournalDiverged'] },
  summary: 'store the journal',
});

/** The ledger sends a message at most once however often this runs; a provider that is busy is tried for about an hour. */
export const tell = proxyActivities<NotificationActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes', maximumAttempts: 18 },
});

/** Once: what does not go together goes one by one. */
export const tellTogether = proxyActivities<NotificationActivities>({ startToCloseTimeout: '30 seconds', retry: { maximumAttempts: 1 } });

/** The bank knows a payment by its id and takes it once, so an instruction may be repeated. */
export const pay = proxyActivities<Pick<BankActivities, 'instructPayment'>>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '2 minutes', maximumAttempts: 12 },
});
