import { clearUp } from './clear-up.ts';
import type { NotificationActivities, Sender } from './contract.ts';
import { alarming, suppressed } from './outcome.ts';
import { sendAll } from './send.ts';

/**
 * Sends each intended message at most once. Its row is rendered and written first, then leased, then sent
 * with no transaction open; then its outcome is kept (effects.md §1). A second run returns the kept outcome.
 * After an expired lease the message may have been sent.
 */
export function notificationActivities(sender: Sender): NotificationActivities {
  return {
    async sendNotification({ about, notification, now, isBlocked, isOvertaken }) {
      if (isOvertaken) return suppressed(sender, `${about.number}/${notification.id}`, 'overtaken');
      const [outcome] = await sendAll(sender, { about, notifications: [notification], now });
      if (outcome?.status === 'fulfilled') return outcome.value;
      throw isBlocked ? outcome?.reason : alarming(outcome?.reason);
    },
    clearUp: ({ claim, notification }) => clearUp(sender, `${claim}/${notification}`),
  };
}
