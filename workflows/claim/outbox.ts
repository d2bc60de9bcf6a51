import { condition, sleep } from '@temporalio/workflow';
import type { Notification, NotificationOutcome } from '../../domain/messages/notifications.ts';
import { isOvertaken } from '../../domain/messages/overtaken.ts';
import { msOf } from '../../domain/time/time.ts';
import { attempt, attemptAll, inWords, isFinal, untilFinal } from './attempt.ts';
import type { RunningClaim } from './running-claim.ts';

/**
 * Sends the planned notifications. Those to one recipient by one channel are sent in the order of the
 * decisions: nobody reads "approved" before "assessed". All others are sent at the same time, so a provider
 * that is busy for an hour delays nobody else's message. The last notifications are sent after the closure.
 */
export async function sendOutbox(run: RunningClaim): Promise<void> {
  const handed = new Set<string>();
  const isDone = (): boolean => run.leaving || (run.over && run.state.outbox.length === 0);
  const fresh = (): Notification[] => firstOfEachLane(run.state.outbox).filter(({ id }) => !handed.has(id));
  while (!isDone()) {
    const notifications = fresh();
    for (const { id } of notifications) handed.add(id);
    const now = notifications.filter((each) => !isGathering(each) && !isOvertaken(each, run.state));
    if (now.length > 0) void sendAll(run, now);
    for (const alone of notifications.filter((each) => !now.includes(each))) void sendAlone(run, alone);
    await condition(() => isDone() || fresh().length > 0);
  }
}

/** A sent notification leaves the outbox, so the first one of each lane is the next to send. */
const firstOfEachLane = (outbox: Notification[]): Notification[] =>
  outbox.filter(
    (notification, index) => outbox.findIndex((other) => laneOf(other) === laneOf(notification)) === index,
  );

const isGathering = ({ notBefore }: Notification): boolean =>
  notBefore !== undefined && msOf(notBefore) > Date.now();

/** For a notification that waits for more of its kind, or that has been overtaken already. */
async function sendAlone(run: RunningClaim, notification: Notification): Promise<void> {
  const outcome = await run.inFlight(async () => {
    if (isGathering(notification)) await untilGathered(run, notification);
    // More of the same kind may have been added to it meanwhile, so the current version is sent.
    const current = run.state.outbox.find(({ id }) => id === notification.id) ?? notification;
    return untilFinal(run, current, await attempt(run, current));
  });
  end(run, notification, outcome);
}

const untilGathered = (run: RunningClaim, notification: Notification): Promise<void> =>
  sleep(msOf(notification.notBefore ?? run.now) - Date.now(), {
    summary: `gather: ${inWords(run, [notification])}`,
  });

async function sendAll(run: RunningClaim, notifications: Notification[]): Promise<void> {
  const outcomes = await run.inFlight(() => attemptAll(run, notifications));
  for (const [index, outcome] of outcomes.entries()) {
    const notification = notifications[index];
    if (!notification) continue;
    if (isFinal(outcome)) end(run, notification, outcome);
    else
      void run
        .inFlight(() => untilFinal(run, notification, outcome))
        .then((final) => end(run, notification, final));
  }
}

const end = (run: RunningClaim, { id }: Notification, outcome: NotificationOutcome): unknown =>
  run.execute({ kind: 'notification-ended', notification: id, outcome });

const laneOf = (notification: Notification): string => `${recipientOf(notification)}/${notification.channel}`;

function recipientOf({ to }: Notification): string {
  if ('party' in to) return to.party;
  return 'staff' in to ? to.staff : to.role;
}
