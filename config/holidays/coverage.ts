import { calendarsFolder } from '../env.ts';
import { jurisdictions, placeOf } from '../places.ts';
import { plusDays } from '../../domain/time/calendar.ts';
import type { Instant, LocalDate } from '../../domain/time/time.ts';
import { listFolder } from './folder.ts';
import { lastProgramYear } from './program-lists.ts';

/** How far the published lists of a jurisdiction reach. */
export type Coverage = { jurisdiction: string; until: LocalDate } & (
  | { state: 'covered' }
  /** `sentence` is for operations: what ends, what counts then, and what to do. */
  | { state: 'ends-soon' | 'ended'; sentence: string }
);

/** The last day that the lists of a jurisdiction cover; undefined where the law alone says what is off. */
export function coveredUntil(
  jurisdiction: string,
  folder: string = calendarsFolder(),
): LocalDate | undefined {
  if (!placeOf(jurisdiction).holidays.lists) return undefined;
  const years = listFolder(folder)
    .lists()
    .flatMap((list) => (list.jurisdiction === jurisdiction ? [list.year] : []));
  let year = lastProgramYear(jurisdiction);
  while (years.includes(year + 1)) year += 1;
  return `${year}-12-31`;
}

/** Every jurisdiction that publishes lists, as of now. */
export const coverages = (now: Instant, folder: string = calendarsFolder()): Coverage[] =>
  jurisdictions.flatMap((jurisdiction) => {
    const until = coveredUntil(jurisdiction, folder);
    return until === undefined ? [] : [coverageOf(jurisdiction, until, now.slice(0, 10))];
  });

function coverageOf(jurisdiction: string, until: LocalDate, today: LocalDate): Coverage {
  const { lists } = placeOf(jurisdiction).holidays;
  if (plusDays(today, lists?.warnDays ?? 0) < until) return { jurisdiction, until, state: 'covered' };
  const ended = until < today;
  const sentence =
    `The published list of holidays of ${jurisdiction} ${ended ? 'ended' : 'ends'} on ${until}. After it only ` +
    'the holidays of the law count, and no weekend is worked. Add the list of ' +
    `${Number(until.slice(0, 4)) + 1} with bin/lipei calendars add FILE (docs/how-to/add-a-holiday-list.md).`;
  return { jurisdiction, until, state: ended ? 'ended' : 'ends-soon', sentence };
}
