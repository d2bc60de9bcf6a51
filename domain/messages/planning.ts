import { after } from '../time/calendar.ts';
import type { Claim } from '../claim/claim.ts';
import type { Event } from '../claim/journal.ts';
import { present } from '../present.ts';
import type { Rules } from '../rules/pack.ts';
import type { Instant } from '../time/time.ts';
import { routeOf } from './channels.ts';
import {
  notificationId,
  type Notification,
  type NotificationFacts,
  type NotificationKind,
} from './notifications.ts';
import type { NotificationRequest } from './triggers.ts';

type Planned = Extract<Event, { kind: 'notification-planned' | 'notification-extended' }>;

/**
 * Kinds that are collapsed: one message waits for more of its kind, for the pack's `collapse`, and then
 * reports all of it. Where the pack has no such time, nothing is sent.
 */
const gathered: readonly NotificationKind[] = ['documents-received'];

/** The planned messages for a request: one for each channel, or an extension of a message that waits. */
export function planOf(request: NotificationRequest, claim: Claim, rules: Rules, now: Instant): Planned[] {
  if (!gathered.includes(request.kind)) return messages(request, claim, rules, now);
  const { collapse } = rules.pack;
  if (collapse === null) return [];
  const waiting = claim.outbox.filter((planned) => isWaitingForMore(planned, request, now));
  return waiting.length > 0
    ? waiting.flatMap((planned) => extended(planned, request))
    : messages(request, claim, rules, now, after(now, collapse, rules.calendar));
}

/** One message, by one channel. */
export const planned = (notification: Omit<Notification, 'id'>): Planned => ({
  kind: 'notification-planned',
  notification: { id: notificationId(notification), ...notification },
});

function messages(
  { kind, to, facts, occasion }: NotificationRequest,
  claim: Claim,
  rules: Rules,
  now: Instant,
  notBefore?: Instant,
): Planned[] {
  const route = routeOf(claim, rules, { kind, to, ...present({ occasion }) });
  if (route.kind !== 'channels') return [];
  const seq = (claim.sent[kind] ?? 0) + 1;
  return route.channels.map((channel) =>
    planned({ kind, seq, channel, to, facts, decidedAt: now, ...present({ notBefore }) }),
  );
}

const isWaitingForMore = (waiting: Notification, { kind, to }: NotificationRequest, now: Instant): boolean =>
  waiting.kind === kind &&
  isSame(waiting.to, to) &&
  waiting.notBefore !== undefined &&
  waiting.notBefore > now &&
  !waiting.insteadOf;

function extended(
  { id, facts: { documents: known = [] } }: Notification,
  { facts }: NotificationRequest,
): Planned[] {
  const documents = (facts.documents ?? []).filter((each) => !known.some((other) => isSameOf(each, other)));
  return documents.length > 0 ? [{ kind: 'notification-extended', notification: id, documents }] : [];
}

type DocumentFact = NonNullable<NotificationFacts['documents']>[number];

const isSameOf = (one: DocumentFact, other: DocumentFact): boolean =>
  one.kind === other.kind && one.item === other.item;

const isSame = (one: NotificationRequest['to'], other: NotificationRequest['to']): boolean =>
  one.party === other.party;
