import { calendarsFolder } from '../env.ts';
import { placeOf } from '../places.ts';
import type { LocalDate } from '../../domain/time/time.ts';
import { listFolder } from './folder.ts';
import { daysIn, type DaysOff, type HolidayList } from './list.ts';
import { programDays } from './program-lists.ts';
import { lawfulDays, yearOf } from './rules.ts';

/**
 * The days off of a year: by the list of the installation, else by the program's, else by law. The list of
 * the next year may change days of December.
 */
export function daysOffIn(
  jurisdiction: string,
  year: number,
  folder: string = calendarsFolder(),
): OriginatedDays {
  const { state, lists } = listFolder(folder);
  const key = JSON.stringify([jurisdiction, year, state]);
  const found = made.get(key) ?? daysOffBy(lists(), jurisdiction, year);
  if (made.size >= mostMade) made.clear();
  made.set(key, found);
  return found;
}

const made = new Map<string, OriginatedDays>();
const mostMade = 500;

/** What says which days of a year are off. */
export type Origin = 'list of the installation' | 'list of the program' | 'law';

export interface OriginatedDays extends DaysOff {
  origin: Origin;
}

/** The same with these lists as those of the installation. */
export function daysOffBy(lists: HolidayList[], jurisdiction: string, year: number): OriginatedDays {
  const listed = (of: number): HolidayList | undefined =>
    lists.find((list) => list.jurisdiction === jurisdiction && list.year === of);
  const [own, next] = [listed(year), listed(year + 1)];
  const { origin, ...days } = ownDays(own, jurisdiction, year);
  return { origin, ...withDaysOf(year, days, next && daysIn(next)) };
}

function ownDays(own: HolidayList | undefined, jurisdiction: string, year: number): OriginatedDays {
  if (own) return { origin: 'list of the installation', ...daysIn(own) };
  const days = programDays(jurisdiction, year);
  if (days) return { origin: 'list of the program', ...days };
  const lawful = lawfulDays(placeOf(jurisdiction).holidays, year);
  return { origin: 'law', holidays: [...lawful.keys()], workedWeekends: [] };
}

/** What a later list says about a day counts. */
function withDaysOf(year: number, earlier: DaysOff, later: DaysOff | undefined): DaysOff {
  const named = [...(later?.holidays ?? []), ...(later?.workedWeekends ?? [])];
  const joined = (before: LocalDate[], after: LocalDate[] = []): LocalDate[] =>
    [...before.filter((day) => !named.includes(day)), ...after]
      .filter((day) => yearOf(day) === year)
      .toSorted();
  return {
    holidays: joined(earlier.holidays, later?.holidays),
    workedWeekends: joined(earlier.workedWeekends, later?.workedWeekends),
  };
}
