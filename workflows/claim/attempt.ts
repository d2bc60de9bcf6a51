import { sleep } from '@temporalio/workflow';
import type { SendOutcome } from '../../activities/messages/contract.ts';
import { partyOf } from '../../domain/claim/claim.ts';
import type { BrokenPart } from '../../domain/claim/problems.ts';
import type { Notification, LedgerOutcome } from '../../domain/messages/notifications.ts';
import { contextOf } from '../../domain/messages/outbox.ts';
import { isOvertaken } from '../../domain/messages/overtaken.ts';
import { withLatestFacts } from '../../domain/messages/triggers.ts';
import { present } from '../../domain/present.ts';
import { notify } from '../effects.ts';
import type { RunningClaim } from './running-claim.ts';
import { givenUpWhen, type Attempt } from '../blocked.ts';

export const isFinal = (outcome: SendOutcome): outcome is LedgerOutcome =>
  outcome.kind !== 'later' && outcome.kind !== 'uncertain';

/** By then a delivery report has arrived, or the provider lists the messages that it took. */
const clearUpAfter = '3 minutes';

/** The message counts as under way meanwhile, so that this run does not hand over to a new one. */
export async function untilFinal(
  run: RunningClaim,
  notification: Notification,
  first: SendOutcome,
): Promise<LedgerOutcome> {
  for (let outcome = first; ; outcome = await attempt(run, notification)) {
    if (isFinal(outcome)) return outcome;
    if (outcome.kind === 'later')
      await sleep(outcome.seconds * 1000, {
        summary: `${reasons[outcome.why] ?? 'again'}: ${inWords(run, [notification])}`,
      });
    else return clearedUp(run, notification);
  }
}

const reasons: Record<string, string> = { hours: 'wait for contact hours' };

async function clearedUp(run: RunningClaim, notification: Notification): Promise<LedgerOutcome> {
  await sleep(clearUpAfter, { summary: `clear up: ${inWords(run, [notification])}` });
  const { number } = run.state;
  return run.effect({ place: 'messages', usual: brokenBy(notification) }, (options) =>
    notify.clearUp.executeWithOptions({ summary: `clear up ${inWords(run, [notification])}`, ...options }, [
      { claim: number, notification: notification.id },
    ]),
  );
}

const brokenBy = ({ channel }: Notification): BrokenPart => (channel === 'letter' ? 'records' : channel);

export const inWords = (run: RunningClaim, notifications: Notification[]): string =>
  notifications.map((each) => `${calledBy(run, each)}: ${each.kind} by ${each.channel}`).join(', ');

/** The activity sends the message. If it has been overtaken, the activity records that it is not sent. */
const handOn = (
  run: RunningClaim,
  notification: Notification,
  options: Parameters<Attempt<SendOutcome>>[0],
  isOvertakenByNow = false,
): Promise<SendOutcome> =>
  notify.sendNotification.executeWithOptions(
    {
      summary: `${isOvertakenByNow ? 'overtaken:' : 'send to'} ${inWords(run, [notification])}`,
      ...options,
    },
    [
      {
        about: contextOf(run.state, run.rules),
        now: run.now,
        notification: withLatestFacts(notification, run.state, run.rules),
        ...present({
          isBlocked: options.retry ? true : undefined,
          isOvertaken: isOvertakenByNow || undefined,
        }),
      },
    ],
  );

/**
 * Beyond the limit a message waits, and later messages wait behind it, until it can be sent. A message that
 * is overtaken while it is tried is given up.
 */
export async function attempt(run: RunningClaim, notification: Notification): Promise<SendOutcome> {
  const isPointless = (): boolean => isOvertaken(notification, run.state);
  const once: Attempt<SendOutcome> = async (options) => {
    const sent = isPointless()
      ? undefined
      : await givenUpWhen(isPointless, () => handOn(run, notification, options));
    return sent ? sent.value : handOn(run, notification, options, true);
  };
  return run.effect({ place: 'messages', usual: brokenBy(notification) }, once);
}

/** The recipient as a manager reads it: the party's role. */
const calledBy = ({ state }: RunningClaim, { to }: Notification): string =>
  partyOf(state, to.party)?.role ?? to.party;
