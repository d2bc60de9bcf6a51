import { itemOf, type Claim, type Item } from '../claim/claim.ts';
import type { Denied } from '../denial.ts';
import { approvalsNeeded } from '../money/authority.ts';
import type { Currency } from '../money/money.ts';
import { validApprovals } from '../money/payable.ts';
import { present } from '../present.ts';
import type { RulePack } from '../rules/pack.ts';
import type { LocalDate } from '../time/time.ts';
import { endedBy } from '../waiting/endings.ts';
import type { Expectation } from '../waiting/expectation.ts';
import { isAbsent, type Absence } from './deputies.ts';
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

/**
 * The people that an expectation from staff goes to: the handler or surveyor that the claim names, and in
 * their absence the lowest role in the claim's branch with somebody present who may take it. A handler or
 * surveyor who may not must be replaced: nobody takes it. Where two must decide, it goes to all who still
 * may. Other branches take it where the claim's own has too few people with the role and the limit.
 */
export function takersOf(
  claim: Claim,
  expectation: Waiting,
  staff: readonly Member[],
  { today, pack }: { today: LocalDate; pack: RulePack },
): Takers {
  const item = itemIn(claim, expectation);
  const isApproval = item !== undefined && endedBy(expectation, item) === 'approve';
  const wanted = isApproval ? Math.max(1, approvalsNeeded(claim, item, pack)) : 1;
  const needed = isApproval ? Math.max(1, wanted - validApprovals(claim, item).length) : 1;
  const mayTake = (each: Member): boolean =>
    mayNotTake(onLine(each, claim), claim, expectation, pack) === undefined;
  const roles = rolesTaking(expectation.from);
  const named = namedIn(claim, expectation, staff);
  if (named.some((each) => !mayTake(each))) return { present: [], absent: [], missing: 1 };
  const may = ofBranchOrOthers(claim, expectation, staff, wanted).filter(mayTake);
  const groups = wanted > 1 ? [may] : [named, ...roles.map((role) => may.filter(has(role)))];
  return among(groups, needed, today);
}

const has =
  (role: StaffRole) =>
  ({ roles }: Member): boolean =>
    roles.includes(role);

/**
 * Those with the role and the limit: of the claim's branch, or of all where it has too few. A review also
 * goes up to those who decide for the whole company.
 */
function ofBranchOrOthers(
  claim: Claim,
  expectation: Waiting,
  staff: readonly Member[],
  wanted: number,
): readonly Member[] {
  const roles = rolesTaking(expectation.from);
  const minor = limitFor(claim, expectation);
  const able = staff.filter(
    (each) =>
      roles.some((role) => has(role)(each)) &&
      (minor === undefined || (each.limits[claim.line]?.[claim.currency] ?? -1) >= minor),
  );
  const own = able.filter(
    (each) => each.branch === claim.branch || (roles.length > 1 && isOfCompany(each, roles)),
  );
  return own.length >= wanted ? own : able;
}

/** Has one of these roles for every branch. */
export const isOfCompany = ({ roles }: Pick<Member, 'roles'>, of: readonly StaffRole[]): boolean =>
  roles.some((role) => of.includes(role) && companyRoles.includes(role));

/** The handler or surveyor of the claim, whatever their branch. */
function namedIn(claim: Claim, { from }: Waiting, staff: readonly Member[]): Member[] {
  return isByName(from) ? staff.filter((each) => each.code === claim[from] && has(from)(each)) : [];
}

/** The first group with enough people present. Those before it who are absent are named too. */
function among(groups: readonly Member[][], needed: number, today: LocalDate): Takers {
  const away = new Set<Member>();
  for (const group of groups) {
    const here = group.filter((each) => !isAbsent(each, today));
    for (const each of group) if (isAbsent(each, today)) away.add(each);
    if (here.length >= needed) return { present: here, absent: [...away], missing: 0 };
  }
  const all = [...new Set(groups.flat())].filter((each) => !away.has(each));
  return { present: all, absent: [...away], missing: needed - all.length };
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
