import type { Notification } from './notifications.ts';

/** Minutes of the reader's day between which they may be addressed; from inclusive, to exclusive. */
export interface ContactHours {
  from: number;
  to: number;
}

/**
 * For how many days and until which minute of the reader's own day a message must wait; undefined when it may
 * go now. Asked at the moment of sending. A text wakes people, so it waits; an email and a letter do not.
 * A party that has just told us of a loss is awake, so the acknowledgement goes at once; not so when it is
 * said again, or by text because an email did not arrive.
 */
export function waitFor(
  { kind, channel, to, insteadOf }: Notification,
  minuteOfDay: number,
  { from, to: until }: ContactHours,
): { days: 0 | 1; minute: number } | undefined {
  const isAtAnyHour = channel !== 'sms' || !('party' in to) || (kind === 'acknowledgement' && !insteadOf);
  if (isAtAnyHour || (minuteOfDay >= from && minuteOfDay < until)) return undefined;
  return { days: minuteOfDay < from ? 0 : 1, minute: from };
}
