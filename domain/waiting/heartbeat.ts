import { after, type Calendar, type Offset } from '../time/calendar.ts';
import { claimant, toldAt, type Claim } from '../claim/claim.ts';
import { nextClockAt } from './clocks.ts';
import { nextActionAt } from './chase.ts';
import { tell, type Draft } from '../claim/draft.ts';
import { routeOf } from '../messages/channels.ts';
import type { NotificationFacts } from '../messages/notifications.ts';
import { present } from '../present.ts';
import { remembered } from '../remembered.ts';
import type { Rules } from '../rules/pack.ts';
import { instantOf, msOf, type Instant } from '../time/time.ts';

/**
 * When the claimant, told nothing until then, hears how things stand (S26: no open claim is silent beyond its
 * interval).
 */
export function heartbeatAt(claim: Claim, rules: Rules): Instant | undefined {
  const {
    pack: { heartbeat },
    calendar,
  } = rules;
  const first = claimant(claim);
  const planned = first && claim.heard[first.id]?.planned;
  // Whom nothing reaches would be told the same nothing again and again.
  if (
    !planned ||
    claim.outcome ||
    routeOf(claim, rules, { kind: 'progress', to: { party: first.id } }).kind !== 'channels'
  )
    return undefined;
  // What is on its way to them will tell them something.
  if (claim.outbox.some(({ to }) => 'party' in to && to.party === first.id)) return undefined;
  const until = silentUntil(claim, rules);
  return until === undefined || planned < until ? until : quarterAfter(planned, heartbeat, calendar);
}

/**
 * Until when the claimant is to hear something, whatever becomes of what is said: the silence that its rules
 * allow an open claim.
 */
export function silentUntil(claim: Claim, { pack: { heartbeat }, calendar }: Rules): Instant | undefined {
  return claim.outcome ? undefined : after(toldAt(claim), heartbeat, calendar);
}

/** What was said when the time had come and no provider took is tried again, but never without end. */
const quarterAfter = (planned: Instant, interval: Offset, calendar: Calendar): Instant =>
  instantOf(msOf(planned) + (msOf(after(planned, interval, calendar)) - msOf(planned)) / 4);

/** When the claim must next do something by itself. */
export const nextWakingAt = remembered(
  (claim: Claim, rules: Rules): Instant | undefined =>
    [nextActionAt(claim), heartbeatAt(claim, rules), nextClockAt(claim)]
      .filter((at) => at !== undefined)
      .toSorted()[0],
);

export function takeHeartbeat(draft: Draft): void {
  const [first, at] = [claimant(draft.claim), heartbeatAt(draft.claim, draft.rules)];
  if (first && at !== undefined && at <= draft.now)
    tell(draft, { kind: 'progress', to: { party: first.id }, facts: standing(draft.claim) });
}

const mostNamed = 3;

/**
 * What is waited for outside and inside, the longest first; what staff do about its standing still is no news
 * to a customer.
 */
function standing(claim: Claim): NotificationFacts {
  const open = claim.expectations
    .filter(({ id }) => !/^(escalation|call|clock|reach|answer|problem|post|withdrawal):?/.test(id))
    .toSorted((a, b) => (a.since < b.since ? -1 : 1));
  const nextAt = open.map(({ next }) => next.at).toSorted()[0];
  return {
    waiting: open.slice(0, mostNamed).map(({ what, from, since }) => ({ what, from, since })),
    ...present({ nextAt }),
  };
}
