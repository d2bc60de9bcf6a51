import { houseRules, type RuleBook } from '../../config/rules/load.ts';
import { todayIn } from '../../config/today.ts';
import type { Claim } from '../../domain/claim/claim.ts';
import { isOfCircle, type Company } from '../../domain/people/circles.ts';
import { followUpRoles, type FollowUpRole } from '../../domain/claim/follow-ups.ts';
import type { Person } from '../../domain/people/people.ts';
import { takersOf, type Member, type Takers } from '../../domain/people/takers.ts';
import { present } from '../../domain/present.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Task } from '../../client/own-api/schemas/work.ts';
import type { Prisma } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';
import { companyOn, dayOf } from '../staff/company.ts';
import type { Cursor } from './cursor.ts';
import { waitingLine, type ExpectationRow } from './list.ts';
import { claimOf } from './projection.ts';
import { taskIn } from './task.ts';
import { branchesFor, lookedAt } from './work-places.ts';

export interface WorkPage {
  after?: Cursor;
  limit: number;
  now: Instant;
}

type Row = ExpectationRow & { claim: string; id: string; followUp?: { role: FollowUpRole; branch: string } };

/**
 * The tasks that a person may take, the oldest first: those of the claims that name the person as handler or
 * surveyor, those of colleagues who are absent, and those of the person's other roles. Rows that are for
 * others to take are passed over, and the page is filled with the next ones.
 */
export async function workOf(
  database: Database,
  person: Pick<Person, 'code'>,
  { after, limit, now }: WorkPage,
  book: RuleBook = houseRules,
): Promise<{ tasks: Task[]; next?: Cursor }> {
  const company = await companyOn(database, dayOf(now));
  const me = company.staff.find(({ code }) => code === person.code);
  if (!me) return { tasks: [] };
  const places = await lookedAt(database, me, company, book);
  const tasks: Task[] = [];
  const size = limit + 1;
  for (let [from, isMore] = [after, true]; isMore && tasks.length < size;) {
    const rows = await rowsAfter(database, { me, company, places }, { size, ...present({ after: from }) });
    tasks.push(...(await takenBy(me, rows, { database, company, now, book })));
    from = placeOf(rows.at(-1)) ?? from;
    isMore = rows.length === size;
  }
  const page = tasks.slice(0, limit);
  const last = tasks.length > limit ? page.at(-1) : undefined;
  return { tasks: page, ...present({ next: last && [last.since, last.claim, last.id] }) };
}

const placeOf = (row: Row | undefined): Cursor | undefined =>
  row && [row.since.toISOString(), row.claim, row.id];

interface Looking {
  me: Member;
  company: Company<Member>;
  places: Prisma.ExpectationWhereInput[];
}

/** Each query alone uses its index. As one query they would all be read and sorted. */
async function rowsAfter(
  database: Database,
  { me, company, places }: Looking,
  { size, after }: { size: number; after?: Cursor },
): Promise<Row[]> {
  const found = await Promise.all(
    places.map((waiting) =>
      database.expectation.findMany({
        where: { AND: [waiting, ...(after ? [beyond(after)] : [])] },
        orderBy: [{ since: 'asc' }, { claim: 'asc' }, { id: 'asc' }],
        take: size,
      }),
    ),
  );
  const roles = followUpRoles.filter((role) => me.roles.includes(role));
  const beside = await Promise.all(
    roles.map((role) =>
      followUps(database, role, branchesFor(role, me, [company]), { size, ...present({ after }) }),
    ),
  );
  const rows: Row[] = [...found.flat(), ...beside.flat()];
  const inOrder = rows.toSorted(
    (a, b) => a.since.getTime() - b.since.getTime() || compared(a.claim, b.claim) || compared(a.id, b.id),
  );
  return inOrder
    .filter(({ claim, id }, index) => {
      const before = inOrder[index - 1];
      return before?.claim !== claim || before.id !== id;
    })
    .slice(0, size);
}

/** In the order of the records' collation. */
const compared = (a: string, b: string): number => Number(a > b) - Number(a < b);

interface World {
  database: Database;
  company: Company<Member>;
  now: Instant;
  book: RuleBook;
}

/** The tasks of these rows that this person may take. A follow-up goes to all of its role who are there. */
async function takenBy(me: Member, rows: Row[], world: World): Promise<Task[]> {
  const claims = await statesOf(world.database, rows);
  return rows.flatMap((row): Task[] => {
    const { company } = world;
    if (row.followUp !== undefined)
      return isOfCircle(me.code, row.followUp, company) ? [followUpTask(row)] : [];
    const claim = claims.get(row.claim);
    const expectation = claim?.expectations.find(({ id }) => id === row.id);
    if (!claim || !expectation) return [];
    const pack = world.book.recorded(claim.rules);
    const today = todayIn(claim.jurisdiction, world.now);
    const { staff, units } = company;
    const takers = takersOf(claim, expectation, staff, { today, units, pack });
    return isAmong(me, takers) ? [taskIn(claim, expectation, { me, takers, pack, today, staff })] : [];
  });
}

const isAmong = ({ code }: Member, { present: here, absent }: Takers): boolean =>
  [...here, ...absent].some((each) => each.code === code);

async function statesOf(database: Database, rows: Row[]): Promise<Map<string, Claim>> {
  const numbers = [
    ...new Set(rows.flatMap(({ claim, followUp }) => (followUp === undefined ? [claim] : []))),
  ];
  const found = await database.claim.findMany({
    where: { number: { in: numbers } },
    select: { number: true, state: true },
  });
  return new Map(found.map(({ number, state }) => [number, claimOf(state)]));
}

const followUpTask = (row: Row): Task => ({
  claim: row.claim,
  id: row.id,
  ...waitingLine(row),
  others: [],
  followUp: row.id,
});

const dayMs = 24 * 3_600_000;

/** The follow-ups of a role, due within a day. */
async function followUps(
  database: Database,
  role: FollowUpRole,
  branches: Prisma.FollowUpWhereInput[],
  { size, after }: { size: number; after?: Cursor },
): Promise<Row[]> {
  if (branches.length === 0) return [];
  const found = await database.followUp.findMany({
    where: { doneAt: null, role, OR: branches, ...present({ AND: after ? [beyond(after)] : undefined }) },
    orderBy: [{ since: 'asc' }, { claim: 'asc' }, { id: 'asc' }],
    take: size,
  });
  return found.map(({ claim, id, branch, what, since }) => {
    const due = new Date(since.getTime() + dayMs);
    return {
      claim,
      id,
      followUp: { role, branch },
      from: role,
      what,
      item: null,
      since,
      due,
      nextDo: 'call',
      nextAt: due,
    };
  });
}

function beyond([since = null, claim = null, id = null]: Cursor) {
  const at: Instant = since ?? '';
  return {
    since: { gte: at },
    OR: [{ since: { gt: at } }, { claim: { gt: claim ?? '' } }, { claim: claim ?? '', id: { gt: id ?? '' } }],
  } satisfies Prisma.ExpectationWhereInput & Prisma.FollowUpWhereInput;
}
