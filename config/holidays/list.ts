import { z } from 'zod';
import { plusDays } from '../../domain/time/calendar.ts';
import { isLocalDate, type LocalDate } from '../../domain/time/time.ts';
import { jurisdictions, placeOf } from '../places.ts';
import { isWeekend, lawfulCount, lawfulDays, yearOf } from './rules.ts';

const day = z.string().refine(isLocalDate, { error: 'should be a day such as 2027-01-01' });

/**
 * The days of a year that a government publishes: what is off, and the weekends that are worked for it. The
 * list of a year may name days of the December before.
 */
export const holidayList = z.strictObject({
  jurisdiction: z.string(),
  year: z.int().min(2000).max(2100),
  /** The notice with the list, and where it can be read. */
  source: z.string().min(1),
  holidays: z.array(z.strictObject({ name: z.string().min(1), from: day, to: day })).min(1),
  worked: z.array(day),
});
export type HolidayList = z.output<typeof holidayList>;

/** The days of a calendar that differ from an ordinary week. */
export interface DaysOff {
  holidays: LocalDate[];
  workedWeekends: LocalDate[];
}

/** What is wrong with a list, in sentences; and what is unusual, for a person to look at again. */
export type ReadList =
  { kind: 'wrong'; mistakes: string[] } | { kind: 'list'; list: HolidayList; unusual: string[] };

/** No holiday of a list was ever longer than ten days. */
const mostDays = 12;
/** Days of the year before are those around New Year. */
const firstOfYearBefore = '12-20';

export function readList(text: string): ReadList {
  const parsed = holidayList.safeParse(jsonIn(text));
  if (!parsed.success)
    return {
      kind: 'wrong',
      mistakes: parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`),
    };
  const list = parsed.data;
  const mistakes = mistakesIn(list);
  return mistakes.length > 0 ? { kind: 'wrong', mistakes } : { kind: 'list', list, unusual: unusualIn(list) };
}

/** Every day of a list, in order. */
export const daysIn = ({ holidays, worked }: HolidayList): DaysOff => ({
  holidays: holidays.flatMap(rangeOf).toSorted(),
  workedWeekends: worked.toSorted(),
});

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mistakesIn(list: HolidayList): string[] {
  const { jurisdiction, holidays } = list;
  if (!jurisdictions.includes(jurisdiction))
    return [`jurisdiction: ${jurisdiction} is none of ${jurisdictions.join(', ')}`];
  const { holidays: law } = placeOf(jurisdiction);
  if (!law.lists)
    return [`jurisdiction: ${jurisdiction} publishes no lists; its holidays follow the law (${law.law})`];
  const lengths = holidays.flatMap(({ name, from, to }) => lengthMistake(name, from, to));
  return lengths.length > 0 ? lengths : [...dayMistakes(list), ...missing(list)];
}

function lengthMistake(name: string, from: LocalDate, to: LocalDate): string[] {
  if (to < from) return [`holidays: ${name} ends on ${to}, before it begins on ${from}`];
  return plusDays(from, mostDays - 1) < to
    ? [`holidays: ${name} from ${from} to ${to} is longer than ${mostDays} days`]
    : [];
}

function dayMistakes(list: HolidayList): string[] {
  const { holidays, workedWeekends } = daysIn(list);
  const all = [...holidays, ...workedWeekends];
  const twice = [...new Set(all.filter((each, index) => all.indexOf(each) !== index))];
  return [
    ...twice.map((each) => `${each} is named twice`),
    ...all.filter((each) => !belongsTo(list.year, each)).map((each) => `${each} is no day of ${list.year}`),
    ...workedWeekends
      .filter((each) => !isWeekend(each))
      .map((each) => `worked: ${each} is no weekend, so it is worked anyway`),
  ];
}

const belongsTo = (year: number, date: LocalDate): boolean =>
  yearOf(date) === year || (date >= `${year - 1}-${firstOfYearBefore}` && date < `${year}-01-01`);

/** A list that lacks a day of the law has a gap: what the law gives no list takes away. */
function missing(list: HolidayList): string[] {
  const { holidays: law } = placeOf(list.jurisdiction);
  const { holidays } = daysIn(list);
  return [...lawfulDays(law, list.year)].flatMap(([date, name]) =>
    holidays.includes(date) ? [] : [`holidays: ${date} is missing, which is a holiday by law (${name})`],
  );
}

/** The law gives a number of days off; each weekday beyond it is worked on a weekend. */
function unusualIn(list: HolidayList): string[] {
  const { holidays, workedWeekends } = daysIn(list);
  const byLaw = lawfulCount(placeOf(list.jurisdiction).holidays);
  const beyond = holidays.filter((each) => !isWeekend(each)).length - byLaw;
  return beyond === workedWeekends.length
    ? []
    : [
        `${beyond} weekdays beyond the ${byLaw} days of the law are off, and ${workedWeekends.length} ` +
          'weekend days are worked for them; usually these are as many',
      ];
}

const rangeOf = ({ from, to }: { from: LocalDate; to: LocalDate }): LocalDate[] => {
  const days: LocalDate[] = [];
  for (let each = from; each <= to; each = plusDays(each, 1)) days.push(each);
  return days;
};
