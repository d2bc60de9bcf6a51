import { continueAsNew, proxyActivities, sleep } from '@temporalio/workflow';
import type { StaffMailActivities } from '../activities/staff-mail.ts';
import { seldom } from './effects.ts';

/**
 * The ledger mails nobody twice of the same, however often this runs. Without an end: the next look would do
 * the same.
 */
const mail = proxyActivities<StaffMailActivities>({
  startToCloseTimeout: '2 minutes',
  retry: { ...seldom.retry, initialInterval: '5 seconds', maximumInterval: '5 minutes' },
});

/** Looks in one run: a few hundred events. */
const looksARun = 60;

/** Where the answer cannot be read, because its key was retired. */
const usualMs = 60_000;

/** Notifies staff of their work by mail, for ever: one workflow for all claims and all staff. */
export async function notifyStaff(): Promise<void> {
  for (let look = 0; look < looksARun; look += 1) {
    const waitMs: unknown = await mail.notifyStaff();
    await sleep(typeof waitMs === 'number' ? waitMs : usualMs);
  }
  return continueAsNew<typeof notifyStaff>();
}
