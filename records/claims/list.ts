import { majorUnits } from '../../domain/money/money.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Prisma, PrismaClient } from '../../prisma/generated/client.ts';
import type { ListedClaim } from '../../client/own-api/schemas/claims.ts';
import type { ListQuery, Sort } from '../../client/own-api/schemas/lists.ts';
import type { Waiting } from '../../client/own-api/schemas/work.ts';
import type { Cursor } from './cursor.ts';
import { present } from '../../domain/present.ts';

/**
 * Open claims, unless `all` or the stage `closed`. `overdue` applies to the expectations of `waitingOn`, if
 * it is given.
 */
export interface ListFilter extends ListQuery {
  sort: Sort;
  /** The sort value and the number of the last claim of the page before. */
  after?: Cursor | undefined;
  limit: number;
}

/**
 * A page of claims; `next` is absent on the last one. Each page starts at the end of the one before, so all
 * cost the same.
 */
export async function listClaims(
  database: PrismaClient,
  filter: ListFilter,
  now: Instant,
): Promise<{ claims: ListedClaim[]; next?: Cursor }> {
  const rows: Selected[] = [];
  const order = orderOf(filter);
  for (const range of ranges(filter, order)) {
    const missing = filter.limit + 1 - rows.length;
    if (missing > 0)
      rows.push(...(await pageOf(database, { AND: [matching(filter, now), range] }, order, missing)));
  }
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    claims: page.map((row) => listed(row, now)),
    ...present({ next: rows.length > page.length && last ? [valueOf(last, order), last.number] : undefined }),
  };
}

/**
 * The column that a list is sorted by; equal values are sorted by number. A claim without expectations has no
 * value in the first two and comes last. A closed claim has no `openLastContactAt` and is not in that list.
 */
type Order = 'waitingSince' | 'nextAt' | 'lastContactAt' | 'openLastContactAt' | 'claimedMinor';

const orderOf = (filter: ListFilter): Order => {
  const columns = {
    age: 'waitingSince',
    next: 'nextAt',
    amount: 'claimedMinor',
    silence: isOfOpen(filter) ? 'openLastContactAt' : 'lastContactAt',
  } as const;
  return columns[filter.sort];
};

const isOfOpen = ({ all, stage, silent }: ListFilter): boolean =>
  silent === true || (!all && stage !== 'closed');

type Selected = Awaited<ReturnType<typeof pageOf>>[number];

const pageOf = (database: PrismaClient, where: Prisma.ClaimWhereInput, order: Order, take: number) =>
  database.claim.findMany({
    where,
    take,
    orderBy: [{ [order]: order === 'claimedMinor' ? 'desc' : 'asc' }, { number: 'asc' }],
    select: {
      number: true,
      line: true,
      stage: true,
      outcome: true,
      branch: true,
      handler: true,
      stageSince: true,
      waitingSince: true,
      nextAt: true,
      lastContactAt: true,
      openLastContactAt: true,
      nextContactBy: true,
      claimedMinor: true,
      currency: true,
      expectations: { orderBy: [{ nextAt: 'asc' }, { id: 'asc' }] },
    },
  });

function valueOf(row: Pick<Selected, Order>, order: Order): string | null {
  const value = row[order];
  if (value === null) return null;
  return value instanceof Date ? value.toISOString() : String(value);
}

function matching(
  { waitingOn, overdue, silent, handler, stage }: ListFilter,
  now: Instant,
): Prisma.ClaimWhereInput {
  const waiting = {
    ...present({ from: waitingOn, due: overdue ? { lt: now } : undefined }),
  };
  return {
    ...present({
      nextContactBy: silent ? { lt: now } : undefined,
      handler,
      stage,
      expectations: Object.keys(waiting).length > 0 ? { some: waiting } : undefined,
    }),
  };
}

/**
 * The ranges of a page's claims, one after the other; claims without expectations come last. Each later page
 * has a bound on its sort column, so that PostgreSQL finds the place in the index: with an `OR` alone it
 * reads from the start. A claim with `openLastContactAt` or with an expectation is open. A second condition
 * for that would make PostgreSQL expect a tenth of the real number of claims.
 */
function ranges(filter: ListFilter, order: Order): Prisma.ClaimWhereInput[] {
  const open = isOfOpen(filter) ? { outcome: null } : {};
  if (!filter.after) return [order === 'openLastContactAt' ? { openLastContactAt: { not: null } } : open];
  const [value = null, number = null] = filter.after;
  const after = { number: { gt: number ?? '' } };
  if (order === 'claimedMinor')
    return [
      {
        ...open,
        claimedMinor: { lte: BigInt(value ?? 0) },
        OR: [{ claimedMinor: { lt: BigInt(value ?? 0) } }, after],
      },
    ];
  const waitForNothing = order === 'waitingSince' || order === 'nextAt' ? [{ ...open, [order]: null }] : [];
  if (value === null) return waitForNothing.map((each) => ({ ...each, ...after }));
  return [{ [order]: { gte: value }, OR: [{ [order]: { gt: value } }, after] }, ...waitForNothing];
}

type Row = Omit<
  ListedClaim,
  'claim' | 'claimed' | 'stageSince' | 'lastContactAt' | 'nextContactBy' | 'isSilent' | 'waitingOn'
> & {
  number: string;
  claimedMinor: bigint;
  stageSince: Date;
  lastContactAt: Date;
  nextContactBy: Date | null;
  expectations: ExpectationRow[];
};

export interface ExpectationRow {
  from: string;
  what: string;
  item: string | null;
  since: Date;
  due: Date;
  nextDo: string;
  nextAt: Date;
}

const listed = (
  {
    number,
    line,
    stage,
    outcome,
    branch,
    handler,
    claimedMinor,
    currency,
    stageSince,
    lastContactAt,
    nextContactBy,
    expectations,
  }: Row,
  now: Instant,
): ListedClaim => ({
  claim: number,
  line,
  stage,
  outcome,
  branch,
  handler,
  claimed: majorUnits(Number(claimedMinor), currency),
  currency,
  stageSince: stageSince.toISOString(),
  lastContactAt: lastContactAt.toISOString(),
  nextContactBy: nextContactBy?.toISOString() ?? null,
  isSilent: nextContactBy !== null && nextContactBy.toISOString() < now,
  waitingOn: expectations.map(waitingLine),
});

export const waitingLine = ({ from, what, item, since, due, nextDo, nextAt }: ExpectationRow): Waiting => ({
  from,
  what,
  ...present({ item: item ?? undefined }),
  since: since.toISOString(),
  due: due.toISOString(),
  next: { do: nextDo, at: nextAt.toISOString() },
});
