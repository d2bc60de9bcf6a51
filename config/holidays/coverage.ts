import { join } from 'node:path';
import { calendarsFolder } from '../env.ts';
import { jurisdictions, placeOf } from '../places.ts';
import { plusDays } from '../../domain/time/calendar.ts';
import type { Instant, LocalDate } from '../../domain/time/time.ts';
import { listFolder } from './folder.ts';
import { lastProgramYear } from './program-lists.ts';
import { RulePackUnreadable } from '../rules/unreadable-rules.ts';

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
    `The published list of holidays of ${jurisdiction} ${ended ? 'ended' : 'ends'} on ${until}. ` +
    'After it only the holidays of the law count, and no weekend is worked. Add the list of ' +
    `${Number(until.slice(0, 4)) + 1} with bin/lipei calendars add FILE (docs/how-to/add-a-holiday-list.md).`;
  return { jurisdiction, until, state: ended ? 'ended' : 'ends-soon', sentence };
}

/** What operations must do about published lists: one that ends or has ended, or a file that is wrong. */
export interface CalendarProblem {
  state: 'ends-soon' | 'ended' | 'wrong';
  problem: string;
  jurisdiction?: string;
  /** The last day that a list covers. */
  until?: LocalDate;
}

export function calendarProblems(now: Instant, folder: string = calendarsFolder()): CalendarProblem[] {
  const strangers = listFolder(folder)
    .strangers()
    .map((file) => wrong(`${join(folder, file)} counts for nothing: ${rightName}`));
  try {
    return [...strangers, ...coverages(now, folder).flatMap(problemOf)];
  } catch (fault) {
    if (fault instanceof RulePackUnreadable) return [...strangers, wrong(fault.message)];
    throw fault;
  }
}

const rightName =
  'a list is named such as CN-2027@1.json. Add it with bin/lipei calendars add, and delete the file.';

const wrong = (problem: string): CalendarProblem => ({ state: 'wrong', problem });

const problemOf = (coverage: Coverage): CalendarProblem[] => {
  if (coverage.state === 'covered') return [];
  const { jurisdiction, until, state, sentence } = coverage;
  return [{ state, problem: sentence, jurisdiction, until }];
};
