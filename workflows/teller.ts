import { condition } from '@temporalio/workflow';
import type { Notification } from '../domain/notifications.ts';
import { tell } from './effects.ts';
import type { RunningClaim } from './running-claim.ts';

/**
 * Sends what was decided to be said, each as soon as it is: a provider that is busy for an hour holds up nobody else's message. The
 * last words after the claim has closed, too.
 */
export async function deliver(claim: RunningClaim): Promise<void> {
  const handed = new Set<string>();
  const fresh = (): Notification[] => claim.state.outbox.filter(({ id }) => !handed.has(id));
  const isDone = (): boolean => claim.leaving || (claim.over && claim.state.outbox.length === 0);
  while (!isDone()) {
    for (const notification of fresh()) {
      handed.add(notification.id);
      void send(claim, notification);
    }
    await condition(() => isDone() || fresh().length > 0);
  }
}

async function send(claim: RunningClaim, notification: Notification): Promise<void> {
  const { number, line, currency, pack, handler, branch, items } = claim.state;
  const about = { number, line, currency, pack, handler, branch, items: items.map(({ id, object }) => ({ id, object })) };
  const outcome = await claim.inFlight(() => attempt(notification, { about, notification, now: claim.now }));
  claim.decide({ kind: 'notification-ended', notification: notification.id, outcome });
}

type Sending = Parameters<typeof tell.sendNotification>[0];

/** After the bound the message counts as not delivered: operations settle it, and the claim goes on. */
async function attempt(notification: Notification, sending: Sending): ReturnType<typeof tell.sendNotification> {
  try {
    return await tell.sendNotification.executeWithOptions({ summary: `tell ${recipientOf(notification)}: ${notification.kind} by ${notification.channel}` }, [sending]);
  } catch {
    return { kind: 'failed', code: 'provider-unreachable' };
  }
}

const recipientOf = ({ to }: Notification): string => ('party' in to ? to.party : 'staff' in to ? to.staff : to.role);
