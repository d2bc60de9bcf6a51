import type { Instant, LocalDate } from '../domain/time/time.ts';
import { usualIn } from './calendars.ts';

/** The day that it is now where claims of this jurisdiction are handled. */
export function todayIn(jurisdiction: string, now: Instant): LocalDate {
  const zone = zones.get(jurisdiction) ?? usualIn(jurisdiction).timeZone;
  zones.set(jurisdiction, zone);
  return dayIn(zone, now);
}

const zones = new Map<string, string>();

/** The day that it is now in a time zone (IANA). */
export function dayIn(timeZone: string, now: Instant): LocalDate {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  formats.set(timeZone, format);
  return format.format(new Date(now));
}

const formats = new Map<string, Intl.DateTimeFormat>();
