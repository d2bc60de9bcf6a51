import { after, withinContactHours } from './calendar.ts';
import { claimant, type Claim } from './claim.ts';
import { nextClockAt } from './clocks.ts';
import { nextActionAt } from './chase.ts';
import { channelsTo, tell, type Draft } from './draft.ts';
import type { NotificationFacts } from './notifications.ts';
import { remembered } from './remembered.ts';
import type { Rules } from './rules.ts';
import type { Instant } from './time.ts';

/** When the claimant, told nothing until then, hears how things stand (S26: no open claim is silent beyond its interval). */
export function heartbeatAt(claim: Claim, { pack, calendar }: Rules): Instant | undefined {
  const first = claimant(claim);
  const told = first && claim.heard?.[first.id]?.planned;
  // Whom nothing reaches would be told the same nothing again and again.
  if (!told || !pack.heartbeat || claim.outcome || channelsTo(claim, { pack, calendar }, { kind: 'progress', to: { party: first.id } }).length === 0) return undefined;
  return withinContactHours(after(told, pack.heartbeat, calendar), calendar);
}

/** When the claim must next do something by itself. */
export const nextWakingAt = remembered((claim: Claim, rules: Rules): Instant | undefined => [nextActionAt(claim), heartbeatAt(claim, rules), nextClockAt(claim)].filter((at) => at !== undefined).toSorted()[0]);

export function takeHeartbeat(draft: Draft): void {
  const [first, at] = [claimant(draft.claim), heartbeatAt(draft.claim, draft.rules)];
  if (first && at !== undefined && at <= draft.now) tell(draft, { kind: 'progress', to: { party: first.id }, facts: standing(draft.claim) });
}

const mostNamed = 3;

/** What is waited for outside and inside, the longest first; what staff do about its standing still is no news to a customer. */
function standing(claim: Claim): NotificationFacts {
  const open = claim.expectations.filter(({ id }) => !/^(escalation|call|clock|reach|answer|problem|post|undelivered|withdrawal):?/.test(id)).toSorted((a, b) => (a.since < b.since ? -1 : 1));
  const nextAt = open.map(({ next }) => next.at).toSorted()[0];
  return { waiting: open.slice(0, mostNamed).map(({ what, from, since }) => ({ what, from, since })), ...(nextAt && { nextAt }) };
}
