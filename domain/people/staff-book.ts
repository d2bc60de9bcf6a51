import { plusDays } from '../time/calendar.ts';
import type { LocalDate } from '../time/time.ts';
import { hasLeft, isAway, type Absence, type Attendance } from './deputies.ts';
import type { StaffCode, StaffRole } from './people.ts';
import type { Limits } from './takers.ts';
import type { FieldMistake } from '../shape.ts';

/** A person as the staff book has them, former ones too. */
export interface StaffEntry extends Attendance {
  name: string;
  email: string;
  phone?: string;
  roles: StaffRole[];
  /** The unit that they work in. */
  branch: string;
  limits: Limits;
  /** What they are related to: numbers and marks. */
  conflicts: string[];
  active: boolean;
  locale: string;
  timeZone: string;
  languages: string[];
  deputies: StaffCode[];
  absences: Absence[];
}

/** What the rest of the book must have for an entry to be right. */
export interface StaffAround {
  /** All people, those of the same import too. */
  people: ReadonlyMap<StaffCode, StaffEntry>;
  units: ReadonlySet<string>;
  /** The day that it is for the person. */
  today: LocalDate;
}

/**
 * What is wrong with an entry of the staff book: an unknown unit, an unknown deputy or oneself, a deputy
 * without a role of the person, one who has left, or who is away on all days of the absence.
 */
export function entryMistakes(entry: StaffEntry, around: StaffAround): FieldMistake[] {
  const { branch, deputies, absences } = entry;
  return [
    ...(around.units.has(branch)
      ? []
      : [{ field: 'unit', reason: `must be a unit on record or of this import: there is no ${branch}` }]),
    ...deputies.flatMap((code, index) => {
      const reason = unfitDeputy(entry, code, around) ?? (deputies.indexOf(code) < index ? twice : undefined);
      return reason === undefined ? [] : [{ field: `deputies[${index}]`, reason }];
    }),
    ...absences.flatMap((absence, index) => {
      if (absence.deputy === undefined || isOver(absence, around.today)) return [];
      const reason = unfitDeputy(entry, absence.deputy, around) ?? neverThere(absence, around);
      return reason === undefined ? [] : [{ field: `absences[${index}].deputy`, reason }];
    }),
  ];
}

const twice = 'must be somebody else: they are named already';

const isOver = ({ until }: Absence, today: LocalDate): boolean => until !== undefined && until < today;

/** Why this person cannot be a deputy of that one; undefined when they can. */
export function unfitDeputy(
  of: Pick<StaffEntry, 'code' | 'roles'>,
  code: StaffCode,
  { people, today }: Pick<StaffAround, 'people' | 'today'>,
): string | undefined {
  if (code === of.code) return 'must be somebody else: nobody is their own deputy';
  const deputy = people.get(code);
  if (!deputy) return `must be on record or of this import: there is no ${code}`;
  if (hasLeft(deputy, today)) return `must be somebody who works here: ${code} has left`;
  return deputy.roles.some((role) => of.roles.includes(role))
    ? undefined
    : `must have a role of ${of.code} (${of.roles.join(', ')}): ${code} is ${deputy.roles.join(', ')}`;
}

/** Why the deputy of an absence is there on none of its days that are left. */
function neverThere(
  { from, until, deputy: code = '' }: Absence,
  { people, today }: Pick<StaffAround, 'people' | 'today'>,
): string | undefined {
  const deputy = people.get(code);
  const first = from > today ? from : today;
  if (!deputy || isThereBetween(deputy, first, until)) return undefined;
  return `must be there in that time: ${code} is away from ${first} to ${until ?? 'an unknown day'}, too`;
}

/** Whether somebody is there on a day of these; without `until`, on any later day. */
export function isThereBetween(person: Attendance, from: LocalDate, until?: LocalDate): boolean {
  const ends = person.absences.flatMap((each) => each.until ?? []).map((end) => plusDays(end, 1));
  return [from, ...ends.filter((day) => day > from)]
    .filter((day) => until === undefined || day <= until)
    .some((day) => !isAway(person, day));
}

/** Somebody who leaves, or has left, without anybody to take their work. */
export const leavesNobody = (
  entry: StaffEntry,
  { people, today }: Pick<StaffAround, 'people' | 'today'>,
): boolean =>
  (entry.leavesOn !== undefined || !entry.active) &&
  !entry.deputies.some((code) => {
    const deputy = people.get(code);
    return deputy !== undefined && !hasLeft(deputy, today);
  });

/** The fields that say what somebody may do: nobody changes them for themselves. */
export const authorityFields = ['roles', 'branch', 'limits', 'conflicts', 'active'] as const;
