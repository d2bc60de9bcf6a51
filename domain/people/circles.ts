import { memoized } from '../memo.ts';
import type { LocalDate } from '../time/time.ts';
import { deputyOf, isAway, type Attendance } from './deputies.ts';
import type { StaffCode, StaffRole } from './people.ts';
import { isOfAuthority } from './permissions.ts';
import { pathUp, type Unit } from './units.ts';

/** A member of staff in a unit. */
export interface Placed extends Attendance {
  roles: readonly StaffRole[];
  /** The unit. */
  branch: string;
}

/** Where the colleagues are, and the day that it is. */
export interface Company<Member extends Placed = Placed> {
  staff: readonly Member[];
  units: readonly Unit[];
  today: LocalDate;
}

/** Units whose people share a task. Each circle has the units of those before it. */
export type Circle = ReadonlySet<string>;

/**
 * The circles of people that a role's task of a branch goes to, the nearest first: its own, then those of the
 * units above. Authority is looked for in the units on the way; work in all parts of the unit above. Where no
 * circle has enough people, the whole company takes the task.
 */
export const circlesOf = (role: string, branch: string, units: readonly Unit[]): Circle[] =>
  pathOf(units, branch).map((unit, index, path) =>
    isOfAuthority(role) || index === 0
      ? new Set(path.slice(0, index + 1))
      : new Set([unit, ...(partsOf(units).get(unit) ?? [])]),
  );

const pathOf = (units: readonly Unit[], branch: string): readonly string[] =>
  pathsOf(units).get(branch) ?? [branch];

const pathsOf = memoized(
  (units: readonly Unit[]): ReadonlyMap<string, readonly string[]> =>
    new Map(units.map(({ code }) => [code, pathUp(units, code)])),
);

/** The units beneath each unit, near and far. */
const partsOf = memoized((units: readonly Unit[]): ReadonlyMap<string, readonly string[]> => {
  const parts = new Map<string, string[]>();
  for (const [code, path] of pathsOf(units))
    for (const above of path.slice(1)) parts.set(above, [...(parts.get(above) ?? []), code]);
  return parts;
});

/** Is the branch beneath the unit, near or far? */
export const isBeneath = (units: readonly Unit[], branch: string, unit: string): boolean =>
  pathOf(units, branch).slice(1).includes(unit);

/** Those of a group who are there, with the deputies of the others as far as they may take their place. */
export function hereFor<Member extends Placed>(
  group: readonly Member[],
  { staff, today }: Pick<Company<Member>, 'staff' | 'today'>,
  mayReplace: (deputy: Member) => boolean,
): Member[] {
  const deputies = group.flatMap((each) => deputyOf(each, staff, today) ?? []).filter(mayReplace);
  return [...new Set([...group.filter((each) => !isAway(each, today)), ...deputies])];
}

/**
 * The people of the first circle with enough of these people there; where no circle and not even the company
 * has enough, of the first with enough people at all. `last` are asked after the circles, and before all.
 */
export function circleWith<Member extends Placed>(
  able: readonly Member[],
  circles: readonly Circle[],
  company: Company<Member>,
  { wanted, last }: { wanted: number; last(member: Member): boolean },
): readonly Member[] {
  const widest = circles.at(-1);
  const tests: ((member: Member) => boolean)[] = [
    ...circles.map((circle) => (each: Member) => circle.has(each.branch)),
    (each) => widest?.has(each.branch) === true || last(each),
    () => true,
  ];
  const inGroup = new Set(able);
  const mayReplace = (deputy: Member): boolean => inGroup.has(deputy);
  let enough: readonly Member[] | undefined;
  for (const test of tests) {
    const group = able.filter(test);
    if (group.length < wanted) continue;
    enough ??= group;
    if (hereFor(group, company, mayReplace).length >= wanted) return group;
  }
  return enough ?? able;
}

/**
 * The people that a role's task of a branch goes to where any one of them may take it, as a follow-up: those
 * of the nearest circle with somebody there, and the deputies of those who are not.
 */
export function sharersOf<Member extends Placed>(
  { role, branch }: { role: StaffRole; branch: string },
  company: Company<Member>,
): Member[] {
  const able = company.staff.filter(({ roles }) => roles.includes(role));
  const circles = circlesOf(role, branch, company.units);
  const group = circleWith(able, circles, company, { wanted: 1, last: () => false });
  return [...new Set([...group, ...hereFor(group, company, (deputy) => able.includes(deputy))])];
}

/** Whether this person is one of them. */
export const isOfCircle = (
  code: StaffCode,
  task: { role: StaffRole; branch: string },
  company: Company,
): boolean => sharersOf(task, company).some((each) => each.code === code);

/** The units that a person's tasks come through on a day: their own, and those of absent colleagues. */
export function seatsOf(me: Placed, role: StaffRole, { staff, today }: Company): string[] {
  const replaced = staff.filter(
    (each) => each.roles.includes(role) && deputyOf(each, staff, today)?.code === me.code,
  );
  return [...new Set([me, ...replaced].map(({ branch }) => branch))];
}

/** Somebody who is there, and the colleague whose work they take: themselves or who is away. */
export interface Here<Member> {
  taker: Member;
  of: Member;
}

/** Those of these people who are there for each unit, as themselves or as a deputy. */
export function hereByUnit<Member extends Placed>(
  able: readonly Member[],
  { staff, today }: Company<Member>,
): Map<string, Here<Member>[]> {
  const here = new Map<string, Here<Member>[]>();
  for (const of of able) {
    const taker = isAway(of, today) ? deputyOf(of, staff, today) : of;
    if (!taker || !able.includes(taker)) continue;
    const ofUnit = here.get(of.branch);
    if (ofUnit) ofUnit.push({ taker, of });
    else here.set(of.branch, [{ taker, of }]);
  }
  return here;
}
