import { after } from '../time/calendar.ts';
import { partyOf, type Claim } from './claim.ts';
import { evolve } from './evolve.ts';
import type { Event, JournalEntry } from './journal.ts';
import {
  isOwedByLaw,
  notificationId,
  type Notification,
  type NotificationChannel,
  type NotificationKind,
} from '../messages/notifications.ts';
import { notificationsOf, type Telling } from '../messages/telling.ts';
import type { Author } from '../people/people.ts';
import type { Rules } from '../rules/pack.ts';
import type { Instant } from '../time/time.ts';

/**
 * A decision in the making: entries are added one by one and folded at once, so that each is decided on what
 * the last one left.
 */
export interface Draft {
  claim: Claim;
  entries: JournalEntry[];
  now: Instant;
  rules: Rules;
  by: Author;
  message?: string;
}

/** Adds events, and whatever is told because of them. */
export function add(draft: Draft, ...events: Event[]): void {
  for (const event of events) {
    append(draft, event);
    tell(draft, ...notificationsOf(event, draft.claim, draft.rules));
  }
}

/** Plans one notification for each channel that the pack names and the recipient has. */
export function tell(draft: Draft, ...tellings: Telling[]): void {
  for (const telling of tellings) {
    const { kind, to, facts, only, isGathered } = telling;
    if (isGathered && gathered(draft, telling)) continue;
    const seq = (draft.claim.told[kind] ?? 0) + 1;
    const { collapse } = draft.rules.pack;
    const isHeldBack = isGathered && collapse !== null;
    for (const channel of channelsTo(draft.claim, draft.rules, { kind, to, only }))
      plan(draft, {
        kind,
        seq,
        channel,
        to,
        facts,
        ...(isHeldBack && { notBefore: after(draft.now, collapse, draft.rules.calendar) }),
      });
  }
}

/** Added to what waits for more of its kind; false when nothing does. */
function gathered(draft: Draft, { kind, to, facts: { documents = [] } }: Telling): boolean {
  const waiting = draft.claim.outbox.filter(
    (planned) =>
      planned.kind === kind &&
      isSame(planned.to, to) &&
      planned.notBefore !== undefined &&
      planned.notBefore > draft.now &&
      !planned.insteadOf,
  );
  const news = (planned: Notification): typeof documents =>
    documents.filter(
      (each) =>
        !planned.facts.documents?.some(({ kind: known, item }) => known === each.kind && item === each.item),
    );
  for (const planned of waiting)
    if (news(planned).length > 0)
      append(draft, { kind: 'notification-extended', notification: planned.id, documents: news(planned) });
  return waiting.length > 0;
}

const isSame = (one: Telling['to'], other: Telling['to']): boolean =>
  'party' in one && 'party' in other && one.party === other.party;

/** One message, by one channel. */
export const plan = (draft: Draft, notification: Omit<Notification, 'id'>): void =>
  append(draft, {
    kind: 'notification-planned',
    notification: { id: notificationId(notification), ...notification },
  });

function append(draft: Draft, event: Event): void {
  const entry = {
    ...event,
    seq: draft.claim.seq + 1,
    at: draft.now,
    by: draft.by,
    ...(draft.message && { message: draft.message }),
  };
  draft.claim = evolve(draft.claim, entry, draft.rules.pack);
  draft.entries.push(entry);
}

/**
 * By which channels a recipient is told something of this kind: none when nothing reaches them and no law
 * wants it.
 */
export function channelsTo(
  claim: Claim,
  rules: Rules,
  { kind, to, only }: { kind: NotificationKind; to: Telling['to']; only?: NotificationChannel | undefined },
): NotificationChannel[] {
  const named = only ? [only] : rules.pack.channels[kind];
  const others = 'party' in to && !named.includes('letter') ? electronic : [];
  const wish = wishOf(claim, to);
  if (wish && !only && [...named, ...others].includes(wish) && reaches(claim, to, wish)) return [wish];
  const reaching = [named, others]
    .map((channels) => channels.filter((channel) => reaches(claim, to, channel)))
    .find((channels) => channels.length > 0);
  return reaching ?? lastResort(kind, to);
}

/** A party that lacks what the pack names hears by the other one, and so does one that would rather. */
const electronic: NotificationChannel[] = ['sms', 'email'];

/** Whoever would rather hear by one channel hears by that alone, if it reaches them. */
const wishOf = (claim: Claim, to: Telling['to']): NotificationChannel | undefined =>
  'party' in to ? partyOf(claim, to.party)?.prefers : undefined;

/** A party that has neither telephone nor mailbox is written what the law wants it to know. */
const lastResort = (kind: NotificationKind, to: Telling['to']): NotificationChannel[] =>
  'party' in to && isOwedByLaw(kind) ? ['letter'] : [];

function reaches(claim: Claim, to: Telling['to'], channel: NotificationChannel): boolean {
  if (!('party' in to)) return channel === 'email';
  const party = partyOf(claim, to.party);
  return channel === 'letter' || party?.reach[channel] === true;
}
