import type { JournalEntry } from '../domain/claim/journal.ts';
import type { Notification, NotificationKind } from '../domain/messages/notifications.ts';
import type { Scene } from './scene.ts';

/** The planned notifications of one kind, in order. */
export async function sentOf({ entries }: Scene, kind: NotificationKind): Promise<Notification[]> {
  return (await entries('notification-planned'))
    .map(({ notification }) => notification)
    .filter((notification) => notification.kind === kind);
}

/** The documents that a notification names. */
export const documentsIn = ({ facts }: Notification): string[] =>
  (facts.documents ?? []).map(({ kind }) => kind);

/** Seconds from one entry to another. */
export const secondsBetween = (earlier: string, later: JournalEntry): number =>
  (Date.parse(later.at) - Date.parse(earlier)) / 1_000;
