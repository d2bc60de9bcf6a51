import type { Database } from '../../records/database.ts';
import type { Keyring } from '../../security/keyring.ts';
import type { Renderer } from '../../wording/renderer/renderer.ts';
import { clearUp } from './clear-up.ts';
import type { NotificationActivities, Outlets } from './contract.ts';
import { alarming, suppressed, waitOf } from './outcome.ts';
import { sendAll } from './send.ts';

/**
 * Sends each intended message at most once: its row is written and rendered first, leased, then sent with no
 * transaction open, then
 * its outcome is kept (effects.md §1). Run again it gives the outcome that is kept; a lease that ran out
 * means that it may be out.
 */
export function notificationActivities(
  database: Database,
  keyring: Keyring,
  renderer: Renderer,
  outlets: Outlets,
): NotificationActivities {
  const desk = { database, keyring, renderer, ...outlets };
  return {
    async sendNotification({ about, notification, now, isHeld, isOvertaken }) {
      if (isOvertaken) return suppressed(desk, `${about.number}/${notification.id}`, 'overtaken');
      const [outcome] = await sendAll(desk, { about, notifications: [notification], now });
      if (outcome?.status === 'fulfilled') return outcome.value;
      throw isHeld ? outcome?.reason : alarming(outcome?.reason);
    },
    async sendTogether(sending) {
      const outcomes = await sendAll(desk, sending);
      return outcomes.map((outcome) =>
        outcome.status === 'fulfilled'
          ? outcome.value
          : { kind: 'later', seconds: waitOf(outcome.reason), why: 'busy' },
      );
    },
    clearUp: ({ claim, notification }) => clearUp(desk, `${claim}/${notification}`),
  };
}
