import { condition, sleep } from '@temporalio/workflow';
import { partyOf } from '../domain/claim/claim.ts';
import type { Notification, NotificationOutcome } from '../domain/messages/notifications.ts';
import type { SendOutcome, SendingTogether } from '../activities/notifications.ts';
import { isIdle } from '../domain/waiting/chase.ts';
import { asItGoesOut } from '../domain/messages/telling.ts';
import { msOf } from '../domain/time/time.ts';
import type { BrokenPart } from '../domain/claim/problems.ts';
import { tell, tellTogether } from './effects.ts';
import type { RunningClaim } from './running-claim.ts';
import type { Attempt } from './standing-still.ts';

/**
 * Sends what was decided to be said, at once what may go at once; but to one recipient by one channel in the
 * order of the decisions:
 * nobody reads "approved" before "assessed". A provider that is busy for an hour holds up nobody else's
 * message. The last words after
 * the claim has closed, too.
 */
export async function deliverTogether(claim: RunningClaim): Promise<void> {
  const handed = new Set<string>();
  const isDone = (): boolean => claim.leaving || (claim.over && claim.state.outbox.length === 0);
  const fresh = (): Notification[] => firstOfEachLane(claim.state.outbox).filter(({ id }) => !handed.has(id));
  while (!isDone()) {
    const notifications = fresh();
    for (const { id } of notifications) handed.add(id);
    const now = notifications.filter((notification) => !isGathering(notification));
    if (now.length > 0) void sendAll(claim, now);
    for (const gathering of notifications.filter(isGathering))
      void claim
        .inFlight(() => untilGathered(claim, gathering))
        .then((final) => end(claim, gathering, final));
    await condition(() => isDone() || fresh().length > 0);
  }
}

/** What is told leaves the outbox, so whatever stands before another in its lane is still to be told. */
const firstOfEachLane = (outbox: Notification[]): Notification[] =>
  outbox.filter(
    (notification, index) => outbox.findIndex((other) => laneOf(other) === laneOf(notification)) === index,
  );

const isGathering = ({ notBefore }: Notification): boolean =>
  notBefore !== undefined && msOf(notBefore) > Date.now();

/** More of the same is added to it meanwhile: what is sent is what it has become. */
async function untilGathered(claim: RunningClaim, notification: Notification): Promise<NotificationOutcome> {
  await sleep(msOf(notification.notBefore ?? claim.now) - Date.now(), {
    summary: `gather: ${inWords(claim, [notification])}`,
  });
  const gathered = claim.state.outbox.find(({ id }) => id === notification.id) ?? notification;
  return untilFinal(claim, gathered, await attempt(claim, gathered));
}

async function sendAll(claim: RunningClaim, notifications: Notification[]): Promise<void> {
  const outcomes = await claim.inFlight(() => attemptAll(claim, notifications));
  for (const [index, outcome] of outcomes.entries()) {
    const notification = notifications[index];
    if (!notification) continue;
    if (isFinal(outcome)) end(claim, notification, outcome);
    else
      void claim
        .inFlight(() => untilFinal(claim, notification, outcome))
        .then((final) => end(claim, notification, final));
  }
}

const end = (claim: RunningClaim, { id }: Notification, outcome: NotificationOutcome): unknown =>
  claim.decide({ kind: 'notification-ended', notification: id, outcome });

/** What an attempt brings about; `failed` where a message to staff is given up. */
type Attempted = SendOutcome | NotificationOutcome;

const isFinal = (outcome: Attempted): outcome is NotificationOutcome =>
  outcome.kind !== 'later' && outcome.kind !== 'uncertain';

/** When a receipt has had time to come, and a provider lists what it has taken. */
const clearUpAfter = '3 minutes';

/** Counts as under way meanwhile: the run does not hand over. */
async function untilFinal(
  claim: RunningClaim,
  notification: Notification,
  first: Attempted,
): Promise<NotificationOutcome> {
  for (let outcome = first; ; outcome = await attempt(claim, notification)) {
    if (isFinal(outcome)) return outcome;
    if (outcome.kind === 'later')
      await sleep(outcome.seconds * 1000, {
        summary: `${reasons[outcome.why] ?? 'again'}: ${inWords(claim, [notification])}`,
      });
    else return clearedUp(claim, notification);
  }
}

const reasons: Record<string, string> = { hours: 'wait for contact hours' };

async function clearedUp(claim: RunningClaim, notification: Notification): Promise<NotificationOutcome> {
  await sleep(clearUpAfter, { summary: `clear up: ${inWords(claim, [notification])}` });
  const { number } = claim.state;
  return claim.effect({ place: 'messages', usual: brokenBy(notification) }, (options) =>
    tell.clearUp.executeWithOptions({ summary: `clear up ${inWords(claim, [notification])}`, ...options }, [
      { claim: number, notification: notification.id },
    ]),
  );
}

const brokenBy = ({ channel }: Notification): BrokenPart => (channel === 'letter' ? 'records' : channel);

const usualWaitSeconds = 5;

/**
 * One attempt for all of them; whatever that did not bring about is tried by itself, with the retries of its
 * class.
 */
async function attemptAll(claim: RunningClaim, notifications: Notification[]): Promise<SendOutcome[]> {
  try {
    return await tellTogether.sendTogether.executeWithOptions(
      { summary: `tell ${inWords(claim, notifications)}` },
      [
        {
          ...aboutOf(claim),
          notifications: notifications.map((each) => asItGoesOut(each, claim.state, claim.rules)),
        },
      ],
    );
  } catch {
    return notifications.map(() => ({ kind: 'later', seconds: usualWaitSeconds, why: 'again' }));
  }
}

const inWords = (claim: RunningClaim, notifications: Notification[]): string =>
  notifications.map((each) => `${calledBy(claim, each)}: ${each.kind} by ${each.channel}`).join(', ');

/**
 * Beyond the bound what a party is to hear waits, with all that is to follow it, until it can be sent. What a
 * member of staff was to
 * hear counts as not delivered: it stands on their work list and is repeated by its ladder, so it would only
 * pile up.
 */
async function attempt(claim: RunningClaim, notification: Notification): Promise<Attempted> {
  const sending = {
    ...aboutOf(claim),
    notification: asItGoesOut(notification, claim.state, claim.rules),
    ...(isIdle(claim.state, notification) && { isIdle: true }),
  };
  const once: Attempt<SendOutcome> = (options) =>
    tell.sendNotification.executeWithOptions(
      { summary: `tell ${inWords(claim, [notification])}`, ...options },
      [{ ...sending, ...(options.retry && { isHeld: true }) }],
    );
  if ('party' in notification.to)
    return claim.effect({ place: 'messages', usual: brokenBy(notification) }, once);
  try {
    return await once({});
  } catch {
    return { kind: 'failed', code: 'provider-unreachable' };
  }
}

function aboutOf({ state, rules, now }: RunningClaim): Pick<SendingTogether, 'about' | 'now'> {
  const { number, line, jurisdiction, currency, handler, branch, urgency, items } = state;
  return {
    about: {
      number,
      line,
      jurisdiction,
      currency,
      handler,
      branch,
      ...(urgency === 'priority' && { isMajor: true }),
      items: items.map(({ id, object }) => ({ id, object })),
      contactHours: rules.calendar.contactHours,
      caps: rules.pack.caps,
    },
    now,
  };
}

const laneOf = (notification: Notification): string => `${recipientOf(notification)}/${notification.channel}`;

const recipientOf = ({ to }: Notification): string =>
  'party' in to ? to.party : 'staff' in to ? to.staff : to.role;

/** As a manager reads it: the party's role, or the member of staff. */
const calledBy = ({ state }: RunningClaim, { to }: Notification): string =>
  'party' in to ? (partyOf(state, to.party)?.role ?? to.party) : 'staff' in to ? to.staff : to.role;
