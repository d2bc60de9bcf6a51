import { itemOf, type Claim, type Item } from '../claim/claim.ts';
import type { Denied } from '../denial.ts';
import { approvalsNeeded } from '../money/authority.ts';
import type { Currency } from '../money/money.ts';
import { validApprovals } from '../money/payable.ts';
import { memoized } from '../memo.ts';
import { present } from '../present.ts';
import type { RulePack } from '../rules/pack.ts';
import type { LocalDate } from '../time/time.ts';
import { endedBy } from '../waiting/endings.ts';
import type { Expectation } from '../waiting/expectation.ts';
import { circlesOf, circleWith, hereFor, isBeneath, type Company } from './circles.ts';
import { deputyOf, isAway, type Absence } from './deputies.ts';
import { staffRoles, type Person, type StaffCode, type StaffRole } from './people.ts';
import { companyRoles, mayNot, mayNotDecideOn, measuredMinor, permissions, rolesFor } from './permissions.ts';

/** An active member of staff as the records know them. */
export interface Member extends Omit<Person, 'limitMinor' | 'below' | 'standsInFor'> {
  /** By line of business and currency, in minor units. */
  limits: Limits;
  absences: Absence[];
  /** Who takes their work while they are absent: the first who is there. */
  deputies: StaffCode[];
  /** Their last day. */
  leavesOn?: LocalDate;
}

/** `{ motor: { CNY: 5000000 } }` */
export type Limits = Record<string, Record<Currency, number>>;

type Waiting = Pick<Expectation, 'id' | 'from' | 'item'>;

/** Every claim names the people in these roles. */
export const rolesByName = ['handler', 'surveyor'] as const;
type RoleByName = (typeof rolesByName)[number];
export const isByName = (role: string): role is RoleByName => rolesByName.some((each) => each === role);

/** The person with the limit of the claim's line, in its currency. */
export const onLine = (
  { code, roles, branch, conflicts, limits }: Member,
  { line, currency }: Pick<Claim, 'line' | 'currency'>,
): Person => ({
  code,
  roles,
  branch,
  conflicts,
  ...present({ limitMinor: limits[line]?.[currency] }),
});

/**
 * People as they act on this claim: with the limit of its line, with what they may do in units beneath their
 * own, and in place of the handler or surveyor whose deputy they are.
 */
function personOn(claim: Claim, { staff, units, today }: Company<Member>): (member: Member) => Person {
  const named = rolesByName.flatMap((role) => byCode(staff).get(claim[role]) ?? []);
  const replaced = named.map(({ code, ...each }) => ({
    code,
    deputy: deputyOf({ code, ...each }, staff, today)?.code,
  }));
  return (member) => {
    const standsInFor = replaced.filter(({ deputy }) => deputy === member.code).map(({ code }) => code);
    return {
      ...onLine(member, claim),
      ...(standsInFor.length > 0 && { standsInFor }),
      ...(isBeneath(units, claim.branch, member.branch) && { below: [claim.branch] }),
    };
  };
}

/** The denial of the act that ends the expectation, for this person; undefined when they may take it. */
export function mayNotTake(
  person: Person,
  claim: Claim,
  expectation: Waiting,
  pack: RulePack,
): Denied | undefined {
  const item = itemIn(claim, expectation);
  const act = endedBy(expectation, item);
  if (act === undefined || act === 'watch') return undefined;
  return mayNot(person, act, claim) ?? (item && mayNotDecideOn(person, act, claim, item, pack));
}

const itemIn = (claim: Claim, { item }: Waiting): Item | undefined =>
  item === undefined ? undefined : itemOf(claim, item);

/** The roles that an expectation goes to, the lowest first. */
export const rolesTaking = (from: string): readonly StaffRole[] =>
  from === 'reviewer' ? rolesFor('approve') : staffRoles.filter((role) => role === from);

/** The amount that the taker's limit must reach, in minor units; undefined where no limit counts. */
export function limitFor(claim: Claim, expectation: Waiting): number | undefined {
  const item = itemIn(claim, expectation);
  const act = item && endedBy(expectation, item);
  if (!item || act === undefined || act === 'watch') return undefined;
  return permissions[act].limit === undefined ? undefined : measuredMinor(act, claim, item);
}

/** The people that an expectation goes to. */
export interface Takers {
  present: Member[];
  /** They might take it, and are absent today. */
  absent: Member[];
  /** How many people are needed and not there. */
  missing: number;
}

/** Where work goes: units and the day, and the rules of the claim. */
export type Surroundings = Pick<Company, 'today' | 'units'> & { pack: RulePack };

/**
 * The people that an expectation from staff goes to: the handler or surveyor that the claim names, and in
 * their absence their deputy; else the lowest role with somebody there who may take it, in the claim's branch
 * or the nearest units above with enough people. A handler or surveyor who may not must be replaced: nobody
 * takes it. Where two must decide, it goes to all who still may.
 */
export function takersOf(
  claim: Claim,
  expectation: Waiting,
  staff: readonly Member[],
  { today, units, pack }: Surroundings,
): Takers {
  const item = itemIn(claim, expectation);
  const company = { staff, today, units };
  const isApproval = item !== undefined && endedBy(expectation, item) === 'approve';
  const wanted = isApproval ? Math.max(1, approvalsNeeded(claim, item, pack)) : 1;
  const needed = isApproval ? Math.max(1, wanted - validApprovals(claim, item).length) : 1;
  const onClaim = personOn(claim, company);
  const mayTake = (each: Member): boolean =>
    mayNotTake(onClaim(each), claim, expectation, pack) === undefined;
  const roles = rolesTaking(expectation.from);
  const mayReplace = (deputy: Member): boolean => roles.some((role) => has(role)(deputy)) && mayTake(deputy);
  const named = namedIn(claim, expectation, staff);
  if (named.some((each) => !mayTake(each))) return { present: [], absent: [], missing: 1 };
  const may = inCircle(claim, expectation, company, wanted).filter(mayTake);
  const groups = wanted > 1 ? [may] : [named, ...roles.map((role) => may.filter(has(role)))];
  return among(groups, needed, company, mayReplace);
}

const has =
  (role: StaffRole) =>
  ({ roles }: Member): boolean =>
    roles.includes(role);

/**
 * Those with the role and the limit in the nearest circle with enough of them there. A review also goes to
 * those who decide for the whole company.
 */
function inCircle(
  claim: Claim,
  expectation: Waiting,
  company: Company<Member>,
  wanted: number,
): readonly Member[] {
  const roles = rolesTaking(expectation.from);
  const minor = limitFor(claim, expectation);
  const able = withRoles(company.staff, roles).filter(
    (each) => minor === undefined || (each.limits[claim.line]?.[claim.currency] ?? -1) >= minor,
  );
  const last = (each: Member): boolean => roles.length > 1 && isOfCompany(each, roles);
  const circles = circlesOf(expectation.from, claim.branch, company.units);
  const group = circleWith(able, circles, company, { wanted, last });
  return [...new Set([...group, ...able.filter(last)])];
}

/** Those with one of these roles, by code. Lists ask it for each of their rows. */
const withRoles = (staff: readonly Member[], roles: readonly StaffRole[]): readonly Member[] =>
  groupsIn(staff)(roles);

const groupsIn = memoized((staff: readonly Member[]) => {
  const known = new Map<string, readonly Member[]>();
  return (roles: readonly StaffRole[]): readonly Member[] => {
    const key = roles.join();
    const found = known.get(key) ?? staff.filter((each) => roles.some((role) => has(role)(each)));
    known.set(key, found);
    return found;
  };
});

const byCode = memoized(
  (staff: readonly Member[]): ReadonlyMap<StaffCode, Member> =>
    new Map(staff.map((each) => [each.code, each])),
);

/** Has one of these roles for every branch. */
export const isOfCompany = ({ roles }: Pick<Member, 'roles'>, of: readonly StaffRole[]): boolean =>
  roles.some((role) => of.includes(role) && companyRoles.includes(role));

/** The handler or surveyor of the claim, whatever their branch. */
function namedIn(claim: Claim, { from }: Waiting, staff: readonly Member[]): Member[] {
  if (!isByName(from)) return [];
  const named = byCode(staff).get(claim[from]);
  return named && has(from)(named) ? [named] : [];
}

/** The first group with enough people there. Those before it who are not are named too. */
function among(
  groups: readonly Member[][],
  needed: number,
  company: Company<Member>,
  mayReplace: (deputy: Member) => boolean,
): Takers {
  const away = new Set<Member>();
  const all = new Set<Member>();
  for (const group of groups) {
    const here = hereFor(group, company, mayReplace);
    for (const each of group) if (isAway(each, company.today)) away.add(each);
    for (const each of here) all.add(each);
    if (here.length >= needed) return { present: here, absent: [...away], missing: 0 };
  }
  return { present: [...all], absent: [...away], missing: needed - all.size };
}

/** Nobody handles or surveys what they filed, or what they may not assess or survey. */
export function mayBe(role: RoleByName, member: Member, claim: Claim, pack: RulePack): boolean {
  const act = role === 'handler' ? 'assess' : 'report-survey';
  const named = { ...claim, [role]: member.code };
  const person = onLine(member, claim);
  return (
    has(role)(member) &&
    claim.filedBy !== member.code &&
    mayNot(person, act, named) === undefined &&
    claim.items.every((item) => mayNotDecideOn(person, act, named, item, pack) === undefined)
  );
}
