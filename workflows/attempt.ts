import { sleep } from '@temporalio/workflow';
import type { SendOutcome, SendingTogether } from '../activities/messages/contract.ts';
import { partyOf } from '../domain/claim/claim.ts';
import type { BrokenPart } from '../domain/claim/problems.ts';
import type { Notification, NotificationOutcome } from '../domain/messages/notifications.ts';
import { isOvertaken } from '../domain/messages/overtaken.ts';
import { asItGoesOut } from '../domain/messages/telling.ts';
import { present } from '../domain/present.ts';
import { tell, tellTogether } from './effects.ts';
import type { RunningClaim } from './running-claim.ts';
import { givenUpWhen, type Attempt } from './standing-still.ts';

/** What an attempt brings about: `failed` where a message to staff is given up. */
type Attempted = SendOutcome | NotificationOutcome;

export const isFinal = (outcome: Attempted): outcome is NotificationOutcome =>
  outcome.kind !== 'later' && outcome.kind !== 'uncertain';

/** When a receipt has had time to come, and a provider lists what it has taken. */
const clearUpAfter = '3 minutes';

/** Counts as under way meanwhile: the run does not hand over. */
export async function untilFinal(
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
export async function attemptAll(claim: RunningClaim, notifications: Notification[]): Promise<SendOutcome[]> {
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

export const inWords = (claim: RunningClaim, notifications: Notification[]): string =>
  notifications.map((each) => `${calledBy(claim, each)}: ${each.kind} by ${each.channel}`).join(', ');

/** To the activity that sends it, or, once it has been overtaken, that notes that it is not sent. */
const handOn = (
  claim: RunningClaim,
  notification: Notification,
  options: Parameters<Attempt<SendOutcome>>[0],
  isOvertakenByNow = false,
): Promise<SendOutcome> =>
  tell.sendNotification.executeWithOptions(
    {
      summary: `${isOvertakenByNow ? 'overtaken' : 'tell'} ${inWords(claim, [notification])}`,
      ...options,
    },
    [
      {
        ...aboutOf(claim),
        notification: asItGoesOut(notification, claim.state, claim.rules),
        ...present({
          isHeld: options.retry ? true : undefined,
          isOvertaken: isOvertakenByNow || undefined,
        }),
      },
    ],
  );

/**
 * Beyond the bound a message to a party waits, with all that follows it, until it can be sent. One to staff
 * counts as not delivered: it stands on their work list and is repeated by its ladder, so it would only pile
 * up. What is overtaken while it is tried is given up.
 */
export async function attempt(claim: RunningClaim, notification: Notification): Promise<Attempted> {
  const isPointless = (): boolean => isOvertaken(notification, claim.state);
  const once: Attempt<SendOutcome> = async (options) => {
    const sent = isPointless()
      ? undefined
      : await givenUpWhen(isPointless, () => handOn(claim, notification, options));
    return sent ? sent.value : handOn(claim, notification, options, true);
  };
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
      ...present({ isMajor: urgency === 'priority' || undefined }),
      items: items.map(({ id, object }) => ({ id, object })),
      contactHours: rules.calendar.contactHours,
      caps: rules.pack.caps,
    },
    now,
  };
}

/** As a manager reads it: the party's role, or the member of staff. */
function calledBy({ state }: RunningClaim, { to }: Notification): string {
  if ('party' in to) return partyOf(state, to.party)?.role ?? to.party;
  return 'staff' in to ? to.staff : to.role;
}
