import type { Person } from '../../domain/people/people.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Prisma, PrismaClient } from '../../prisma/generated/client.ts';
import type { Task } from '../../client/own-api/schemas/work.ts';
import type { Cursor } from './cursor.ts';
import { waitingLine, type ExpectationRow } from './list.ts';
import { present } from '../../domain/present.ts';

/**
 * The tasks of one person, the oldest first: of the claims that name the person as handler or surveyor, and
 * of the person's other roles in the branch. If a branch lacks a role, everybody with that role sees its
 * tasks, so that none is forgotten.
 */
export async function workOf(
  database: PrismaClient,
  person: Pick<Person, 'code' | 'roles' | 'branch'>,
  { after, limit }: { after?: Cursor; limit: number },
): Promise<{ tasks: Task[]; next?: Cursor }> {
  const byRole = (
    await Promise.all(
      person.roles
        .filter((role) => !byName.some((each) => each === role))
        .map((role) => ofRole(database, role, person.branch)),
    )
  ).flat();
  const mine: Prisma.ExpectationWhereInput[] = [
    ...byName.map((role) => ({ from: role, of: { [role]: person.code, outcome: null } })),
    ...byRole,
  ];
  // Each query alone uses its index. As one query they would all be read and sorted.
  const found = await Promise.all(
    mine.map((waiting) =>
      database.expectation.findMany({
        where: { AND: [waiting, ...(after ? [beyond(after)] : [])] },
        orderBy: [{ since: 'asc' }, { claim: 'asc' }, { id: 'asc' }],
        take: limit + 1,
      }),
    ),
  );
  const closed = person.roles.includes('operations')
    ? await followUps(database, person.branch, { limit, ...present({ after }) })
    : [];
  const rows = [...found.flat(), ...closed].toSorted(
    (a, b) => a.since.getTime() - b.since.getTime() || compared(a.claim, b.claim) || compared(a.id, b.id),
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const tasks = page.map((row) => ({
    claim: row.claim,
    id: row.id,
    ...waitingLine(row),
    ...present({ followUp: 'followUp' in row ? row.followUp : undefined }),
  }));
  return {
    tasks,
    ...present({
      next: rows.length > page.length && last ? [last.since.toISOString(), last.claim, last.id] : undefined,
    }),
  };
}

/** In the order of the records' collation. */
const compared = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** Every claim names the people in these roles. */
const byName = ['handler', 'surveyor'] as const;

const ofRole = async (
  database: PrismaClient,
  role: string,
  branch: string,
): Promise<Prisma.ExpectationWhereInput[]> =>
  (await branchesFor(database, role, branch)).map((where) => ({ from: role, ...where }));

type BranchFilter = { branch: string } | { branch: { notIn: string[] } };

/** The person's own branch, and all branches without this role. */
async function branchesFor(database: PrismaClient, role: string, branch: string): Promise<BranchFilter[]> {
  const staffed = await database.person.findMany({
    where: { active: true, roles: { has: role } },
    distinct: ['branch'],
    select: { branch: true },
  });
  return [{ branch }, { branch: { notIn: [branch, ...staffed.map((each) => each.branch)] } }];
}

const dayMs = 24 * 3_600_000;

/** Follow-ups of closed claims, due within a day. */
async function followUps(
  database: PrismaClient,
  branch: string,
  { after, limit }: { after?: Cursor; limit: number },
): Promise<(ExpectationRow & { claim: string; id: string; followUp: string })[]> {
  const found = await database.followUp.findMany({
    where: {
      doneAt: null,
      OR: await branchesFor(database, 'operations', branch),
      ...present({ AND: after ? [beyond(after)] : undefined }),
    },
    orderBy: [{ since: 'asc' }, { claim: 'asc' }, { id: 'asc' }],
    take: limit + 1,
  });
  return found.map(({ claim, id, what, since }) => {
    const due = new Date(since.getTime() + dayMs);
    return {
      claim,
      id,
      followUp: id,
      from: 'operations',
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
