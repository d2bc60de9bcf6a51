import type { Notification } from './notifications.ts';

/** Minutes of the reader's day between which messages may arrive; from inclusive, to exclusive. */
export interface ContactHours {
  from: number;
  to: number;
}

/**
 * How many days, and until which minute of the reader's own day, a message must wait; undefined when it may
 * go now. Asked at the moment of sending. A text wakes people, so it waits; an email and a letter do not. A
 * party that has just reported a loss is awake, so the acknowledgement goes at once. A repeat of it, or a
 * text in place of a failed email, waits.
 */
export function waitFor(
  { kind, channel, insteadOf }: Notification,
  minuteOfDay: number,
  { from, to: until }: ContactHours,
): { days: 0 | 1; minute: number } | undefined {
  const isAtAnyHour = channel !== 'sms' || (kind === 'acknowledgement' && !insteadOf);
  if (isAtAnyHour || (minuteOfDay >= from && minuteOfDay < until)) return undefined;
  return { days: minuteOfDay < from ? 0 : 1, minute: from };
}
