import type { RuleBook } from '../../config/rules/load.ts';
import { circlesOf, hereByUnit, seatsOf, type Circle, type Company } from '../../domain/people/circles.ts';
import { standsInFor } from '../../domain/people/deputies.ts';
import type { StaffRole } from '../../domain/people/people.ts';
import { isByName, isOfCompany, rolesTaking, type Member } from '../../domain/people/takers.ts';
import type { LocalDate } from '../../domain/time/time.ts';
import type { Prisma } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';

/**
 * Where a person's tasks may lie in the table of expectations, one condition for each query. `takersOf`
 * decides; this only keeps the rows few that it must look at, and leaves none out, whatever day it is where a
 * claim is handled.
 */
export async function lookedAt(
  database: Database,
  me: Member,
  company: Company<Member>,
  book: RuleBook,
): Promise<Prisma.ExpectationWhereInput[]> {
  const days = daysAround(company);
  const reviewing = rolesTaking('reviewer');
  const ofRoles = me.roles
    .filter((role) => !isByName(role) && role !== 'reviewer')
    .flatMap((role) => branchesFor(role, me, days).map((where) => ({ from: role, ...where })));
  const reviews = me.roles.some((role) => reviewing.includes(role))
    ? reviewsFor(me, days, mostApprovals(book)).map((where) => ({ from: 'reviewer', ...where }))
    : [];
  return [...(await ofClaims(database, me, days)), ...ofRoles, ...reviews];
}

/** The tasks of claims that name the person, those whose deputy they are, or somebody who is not there. */
async function ofClaims(
  database: Database,
  me: Member,
  days: readonly Company<Member>[],
): Promise<Prisma.ExpectationWhereInput[]> {
  const roles = me.roles.filter(isByName);
  if (roles.length === 0) return [];
  const former = await database.person.findMany({ where: { active: false }, select: { code: true } });
  const replaced = days.flatMap(({ staff, today }) => standsInFor(me.code, staff, today));
  const staff = days[0]?.staff ?? [];
  return roles.flatMap((role): Prisma.ExpectationWhereInput[] => {
    const away = staff.filter(
      (each) =>
        each.code !== me.code &&
        (each.absences.length > 0 || each.leavesOn !== undefined || !each.roles.includes(role)),
    );
    const gone = ['nobody', ...[...former, ...away].map(({ code }) => code)];
    return [
      ...[...new Set([me.code, ...replaced])].map((code) => ({
        from: role,
        of: { [role]: code, outcome: null },
      })),
      ...branchesFor(role, me, days).map((where) => ({
        from: role,
        ...where,
        of: { [role]: { in: gone }, outcome: null },
      })),
    ];
  });
}

const dayMs = 24 * 3_600_000;

/** The company on the days that it may be somewhere: yesterday, today, tomorrow. */
const daysAround = (company: Company<Member>): Company<Member>[] =>
  [-1, 0, 1].map((days) => ({ ...company, today: dayAfter(company.today, days) }));

const dayAfter = (day: LocalDate, days: number): LocalDate =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);

type BranchFilter = { branch: string } | { branch: { in: string[] } } | { branch: { notIn: string[] } };

/**
 * The branches whose tasks of this role may go to the person on one of these days: those of the own unit, and
 * those for which no nearer circle has anybody there. The own one is a query by itself, in the order of its
 * index.
 */
export function branchesFor(role: StaffRole, me: Member, days: readonly Company<Member>[]): BranchFilter[] {
  const known = unitsIn(days);
  const nearer = nearerCircles(role, [role], me, days);
  const others = known.filter(
    (branch) =>
      branch !== me.branch &&
      nearer(branch).some(({ circle, here }) => !circle || ![...circle].some((unit) => here.has(unit))),
  );
  return [
    { branch: me.branch },
    ...(others.length > 0 ? [{ branch: { in: others } }] : []),
    { branch: { notIn: known } },
  ];
}

/** Units that are on record, and those that people are of. */
const unitsIn = (days: readonly Company<Member>[]): string[] => [
  ...new Set(
    days.flatMap(({ staff, units }) => [
      ...units.map(({ code }) => code),
      ...staff.map(({ branch }) => branch),
    ]),
  ),
];

/**
 * For each day, the largest circle of a branch that the person is not in, and who is there; without a circle
 * the person is in the nearest one.
 */
function nearerCircles(
  from: string,
  roles: readonly StaffRole[],
  me: Member,
  days: readonly Company<Member>[],
): (branch: string) => { circle: Circle | undefined; here: ReturnType<typeof hereByUnit<Member>> }[] {
  const each = days.map((company) => ({
    seats: roles.flatMap((role) => seatsOf(me, role, company)),
    here: hereByUnit(
      company.staff.filter((member) => roles.some((role) => member.roles.includes(role))),
      company,
    ),
  }));
  const units = days[0]?.units ?? [];
  return (branch) => {
    const circles = circlesOf(from, branch, units);
    return each.map(({ seats, here }) => {
      const own = circles.findIndex((circle) => seats.some((unit) => circle.has(unit)));
      return { circle: own < 0 ? circles.at(-1) : circles[own - 1], here };
    });
  };
}

/**
 * The reviews within the person's limit: of all branches for those who decide for the whole company, else of
 * the own unit, and of branches for which the nearer circles have fewer people than may be needed whose limit
 * is high enough.
 */
function reviewsFor(
  me: Member,
  days: readonly Company<Member>[],
  approvals: number,
): Prisma.ExpectationWhereInput[] {
  const reviewing = rolesTaking('reviewer');
  const limit = Math.max(-1, ...limitsIn(me).map(({ minor }) => minor));
  const within = { OR: [{ minor: null }, { minor: { lte: limit } }] };
  if (isOfCompany(me, reviewing)) return [within];
  const known = unitsIn(days);
  const nearer = nearerCircles('reviewer', reviewing, me, days);
  const near = known.filter((branch) => nearer(branch).some(({ circle }) => !circle));
  const further = known.filter((branch) => !near.includes(branch));
  const others = limitsIn(me).flatMap(({ line, currency, minor: own }) => {
    const byReach = new Map<number, string[]>();
    for (const branch of further) {
      const reach = Math.min(...nearer(branch).map((each) => reachOf(each, { line, currency, approvals })));
      if (reach < own) byReach.set(reach, [...(byReach.get(reach) ?? []), branch]);
    }
    return [...byReach].map(([gt, branches]) => ({
      branch: { in: branches },
      of: { line, currency },
      minor: { gt, lte: own },
    }));
  });
  return [
    { branch: me.branch, ...within },
    ...(near.some((branch) => branch !== me.branch) ? [{ branch: { in: near }, ...within }] : []),
    { branch: { notIn: known } },
    ...(others.length > 0 ? [{ OR: others }] : []),
  ];
}

/** The amount up to which a circle has enough people; -1 where it has too few for any. */
function reachOf(
  { circle, here }: ReturnType<ReturnType<typeof nearerCircles>>[number],
  { line, currency, approvals }: { line: string; currency: string; approvals: number },
): number {
  const limits = new Map<string, number>();
  for (const unit of circle ?? [])
    for (const { taker, of } of here.get(unit) ?? []) {
      const both = Math.min(...[taker, of].map((each) => each.limits[line]?.[currency] ?? -1));
      limits.set(taker.code, Math.max(both, limits.get(taker.code) ?? -1));
    }
  return [...limits.values()].toSorted((one, other) => other - one)[approvals - 1] ?? -1;
}

const limitsIn = ({ limits }: Member): { line: string; currency: string; minor: number }[] =>
  Object.entries(limits).flatMap(([line, byCurrency]) =>
    Object.entries(byCurrency).map(([currency, minor]) => ({ line, currency, minor })),
  );

/** The most approvals that the rules ask for. */
const mostApprovals = (book: RuleBook): number =>
  Math.max(
    1,
    ...book.inForce(book.paces()[0] ?? '').flatMap(({ review }) => review.map(({ approvals }) => approvals)),
  );
