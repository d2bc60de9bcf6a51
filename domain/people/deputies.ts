import { memoized } from '../memo.ts';
import type { LocalDate } from '../time/time.ts';
import type { StaffCode } from './people.ts';

/** Days on which a person takes no new work, the first and the last one included. */
export interface Absence {
  from: LocalDate;
  /** Absent: nobody knows yet. */
  until?: LocalDate;
  /** Takes their work; absent: one of their deputies. */
  deputy?: StaffCode;
}

/** What says whether somebody is there, and who takes their work when not. */
export interface Attendance {
  code: StaffCode;
  absences: readonly Absence[];
  /** In their order. */
  deputies: readonly StaffCode[];
  /** Their last day. */
  leavesOn?: LocalDate;
  /** False for somebody who has left; absent: true. */
  active?: boolean;
}

/** A day, or the day that it is for each person: `2026-11-28` in Shanghai is still the 27th in New York. */
export type Today = LocalDate | ((of: StaffCode) => LocalDate);

const dayOf = (today: Today, code: StaffCode): LocalDate => (typeof today === 'string' ? today : today(code));

/** The absence of this day; undefined for somebody who is there. */
export const absenceOn = (
  { absences }: Pick<Attendance, 'absences'>,
  today: LocalDate,
): Absence | undefined => absences.find(({ from, until = today }) => from <= today && today <= until);

export const isAbsent = (person: Pick<Attendance, 'absences'>, today: LocalDate): boolean =>
  absenceOn(person, today) !== undefined;

/** Whether somebody works here no more: their last day is over. */
export const hasLeft = (
  { active = true, leavesOn }: Pick<Attendance, 'active' | 'leavesOn'>,
  today: LocalDate,
): boolean => !active || (leavesOn !== undefined && leavesOn < today);

/** Absent on this day, or gone. */
export const isAway = (person: Attendance, today: LocalDate): boolean =>
  hasLeft(person, today) || isAbsent(person, today);

/**
 * Who takes the work of somebody who is absent or has left: the deputy of that absence, else the first of
 * their deputies who is there, else the first one there of the deputies of those. Undefined for somebody who
 * is there themselves, and where nobody is. `staff` may have former colleagues too: their deputies count.
 */
export function deputyOf<Colleague extends Attendance>(
  person: Attendance,
  staff: readonly Colleague[],
  today: Today,
): Colleague | undefined {
  if (!isAway(person, dayOf(today, person.code))) return undefined;
  const seen = new Set([person.code]);
  for (let asked = deputiesOn(person, today); asked.length > 0;) {
    const next = [...new Set(asked)].filter((code) => !seen.has(code));
    const found = next
      .flatMap((code) => placeOf(staff).get(code) ?? [])
      .flatMap((place) => staff[place] ?? []);
    const here = found.find((each) => !isAway(each, dayOf(today, each.code)));
    if (here) return here;
    for (const code of next) seen.add(code);
    asked = found.flatMap((each) => deputiesOn(each, today));
  }
  return undefined;
}

/** Where each person stands in the list: a list of thousands is asked for each of them. */
const placeOf = memoized(
  (staff: readonly Attendance[]): ReadonlyMap<StaffCode, number> =>
    new Map(staff.map(({ code }, index) => [code, index])),
);

/** A person's deputies of this day, in the order in which they are asked. */
function deputiesOn(person: Attendance, today: Today): StaffCode[] {
  const day = dayOf(today, person.code);
  const first = hasLeft(person, day) ? undefined : absenceOn(person, day)?.deputy;
  return [...(first === undefined ? [] : [first]), ...person.deputies];
}

/** The colleagues who are absent or have left, and whose deputy this person is on this day. */
export const standsInFor = (code: StaffCode, staff: readonly Attendance[], today: Today): StaffCode[] =>
  staff.filter((each) => deputyOf(each, staff, today)?.code === code).map((each) => each.code);
