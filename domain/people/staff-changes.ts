import { present } from '../present.ts';
import { plusDays } from '../time/calendar.ts';
import type { LocalDate } from '../time/time.ts';
import { absenceOn, deputyOf, isAway, type Absence } from './deputies.ts';
import type { StaffCode } from './people.ts';
import { rolesFor } from './permissions.ts';
import { entryMistakes, type StaffAround, type StaffEntry } from './staff-book.ts';
import { pathUp, type Unit } from './units.ts';
import type { FieldMistake } from '../shape.ts';

/** What somebody asks for about the attendance of a person. */
export type AttendanceChange =
  | { kind: 'absent'; from: LocalDate; until?: LocalDate; deputy?: StaffCode }
  /** They are there again on this day. */
  | { kind: 'back'; on: LocalDate }
  /** `on`: the last day; without it they stay. */
  | { kind: 'leaves'; on?: LocalDate; deputy?: StaffCode }
  | { kind: 'deputies'; deputies: StaffCode[] };

export type ChangedEntry =
  { kind: 'changed'; entry: StaffEntry; joined: Absence[] } | { kind: 'wrong'; mistakes: FieldMistake[] };

/**
 * Whether this person may change the attendance of that one: superiors in the unit of the other one, or
 * above. Nobody records their own leaving.
 */
export function mayChangeAttendance(
  by: Pick<StaffEntry, 'code' | 'roles' | 'branch'>,
  of: Pick<StaffEntry, 'code' | 'branch'>,
  change: AttendanceChange['kind'],
  units: readonly Unit[],
): boolean {
  if (by.code === of.code) return change !== 'leaves';
  const isAbove = pathUp(units, of.branch).includes(by.branch);
  return isAbove && rolesFor('change-attendance').some((role) => by.roles.includes(role));
}

/** The entry as the change makes it. Absences that overlap become one: `joined` has the earlier ones. */
export function withAttendance(
  entry: StaffEntry,
  change: AttendanceChange,
  around: StaffAround,
): ChangedEntry {
  switch (change.kind) {
    case 'absent':
      return absent(entry, change, around);
    case 'back':
      return back(entry, change.on);
    case 'leaves':
      return leaving(entry, change, around);
    default:
      return checked({ ...entry, deputies: change.deputies }, around, 'deputies');
  }
}

function absent(
  entry: StaffEntry,
  { from, until, deputy }: Extract<AttendanceChange, { kind: 'absent' }>,
  around: StaffAround,
): ChangedEntry {
  if (until !== undefined && until < from)
    return wrong('until', `must be the last day of the absence, on ${from} or later`);
  if (until !== undefined && until < around.today)
    return wrong('until', `must be ${around.today} or later: an absence that is over changes nothing`);
  const overlaps = (each: Absence): boolean =>
    (until === undefined || each.from <= until) && (each.until === undefined || from <= each.until);
  const [joined, others] = [
    entry.absences.filter(overlaps),
    entry.absences.filter((each) => !overlaps(each)),
  ];
  const all = [{ from, ...(until !== undefined && { until }) }, ...joined];
  const first = all.map((each) => each.from).toSorted()[0] ?? from;
  const ends = all.map((each) => each.until);
  const last = ends.includes(undefined) ? undefined : ends.toSorted().at(-1);
  const takes = deputy ?? joined.find((each) => each.deputy !== undefined)?.deputy;
  const whole: Absence = {
    from: first,
    ...(last !== undefined && { until: last }),
    ...(takes !== undefined && { deputy: takes }),
  };
  const absences = [...others, whole].toSorted((one, other) => one.from.localeCompare(other.from));
  const answer = checked({ ...entry, absences }, around, `absences[${absences.indexOf(whole)}]`);
  return answer.kind === 'changed' ? { ...answer, joined } : answer;
}

function back(entry: StaffEntry, on: LocalDate): ChangedEntry {
  const absence = absenceOn(entry, on);
  if (!absence)
    return wrong(
      'on',
      `must be a day of an absence: ${entry.code} is not absent on ${on}` +
        (entry.absences.length > 0 ? `, but ${entry.absences.map(daysOf).join(' and ')}` : ''),
    );
  const others = entry.absences.filter((each) => each !== absence);
  const shorter = absence.from < on ? [{ ...absence, until: plusDays(on, -1) }] : [];
  const absences = [...others, ...shorter].toSorted((one, other) => one.from.localeCompare(other.from));
  return { kind: 'changed', entry: { ...entry, absences }, joined: [] };
}

const daysOf = ({ from, until }: Absence): string => `from ${from} to ${until ?? 'an unknown day'}`;

function leaving(
  entry: StaffEntry,
  { on, deputy }: Extract<AttendanceChange, { kind: 'leaves' }>,
  around: StaffAround,
): ChangedEntry {
  const { leavesOn: _, ...stays } = entry;
  const deputies =
    deputy === undefined ? entry.deputies : [deputy, ...entry.deputies.filter((each) => each !== deputy)];
  const next = { ...stays, deputies, ...(on !== undefined && { leavesOn: on }) };
  return deputy === undefined
    ? { kind: 'changed', entry: next, joined: [] }
    : checked(next, around, 'deputies[0]', 'deputy');
}

/** The mistakes in the changed field alone: what was wrong before is no reason against it. */
function checked(entry: StaffEntry, around: StaffAround, field: string, as?: string): ChangedEntry {
  const mistakes = entryMistakes(entry, around).filter((each) => each.field.startsWith(field));
  return mistakes.length > 0
    ? {
        kind: 'wrong',
        mistakes: mistakes.map(({ reason, ...each }) => ({ field: as ?? plainly(each.field), reason })),
      }
    : { kind: 'changed', entry, joined: [] };
}

/** `absences[1].deputy` is the only deputy that somebody has given. */
const plainly = (field: string): string => (field.endsWith('.deputy') ? 'deputy' : field);

const wrong = (field: string, reason: string): ChangedEntry => ({
  kind: 'wrong',
  mistakes: [{ field, reason }],
});

/** The first day on which somebody is away, and who has their work then; without, their branch shares it. */
export interface AwayFrom {
  from: LocalDate;
  deputy?: StaffCode;
}

/** Undefined for somebody who is there today and on all later days. */
export function awayFrom(
  entry: StaffEntry,
  change: AttendanceChange,
  { people, today }: Pick<StaffAround, 'people' | 'today'>,
): AwayFrom | undefined {
  const { absences, leavesOn } = entry;
  const days = [
    today,
    ...(change.kind === 'absent' ? [change.from] : []),
    ...absences.map(({ from }) => from),
    ...(leavesOn === undefined ? [] : [plusDays(leavesOn, 1)]),
  ];
  const earliest = change.kind === 'absent' && change.from > today ? change.from : today;
  const from = days.toSorted().find((day) => day >= earliest && isAway(entry, day));
  if (from === undefined) return undefined;
  const staff = [...people.values()].map((each) => (each.code === entry.code ? entry : each));
  return { from, ...present({ deputy: deputyOf(entry, staff, from)?.code }) };
}
