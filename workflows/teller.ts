import { condition, sleep } from '@temporalio/workflow';
import { partyOf } from '../domain/claim.ts';
import type { Notification, NotificationOutcome } from '../domain/notifications.ts';
import { tell, tellTogether } from './effects.ts';
import type { RunningClaim } from './running-claim.ts';
import type { Attempt } from './standing-still.ts';

/**
 * Sends what was decided to be said, at once what may go at once; but to one recipient by one channel in the order of the decisions:
 * nobody reads "approved" before "assessed". A provider that is busy for an hour holds up nobody else's message. The last words after
 * the claim has closed, too.
 */
export async function deliverTogether(claim: RunningClaim): Promise<void> {
  const handed = new Set<string>();
  const isDone = (): boolean => claim.leaving || (claim.over && claim.state.outbox.length === 0);
  const fresh = (): Notification[] => firstOfEachLane(claim.state.outbox).filter(({ id }) => !handed.has(id));
  while (!isDone()) {
    const notifications = fresh();
    for (const { id } of notifications) handed.add(id);
    if (notifications.length > 0) void sendAll(claim, notifications);
    await condition(() => isDone() || fresh().length > 0);
  }
}

/** What is told leaves the outbox, so whatever stands before another in its lane is still to be told. */
const firstOfEachLane = (outbox: Notification[]): Notification[] => outbox.filter((notification, index) => outbox.findIndex((other) => laneOf(other) === laneOf(notification)) === index);

async function sendAll(claim: RunningClaim, notifications: Notification[]): Promise<void> {
  const outcomes = await claim.inFlight(() => attemptAll(claim, notifications));
  for (const [index, outcome] of outcomes.entries()) {
    const notification = notifications[index];
    if (!notification) continue;
    if (outcome.kind === 'later') void sendLater(claim, notification, outcome.seconds);
    else claim.decide({ kind: 'notification-ended', notification: notification.id, outcome });
  }
}

const usualWaitSeconds = 5;

/** Counts as under way meanwhile: the run does not hand over. */
async function sendLater(claim: RunningClaim, notification: Notification, seconds: number): Promise<void> {
  await claim.inFlight(() => sleep(seconds * 1000, { summary: `again: ${inWords(claim, [notification])}` }));
  await send(claim, notification);
}

/** One attempt for all of them; whatever that did not bring about is tried by itself, with the retries of its class. */
async function attemptAll(claim: RunningClaim, notifications: Notification[]): ReturnType<typeof tellTogether.sendTogether> {
  try {
    return await tellTogether.sendTogether.executeWithOptions({ summary: `tell ${inWords(claim, notifications)}` }, [{ ...aboutOf(claim), notifications }]);
  } catch {
    return notifications.map(() => ({ kind: 'later', seconds: usualWaitSeconds }));
  }
}

const inWords = (claim: RunningClaim, notifications: Notification[]): string => notifications.map((each) => `${calledBy(claim, each)}: ${each.kind} by ${each.channel}`).join(', ');

/** As runs do that began before messages went together: an activity each. */
export async function deliver(claim: RunningClaim): Promise<void> {
  const handed = new Set<string>();
  const lanes = new Map<string, Promise<void>>();
  const fresh = (): Notification[] => claim.state.outbox.filter(({ id }) => !handed.has(id));
  const isDone = (): boolean => claim.leaving || (claim.over && claim.state.outbox.length === 0);
  while (!isDone()) {
    for (const notification of fresh()) {
      handed.add(notification.id);
      const lane = laneOf(notification);
      lanes.set(lane, (lanes.get(lane) ?? Promise.resolve()).then(() => send(claim, notification)));
    }
    await condition(() => isDone() || fresh().length > 0);
  }
}

async function send(claim: RunningClaim, notification: Notification): Promise<void> {
  const outcome = await claim.inFlight(() => attempt(claim, { ...aboutOf(claim), notification }));
  claim.decide({ kind: 'notification-ended', notification: notification.id, outcome });
}

type Sending = Parameters<typeof tell.sendNotification>[0];

/**
 * Beyond the bound what a party is to hear waits, with all that is to follow it, until it can be sent. What a member of staff was to
 * hear counts as not delivered: it stands on their work list and is repeated by its ladder, so it would only pile up.
 */
async function attempt(claim: RunningClaim, sending: Sending): ReturnType<typeof tell.sendNotification> {
  const { to, channel } = sending.notification;
  const once: Attempt<NotificationOutcome> = (options) => tell.sendNotification.executeWithOptions({ summary: `tell ${inWords(claim, [sending.notification])}`, ...options }, [sending]);
  if (claim.isLean && 'party' in to) return claim.effect({ place: 'messages', usual: channel === 'letter' ? 'records' : channel }, once);
  try {
    return await once({});
  } catch {
    return { kind: 'failed', code: 'provider-unreachable' };
  }
}

function aboutOf({ state, now }: RunningClaim): Pick<Sending, 'about' | 'now'> {
  const { number, line, currency, pack, handler, branch, items } = state;
  return { about: { number, line, currency, pack, handler, branch, items: items.map(({ id, object }) => ({ id, object })) }, now };
}

const laneOf = (notification: Notification): string => `${recipientOf(notification)}/${notification.channel}`;

const recipientOf = ({ to }: Notification): string => ('party' in to ? to.party : 'staff' in to ? to.staff : to.role);

/** As a manager reads it: the party's role, or the member of staff. */
const calledBy = ({ state }: RunningClaim, { to }: Notification): string => ('party' in to ? (partyOf(state, to.party)?.role ?? to.party) : 'staff' in to ? to.staff : to.role);
