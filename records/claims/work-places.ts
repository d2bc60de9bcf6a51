import type { RuleBook } from '../../config/rules/load.ts';
import type { StaffRole } from '../../domain/people/people.ts';
import { isByName, isOfCompany, rolesTaking, type Member } from '../../domain/people/takers.ts';
import type { Prisma } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';

/**
 * Where a person's tasks may lie in the table of expectations, one condition for each query. `takersOf`
 * decides; this only keeps the rows few that it must look at, and leaves none out.
 */
export async function lookedAt(
  database: Database,
  me: Member,
  staff: readonly Member[],
  book: RuleBook,
): Promise<Prisma.ExpectationWhereInput[]> {
  const reviewing = rolesTaking('reviewer');
  const ofRoles = me.roles
    .filter((role) => !isByName(role) && role !== 'reviewer')
    .flatMap((role) => branchesFor(role, me.branch, staff).map((where) => ({ from: role, ...where })));
  const reviews = me.roles.some((role) => reviewing.includes(role))
    ? reviewsFor(me, staff, mostApprovals(book)).map((where) => ({ from: 'reviewer', ...where }))
    : [];
  return [...(await ofClaims(database, me, staff)), ...ofRoles, ...reviews];
}

/** The tasks of the claims that name the person, or somebody who is not there. */
async function ofClaims(
  database: Database,
  me: Member,
  staff: readonly Member[],
): Promise<Prisma.ExpectationWhereInput[]> {
  const roles = me.roles.filter(isByName);
  if (roles.length === 0) return [];
  const former = await database.person.findMany({ where: { active: false }, select: { code: true } });
  return roles.flatMap((role): Prisma.ExpectationWhereInput[] => {
    const away = staff.filter(
      (each) => each.code !== me.code && (each.absences.length > 0 || !each.roles.includes(role)),
    );
    const gone = ['nobody', ...[...former, ...away].map(({ code }) => code)];
    return [
      { from: role, of: { [role]: me.code, outcome: null } },
      ...branchesFor(role, me.branch, staff).map((where) => ({
        from: role,
        ...where,
        of: { [role]: { in: gone }, outcome: null },
      })),
    ];
  });
}

type BranchFilter = { branch: string } | { branch: { notIn: string[] } };

/** The person's own branch, and all branches without this role. */
export function branchesFor(role: StaffRole, branch: string, staff: readonly Member[]): BranchFilter[] {
  const staffed = staff.filter(({ roles }) => roles.includes(role)).map((each) => each.branch);
  return [{ branch }, { branch: { notIn: [...new Set([branch, ...staffed])] } }];
}

/**
 * The reviews within the person's limit: of all branches for those who decide for the whole company, else of
 * the own branch, of branches with nobody who reviews, and of other branches with fewer people than may be
 * needed whose limit is high enough.
 */
function reviewsFor(me: Member, staff: readonly Member[], approvals: number): Prisma.ExpectationWhereInput[] {
  const reviewing = rolesTaking('reviewer');
  const reviewers = staff.filter(({ roles }) => roles.some((role) => reviewing.includes(role)));
  const branches = [...new Set(reviewers.map(({ branch }) => branch))].filter(
    (branch) => branch !== me.branch,
  );
  const others = branches.flatMap((branch) =>
    limitsIn(me).flatMap(({ line, currency, minor: own }) => {
      const limits = reviewers
        .filter((each) => each.branch === branch)
        .map(({ limits: each }) => each[line]?.[currency] ?? -1)
        .toSorted((one, other) => other - one);
      const reached = limits[approvals - 1] ?? -1;
      return reached < own ? [{ branch, of: { line, currency }, minor: { gt: reached, lte: own } }] : [];
    }),
  );
  const limit = Math.max(-1, ...limitsIn(me).map(({ minor }) => minor));
  if (isOfCompany(me, reviewing)) return [{ OR: [{ minor: null }, { minor: { lte: limit } }] }];
  return [
    { branch: me.branch, OR: [{ minor: null }, { minor: { lte: limit } }] },
    { branch: { notIn: [me.branch, ...branches] } },
    ...(others.length > 0 ? [{ OR: others }] : []),
  ];
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
