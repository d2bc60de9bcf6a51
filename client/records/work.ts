import type { Person } from '../../domain/people.ts';
import type { Instant } from '../../domain/time.ts';
import type { WaitingLine } from '../../domain/view.ts';
import type { Prisma, PrismaClient } from '../../prisma/generated/client.ts';
import type { Cursor } from './cursor.ts';
import { waitingLine } from './list.ts';

export interface Task extends WaitingLine {
  claim: string;
  item?: string;
}

/**
 * What waits for one person, oldest first: as handler or surveyor of a claim by name, otherwise by role in the claim's branch.
 * Where a branch has nobody in a role, everybody who has it sees the work, so that none lies where nobody looks.
 */
export async function workOf(database: PrismaClient, person: Pick<Person, 'code' | 'roles' | 'branch'>, { after, limit }: { after?: Cursor; limit: number }): Promise<{ tasks: Task[]; next?: Cursor }> {
  const byRole = (await Promise.all(person.roles.filter((role) => !byName.some((each) => each === role)).map((role) => ofRole(database, role, person.branch)))).flat();
  const mine: Prisma.ExpectationWhereInput[] = [...byName.map((role) => ({ from: role, of: { [role]: person.code, outcome: null } })), ...byRole];
  // Asked one by one, each is answered from its own index; asked together they are all read to be sorted.
  const found = await Promise.all(mine.map((waiting) => database.expectation.findMany({
    where: { AND: [waiting, ...(after ? [beyond(after)] : [])] },
    orderBy: [{ since: 'asc' }, { claim: 'asc' }, { id: 'asc' }],
    take: limit + 1,
  })));
  const rows = found.flat().toSorted((a, b) => a.since.getTime() - b.since.getTime() || compared(a.claim, b.claim) || compared(a.id, b.id));
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const tasks = page.map((row) => ({ claim: row.claim, ...waitingLine(row) }));
  return { tasks, ...(rows.length > page.length && last && { next: [last.since.toISOString(), last.claim, last.id] }) };
}

/** As the records' own collation has it. */
const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Every claim names who these are. */
const byName = ['handler', 'surveyor'] as const;

async function ofRole(database: PrismaClient, role: string, branch: string): Promise<Prisma.ExpectationWhereInput[]> {
  const staffed = await database.person.findMany({ where: { active: true, roles: { has: role } }, distinct: ['branch'], select: { branch: true } });
  return [{ from: role, branch }, { from: role, branch: { notIn: [branch, ...staffed.map((each) => each.branch)] } }];
}

function beyond([since = null, claim = null, id = null]: Cursor): Prisma.ExpectationWhereInput {
  const at: Instant = since ?? '';
  return { since: { gte: at }, OR: [{ since: { gt: at } }, { claim: { gt: claim ?? '' } }, { claim: claim ?? '', id: { gt: id ?? '' } }] };
}
