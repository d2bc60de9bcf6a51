import { houseRules, type RuleBook } from '../../config/rules/load.ts';
import { todayIn } from '../../config/today.ts';
import type { Claim } from '../../domain/claim/claim.ts';
import { isAbsent } from '../../domain/people/deputies.ts';
import { takersOf, type Member } from '../../domain/people/takers.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';
import { claimOf } from '../claims/projection.ts';
import { membersOf } from './members.ts';
import { staffRoles, type StaffCode, type StaffRole } from '../../domain/people/people.ts';

/** A member of staff, as colleagues see them. */
export interface ListedStaff {
  code: StaffCode;
  name: string;
  roles: StaffRole[];
  branch: string;
  active: boolean;
}

/** All present and former staff, by code. */
export async function staffOnRecord(database: Database): Promise<ListedStaff[]> {
  const people = await database.person.findMany({
    select: { code: true, name: true, roles: true, branch: true, active: true },
    orderBy: { code: 'asc' },
  });
  return people.map((each) => ({ ...each, roles: staffRoles.filter((role) => each.roles.includes(role)) }));
}

/** Tasks of the same kind, by what decides whose they are. */
interface Count {
  role: string;
  /** The handler or surveyor of the claims; null where a branch shares the tasks. */
  of: StaffCode | null;
  branch: string;
  jurisdiction: string;
  things: number;
}

/**
 * The number of tasks of each person, as `workOf` lists them: decisions that need a limit or separate hands
 * by the state of their claims, all others by one query for all people.
 */
export async function waitingCounts(
  database: Database,
  now: Instant,
  book: RuleBook = houseRules,
): Promise<Map<StaffCode, number>> {
  const staff = await membersOf(database, staffRoles);
  const [counted, decisions] = await Promise.all([counts(database), decisionsOf(database, staff, now, book)]);
  return new Map(
    staff.map((member) => [
      member.code,
      counted
        .filter((each) => isTheirs(member, each, staff, now))
        .reduce((sum, { things }) => sum + things, decisions.get(member.code) ?? 0),
    ]),
  );
}

/** Their own, those of an absent or former colleague, and those that their role shares. */
function isTheirs(member: Member, count: Count, staff: readonly Member[], now: Instant): boolean {
  const { role, of, branch } = count;
  if (!member.roles.some((own) => own === role)) return false;
  const isHere = branchesFor(role, staff, branch).includes(member.branch);
  return of === null ? isHere : of === member.code || (isHere && isGone(count, staff, now));
}

const branchesFor = (role: string, staff: readonly Member[], branch: string): string[] => {
  const staffed = staff.filter(({ roles }) => roles.some((own) => own === role)).map((each) => each.branch);
  return staffed.includes(branch) ? [branch] : staffed;
};

const isGone = ({ role, of, jurisdiction }: Count, staff: readonly Member[], now: Instant): boolean =>
  !staff.some(
    (each) =>
      each.code === of &&
      each.roles.some((own) => own === role) &&
      !isAbsent(each, todayIn(jurisdiction, now)),
  );

const counts = (database: Database): Promise<Count[]> => database.$queryRaw`
  SELECT e."from" AS role, c.branch, c.jurisdiction, count(*)::int AS things,
    CASE e."from" WHEN 'handler' THEN c.handler WHEN 'surveyor' THEN c.surveyor END AS of
  FROM expectation e JOIN claim c ON c.number = e.claim
  WHERE e."from" = ANY(${countedRoles}) GROUP BY 1, 2, 3, 5
  UNION ALL
  SELECT role, branch, '', count(*)::int, NULL FROM follow_up WHERE done_at IS NULL GROUP BY 1, 2`;

/** The roles whose tasks depend on earlier acts or on a limit. */
const decidingRoles: readonly StaffRole[] = ['verifier', 'reviewer', 'finance'];
const countedRoles = staffRoles.filter((role) => !decidingRoles.includes(role));

/** A few hundred states at a time, so that the memory stays small. */
const statesAtOnce = 500;

async function decisionsOf(
  database: Database,
  staff: readonly Member[],
  now: Instant,
  book: RuleBook,
): Promise<Map<StaffCode, number>> {
  const found = new Map<StaffCode, number>();
  for (let [after, isMore] = ['', true]; isMore;) {
    const rows = await database.claim.findMany({
      where: { number: { gt: after }, expectations: { some: { from: { in: [...decidingRoles] } } } },
      orderBy: { number: 'asc' },
      take: statesAtOnce,
      select: { number: true, state: true },
    });
    for (const code of rows.flatMap(({ state }) => takersIn(claimOf(state), staff, now, book)))
      found.set(code, (found.get(code) ?? 0) + 1);
    after = rows.at(-1)?.number ?? after;
    isMore = rows.length === statesAtOnce;
  }
  return found;
}

const takersIn = (claim: Claim, staff: readonly Member[], now: Instant, book: RuleBook): StaffCode[] =>
  claim.expectations
    .filter(({ from }) => decidingRoles.some((role) => role === from))
    .flatMap((each) => {
      const world = { today: todayIn(claim.jurisdiction, now), pack: book.recorded(claim.rules) };
      const { present: here, absent } = takersOf(claim, each, staff, world);
      return [...here, ...absent].map(({ code }) => code);
    });
