import { after, type Calendar, type Offset } from '../time/calendar.ts';
import { claimant, lastContactAt, type Claim } from '../claim/claim.ts';
import { nextClockAt } from './clocks.ts';
import { nextActionAt } from './chase.ts';
import { notify, type Draft } from '../claim/draft.ts';
import { routeOf } from '../messages/channels.ts';
import type { NotificationFacts } from '../messages/notifications.ts';
import { present } from '../present.ts';
import { memoized } from '../memo.ts';
import type { Rules } from '../rules/pack.ts';
import { instantOf, msOf, type Instant } from '../time/time.ts';

/**
 * When the claimant gets a progress message, if nothing is sent before (S26: no open claim is silent beyond
 * its interval).
 */
export function heartbeatAt(claim: Claim, rules: Rules): Instant | undefined {
  const {
    pack: { heartbeat },
    calendar,
  } = rules;
  const first = claimant(claim);
  const planned = first && claim.lastContact[first.id]?.planned;
  // A party that no channel reaches would get one failed message after another.
  if (
    !planned ||
    claim.outcome ||
    routeOf(claim, rules, { kind: 'progress', to: { party: first.id } }).kind !== 'channels'
  )
    return undefined;
  // A planned message makes a progress message needless.
  if (claim.outbox.some(({ to }) => to.party === first.id)) return undefined;
  const until = silentUntil(claim, rules);
  return until === undefined || planned < until ? until : quarterAfter(planned, heartbeat, calendar);
}

/**
 * By when the claimant must have another message: the last contact, and the silence that the rules allow an
 * open claim.
 */
export function silentUntil(claim: Claim, { pack: { heartbeat }, calendar }: Rules): Instant | undefined {
  return claim.outcome ? undefined : after(lastContactAt(claim), heartbeat, calendar);
}

/**
 * A progress message that no provider took is tried again after a quarter of the interval, so never in a fast
 * loop.
 */
const quarterAfter = (planned: Instant, interval: Offset, calendar: Calendar): Instant =>
  instantOf(msOf(planned) + (msOf(after(planned, interval, calendar)) - msOf(planned)) / 4);

/** When the claim must next act by itself. */
export const nextWakingAt = memoized(
  (claim: Claim, rules: Rules): Instant | undefined =>
    [nextActionAt(claim), heartbeatAt(claim, rules), nextClockAt(claim)]
      .filter((at) => at !== undefined)
      .toSorted()[0],
);

export function takeHeartbeat(draft: Draft): void {
  const [first, at] = [claimant(draft.claim), heartbeatAt(draft.claim, draft.rules)];
  if (first && at !== undefined && at <= draft.now)
    notify(draft, { kind: 'progress', to: { party: first.id }, facts: progressFacts(draft.claim) });
}

const mostNamed = 3;

/**
 * The open expectations, the longest first. Reminders and escalations among staff are left out: they are no
 * news to a customer.
 */
function progressFacts(claim: Claim): NotificationFacts {
  const open = claim.expectations
    .filter(({ id }) => !/^(escalation|call|clock|reach|answer|problem|post|withdrawal):?/.test(id))
    .toSorted((a, b) => (a.since < b.since ? -1 : 1));
  const nextAt = open.map(({ next }) => next.at).toSorted()[0];
  return {
    waiting: open.slice(0, mostNamed).map(({ what, from, since }) => ({ what, from, since })),
    ...present({ nextAt }),
  };
}
