import { condition } from '@temporalio/workflow';
import { partyOf } from '../domain/claim.ts';
import type { Notification } from '../domain/notifications.ts';
import { tell } from './effects.ts';
import type { RunningClaim } from './running-claim.ts';

/**
 * Sends what was decided to be said, each as soon as it is, but to one recipient by one channel in the order of the decisions: nobody
 * reads "approved" before "assessed". A provider that is busy for an hour holds up nobody else's message. The last words after the
 * claim has closed, too.
 */
export async function deliver(claim: RunningClaim): Promise<void> {
  const handed = new Set<string>();
  const lanes = new Map<string, Promise<void>>();
  const fresh = (): Notification[] => claim.state.outbox.filter(({ id }) => !handed.has(id));
  const isDone = (): boolean => claim.leaving || (claim.over && claim.state.outbox.length === 0);
  while (!isDone()) {
    for (const notification of fresh()) {
      handed.add(notification.id);
      const lane = `${recipientOf(notification)}/${notification.channel}`;
      lanes.set(lane, (lanes.get(lane) ?? Promise.resolve()).then(() => send(claim, notification)));
    }
    await condition(() => isDone() || fresh().length > 0);
  }
}

async function send(claim: RunningClaim, notification: Notification): Promise<void> {
  const { number, line, currency, pack, handler, branch, items } = claim.state;
  const about = { number, line, currency, pack, handler, branch, items: items.map(({ id, object }) => ({ id, object })) };
  const outcome = await claim.inFlight(() => attempt(notification, calledBy(claim, notification), { about, notification, now: claim.now }));
  claim.decide({ kind: 'notification-ended', notification: notification.id, outcome });
}

type Sending = Parameters<typeof tell.sendNotification>[0];

/** After the bound the message counts as not delivered: operations settle it, and the claim goes on. */
async function attempt(notification: Notification, called: string, sending: Sending): ReturnType<typeof tell.sendNotification> {
  try {
    return await tell.sendNotification.executeWithOptions({ summary: `tell ${called}: ${notification.kind} by ${notification.channel}` }, [sending]);
  } catch {
    return { kind: 'failed', code: 'provider-unreachable' };
  }
}

const recipientOf = ({ to }: Notification): string => ('party' in to ? to.party : 'staff' in to ? to.staff : to.role);

/** As a manager reads it: the party's role, or the member of staff. */
const calledBy = ({ state }: RunningClaim, { to }: Notification): string => ('party' in to ? (partyOf(state, to.party)?.role ?? to.party) : 'staff' in to ? to.staff : to.role);
