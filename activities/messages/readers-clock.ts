import { DateTime } from 'luxon';
import { waitFor, type ContactHours } from '../../domain/messages/contact-hours.ts';
import type { Notification } from '../../domain/messages/notifications.ts';
import type { Instant } from '../../domain/time/time.ts';

/**
 * The earliest time for a message, by the reader's local time; undefined when it may go now. The rule is the
 * domain's (`waitFor`); the time zones are luxon's.
 */
export function earliest(
  notification: Notification,
  timeZone: string,
  hours: ContactHours,
  now: Instant,
): Instant | undefined {
  const local = DateTime.fromISO(now, { zone: timeZone });
  const wait = waitFor(notification, local.hour * 60 + local.minute, hours);
  if (!wait) return undefined;
  if (!local.isValid) throw new RangeError(`There is no time zone "${timeZone}"`);
  const opening = local
    .startOf('day')
    .plus({ days: wait.days })
    .set({ hour: Math.floor(wait.minute / 60), minute: wait.minute % 60 });
  return opening.toUTC().toISO();
}
