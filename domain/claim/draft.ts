import type { Notification } from '../messages/notifications.ts';
import { planned, planOf } from '../messages/planning.ts';
import { notificationsOf, type NotificationRequest } from '../messages/triggers.ts';
import type { Author } from '../people/people.ts';
import type { Rules } from '../rules/pack.ts';
import type { Instant } from '../time/time.ts';
import type { Claim } from './claim.ts';
import { evolve } from './evolve/evolve.ts';
import type { Event, JournalEntry, Message } from './journal.ts';

/**
 * An unfinished decision. Entries are added one by one and folded at once, so each is decided on the state
 * after the last one.
 */
export interface Draft {
  claim: Claim;
  entries: JournalEntry[];
  now: Instant;
  rules: Rules;
  by: Author;
  message?: Message;
}

/** Adds events, and plans the notifications that follow from them. */
export function add(draft: Draft, ...events: Event[]): void {
  for (const event of events) {
    append(draft, event);
    notify(draft, ...notificationsOf(event, draft.claim, draft.rules));
  }
}

/** Plans notifications, by the channels that `routeOf` gives. */
export function notify(draft: Draft, ...requests: NotificationRequest[]): void {
  for (const request of requests)
    for (const event of planOf(request, draft.claim, draft.rules, draft.now)) append(draft, event);
}

/** Plans one message, by one channel that `routeOf` gave. */
export const plan = (draft: Draft, notification: Omit<Notification, 'id'>): void =>
  append(draft, planned(notification));

/** What an entry holds of the message that caused it: the first one all of it, later ones its id. */
export function receivedWith(
  message: Message | undefined,
  isLater = false,
): Pick<JournalEntry, 'message' | 'received'> {
  if (!message) return {};
  const { id, ...received } = message;
  return isLater ? { message: id } : { message: id, received };
}

function append(draft: Draft, event: Event): void {
  const { claim, now: at, by, message } = draft;
  const entry = { ...event, seq: claim.seq + 1, at, by, ...receivedWith(message, draft.entries.length > 0) };
  draft.claim = evolve(claim, entry, draft.rules.pack);
  draft.entries.push(entry);
}
