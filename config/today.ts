import type { Instant, LocalDate } from '../domain/time/time.ts';
import { usualIn } from './calendars.ts';

/** The day that it is now where claims of this jurisdiction are handled. */
export function todayIn(jurisdiction: string, now: Instant): LocalDate {
  const zone = zones.get(jurisdiction) ?? usualIn(jurisdiction).timeZone;
  zones.set(jurisdiction, zone);
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(new Date(now));
}

const zones = new Map<string, string>();
