import { houseRules, type RuleBook } from '../../config/rules/load.ts';
import { todayIn } from '../../config/today.ts';
import type { Claim } from '../../domain/claim/claim.ts';
import { sharersOf, type Company } from '../../domain/people/circles.ts';
import { deputyOf, isAway } from '../../domain/people/deputies.ts';
import { takersOf, type Member } from '../../domain/people/takers.ts';
import { present } from '../../domain/present.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';
import { claimOf } from '../claims/projection.ts';
import { companyOn, dayOf } from './company.ts';
import { staffRoles, type StaffCode, type StaffRole } from '../../domain/people/people.ts';

interface World {
  company: Company<Member>;
  now: Instant;
  book: RuleBook;
}

/** Tasks of the same kind, by what decides whose they are. */
interface Count {
  role: StaffRole;
  /** The handler or surveyor of the claims; null where a branch shares the tasks. */
  of: StaffCode | null;
  branch: string;
  jurisdiction: string;
  things: number;
  oldest: Date;
}

/** The tasks of one person, and since when the oldest waits. */
export interface Waits {
  tasks: number;
  oldestSince?: Instant;
}

/**
 * The number of tasks of each person, and the oldest, as `workOf` lists them: decisions that need a limit or
 * separate hands by the state of their claims, all others by one query for all people.
 */
export async function waitingCounts(
  database: Database,
  now: Instant,
  book: RuleBook = houseRules,
): Promise<Map<StaffCode, Waits>> {
  const company = await companyOn(database, dayOf(now));
  const { staff } = company;
  const world = { company, now, book };
  const [counted, decisions] = await Promise.all([counts(database), decisionsOf(database, world)]);
  const shares = counted.map((count) => ({
    takers: takersOfCount(count, company, now),
    waits: { tasks: count.things, oldestSince: count.oldest.toISOString() },
  }));
  return new Map(
    staff.map(({ code }) => [
      code,
      shares
        .filter(({ takers }) => takers.has(code))
        .reduce((sum, { waits }) => both(sum, waits), decisions.get(code) ?? { tasks: 0 }),
    ]),
  );
}

function both(one: Waits, other: Waits): Waits {
  const [oldestSince] = [one.oldestSince, other.oldestSince].flatMap((each) => each ?? []).toSorted();
  return { tasks: one.tasks + other.tasks, ...present({ oldestSince }) };
}

/** The person that the claims name, or a deputy; without them, and for shared tasks, the nearest circle. */
function takersOfCount(count: Count, company: Company<Member>, now: Instant): Set<StaffCode> {
  const { role, of, branch, jurisdiction } = count;
  const today = jurisdiction === '' ? company.today : todayIn(jurisdiction, now);
  const onDay = { ...company, today };
  const named = company.staff.find((each) => each.code === of && each.roles.includes(role));
  const shared = (): Member[] => sharersOf({ role, branch }, onDay);
  if (!named) return codesOf(shared());
  if (!isAway(named, today)) return codesOf([named]);
  const deputy = deputyOf(named, company.staff, today);
  return codesOf(deputy?.roles.includes(role) ? [named, deputy] : [named, ...shared()]);
}

const codesOf = (members: readonly Member[]): Set<StaffCode> => new Set(members.map(({ code }) => code));

const counts = (database: Database): Promise<Count[]> => database.$queryRaw`
  SELECT e."from" AS role, c.branch, c.jurisdiction, count(*)::int AS things, min(e.since) AS oldest,
    CASE e."from" WHEN 'handler' THEN c.handler WHEN 'surveyor' THEN c.surveyor END AS of
  FROM expectation e JOIN claim c ON c.number = e.claim
  WHERE e."from" = ANY(${countedRoles}) GROUP BY 1, 2, 3, 6
  UNION ALL
  SELECT role, branch, '', count(*)::int, min(since), NULL FROM follow_up
  WHERE done_at IS NULL GROUP BY 1, 2`;

/** The roles whose tasks depend on earlier acts or on a limit. */
const decidingRoles: readonly StaffRole[] = ['verifier', 'reviewer', 'finance'];
const countedRoles = staffRoles.filter((role) => !decidingRoles.includes(role));

/** A few hundred states at a time, so that the memory stays small. */
const statesAtOnce = 500;

async function decisionsOf(database: Database, world: World): Promise<Map<StaffCode, Waits>> {
  const found = new Map<StaffCode, Waits>();
  for (let [after, isMore] = ['', true]; isMore;) {
    const rows = await database.claim.findMany({
      where: { number: { gt: after }, expectations: { some: { from: { in: [...decidingRoles] } } } },
      orderBy: { number: 'asc' },
      take: statesAtOnce,
      select: { number: true, state: true },
    });
    for (const { code, since } of rows.flatMap(({ state }) => takersIn(claimOf(state), world)))
      found.set(code, both(found.get(code) ?? { tasks: 0 }, { tasks: 1, oldestSince: since }));
    after = rows.at(-1)?.number ?? after;
    isMore = rows.length === statesAtOnce;
  }
  return found;
}

const takersIn = (
  claim: Claim,
  { company: { staff, units }, now, book }: World,
): { code: StaffCode; since: Instant }[] =>
  claim.expectations
    .filter(({ from }) => decidingRoles.some((role) => role === from))
    .flatMap((each) => {
      const today = todayIn(claim.jurisdiction, now);
      const takers = takersOf(claim, each, staff, { today, units, pack: book.recorded(claim.rules) });
      return [...takers.present, ...takers.absent].map(({ code }) => ({ code, since: each.since }));
    });
