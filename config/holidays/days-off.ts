import { calendarsFolder } from '../env.ts';
import { placeOf } from '../places.ts';
import type { LocalDate } from '../../domain/time/time.ts';
import { listFolder, type KeptList } from './folder.ts';
import { daysIn, type DaysOff, type HolidayList } from './list.ts';
import { programDays } from './program-lists.ts';
import { lawfulDays, yearOf } from './rules.ts';

/**
 * The days off of a year: by the list of the installation, else by the program's, else by law. The list of the
 * next year may change days of December.
 */
export function daysOffIn(jurisdiction: string, year: number, folder: string = calendarsFolder()): DaysOff {
  const { state, lists } = listFolder(folder);
  const key = JSON.stringify([jurisdiction, year, state]);
  const found = made.get(key) ?? daysMade(jurisdiction, year, lists());
  if (made.size >= mostMade) made.clear();
  made.set(key, found);
  return found;
}

const made = new Map<string, DaysOff>();
const mostMade = 500;

function daysMade(jurisdiction: string, year: number, lists: KeptList[]): DaysOff {
  const { holidays: law } = placeOf(jurisdiction);
  const listed = (of: number): HolidayList | undefined =>
    lists.find((list) => list.jurisdiction === jurisdiction && list.year === of);
  const [own, next] = [listed(year), listed(year + 1)];
  const days = (own && daysIn(own)) ??
    programDays(jurisdiction, year) ?? { holidays: [...lawfulDays(law, year).keys()], workedWeekends: [] };
  return withDaysOf(year, days, next && daysIn(next));
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
