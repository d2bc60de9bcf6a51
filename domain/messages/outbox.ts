import type { Claim } from '../claim/claim.ts';
import { present } from '../present.ts';
import type { Rules } from '../rules/pack.ts';
import { msOf, type Instant } from '../time/time.ts';
import type { ContactHours } from './contact-hours.ts';
import type { Caps, Notification } from './notifications.ts';
import { isOvertaken } from './overtaken.ts';
import { withLatestFacts } from './triggers.ts';

/** The data of its claim that a message needs. */
export interface ClaimContext {
  number: string;
  line: string;
  /** Decides the law and the hotline. */
  jurisdiction: string;
  currency: string;
  /** The deputy of a handler who is away; `nobody` without one. */
  handler: string;
  branch: string;
  /** Its customers get their handler's direct line (S28). */
  isMajor?: boolean;
  items: { id: string; object: string }[];
  contactHours: ContactHours;
  caps: Caps;
}

/** Several notifications to send together: each to another recipient or by another channel. */
export interface SendingBatch {
  about: ClaimContext;
  notifications: Notification[];
  /** Ids of those that have been overtaken: they are not sent, and the ledger says so. */
  overtaken: string[];
  now: Instant;
}

export const contextOf = (
  { number, line, jurisdiction, currency, handler, handlerAway, branch, urgency, items }: Claim,
  { calendar, pack }: Rules,
): ClaimContext => ({
  number,
  line,
  jurisdiction,
  currency,
  handler: handlerAway ? (handlerAway.deputy ?? 'nobody') : handler,
  branch,
  ...present({ isMajor: urgency === 'priority' || undefined }),
  items: items.map(({ id, object }) => ({ id, object })),
  contactHours: calendar.contactHours,
  caps: pack.caps,
});

/** These messages, with the facts of this moment; undefined for none. */
export const batchOf = (
  claim: Claim,
  rules: Rules,
  now: Instant,
  notifications: Notification[],
): SendingBatch | undefined =>
  notifications.length === 0
    ? undefined
    : {
        about: contextOf(claim, rules),
        notifications: notifications.map((each) => withLatestFacts(each, claim, rules)),
        overtaken: notifications.filter((each) => isOvertaken(each, claim)).map(({ id }) => id),
        now,
      };

/** A message that waits for more of its kind. */
export const isGathering = ({ notBefore }: Notification, now: Instant): boolean =>
  notBefore !== undefined && msOf(notBefore) > msOf(now);

/**
 * The messages that may be sent next. Those to one recipient by one channel are sent in the order of the
 * decisions: nobody reads "approved" before "assessed". A sent message leaves the outbox, so the first one of
 * each lane is the next.
 */
export const nextToSend = ({ outbox }: Claim): Notification[] =>
  outbox.filter(
    (notification, index) => outbox.findIndex((other) => laneOf(other) === laneOf(notification)) === index,
  );

const laneOf = ({ to, channel }: Notification): string => `${to.party}/${channel}`;
