import { DateTime } from 'luxon';
import type { Notification } from '../domain/messages/notifications.ts';
import type { Instant } from '../domain/time/time.ts';

/** Minutes of the recipient's day between which they may be addressed; from inclusive, to exclusive. */
export interface ContactHours {
  from: number;
  to: number;
}

/** Whoever has just told us of a loss is awake, and hears at once that it has come in. */
const atAnyHour: readonly string[] = ['acknowledgement'];

/**
 * Before when a message may not go: the next opening of contact hours on the recipient's own clock. A text
 * wakes people, so it
 * waits; an email and a letter do not.
 */
export function earliest(
  { kind, channel, to }: Notification,
  timeZone: string,
  hours: ContactHours,
  now: Instant,
): Instant | undefined {
  if (channel !== 'sms' || !('party' in to) || atAnyHour.includes(kind)) return undefined;
  const local = DateTime.fromISO(now, { zone: timeZone });
  const minutes = local.hour * 60 + local.minute;
  if (!local.isValid || (minutes >= hours.from && minutes < hours.to)) return undefined;
  const opening = local
    .startOf('day')
    .plus({ days: minutes < hours.from ? 0 : 1 })
    .set({ hour: Math.floor(hours.from / 60), minute: hours.from % 60 });
  return opening.toUTC().toISO() ?? undefined;
}
