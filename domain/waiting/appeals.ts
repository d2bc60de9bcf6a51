import type { Rules } from '../rules/pack.ts';
import { after } from '../time/calendar.ts';
import type { Instant } from '../time/time.ts';

/**
 * Until when the customer may have looked at again what was decided then. The time is that of the rules, and
 * the letters say the day.
 */
export const appealsEnd = (decidedAt: Instant, { pack, calendar }: Rules): Instant =>
  after(decidedAt, pack.appeals.within, calendar);
