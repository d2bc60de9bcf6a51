import { majorUnits } from '../../domain/money/money.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Prisma, PrismaClient } from '../../prisma/generated/client.ts';
import type { Listed } from '../../client/own-api/schemas/claims.ts';
import type { ListQuery, Sort } from '../../client/own-api/schemas/lists.ts';
import type { Waiting } from '../../client/own-api/schemas/work.ts';
import type { Cursor } from './cursor.ts';
import { present } from '../../domain/present.ts';

/**
 * Open claims, unless `all` or at the stage `closed`. `overdue` is meant of what `waitingOn` names, if it
 * names somebody.
 */
export interface ListWish extends ListQuery {
  sort: Sort;
  /** Sort value and number of the last claim of the page before. */
  after?: Cursor | undefined;
  limit: number;
}

/**
 * A page of claims; `next` is absent on the last one. Pages go on where the last one ended, so each costs the
 * same.
 */
export async function listClaims(
  database: PrismaClient,
  wish: ListWish,
  now: Instant,
): Promise<{ claims: Listed[]; next?: Cursor }> {
  const rows: Selected[] = [];
  const order = orderOf(wish);
  for (const stretch of stretches(wish, order)) {
    const missing = wish.limit + 1 - rows.length;
    if (missing > 0)
      rows.push(...(await pageOf(database, { AND: [wishedFor(wish, now), stretch] }, order, missing)));
  }
  const page = rows.slice(0, wish.limit);
  const last = page.at(-1);
  return {
    claims: page.map((row) => listed(row, now)),
    ...present({ next: rows.length > page.length && last ? [valueOf(last, order), last.number] : undefined }),
  };
}

/**
 * The column that a list is sorted by, then by number. A claim that waits for nothing has no first two, and
 * comes last; one that has closed has no `openToldAt`, and is not in that list.
 */
type Order = 'waitingSince' | 'nextAt' | 'toldAt' | 'openToldAt' | 'claimedMinor';

const orderOf = (wish: ListWish): Order => {
  const columns = {
    age: 'waitingSince',
    next: 'nextAt',
    amount: 'claimedMinor',
    silence: isOfOpen(wish) ? 'openToldAt' : 'toldAt',
  } as const;
  return columns[wish.sort];
};

const isOfOpen = ({ all, stage, silent }: ListWish): boolean =>
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
      handler: true,
      stageSince: true,
      waitingSince: true,
      nextAt: true,
      toldAt: true,
      openToldAt: true,
      hearBy: true,
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

function wishedFor(
  { waitingOn, overdue, silent, handler, stage }: ListWish,
  now: Instant,
): Prisma.ClaimWhereInput {
  const waiting = {
    ...present({ from: waitingOn, due: overdue ? { lt: now } : undefined }),
  };
  return {
    ...present({
      hearBy: silent ? { lt: now } : undefined,
      handler,
      stage,
      expectations: Object.keys(waiting).length > 0 ? { some: waiting } : undefined,
    }),
  };
}

/**
 * Where a page's claims are, in stretches that follow one another; those that wait for nothing come last.
 * Each later page begins with a bound on the column that it is sorted by, so that PostgreSQL goes there in
 * its index: an `OR` alone it reads from the start. What has an `openToldAt`, or waits for something, is open;
 * to say so twice would make PostgreSQL expect a tenth of the claims that are there.
 */
function stretches(wish: ListWish, order: Order): Prisma.ClaimWhereInput[] {
  const open = isOfOpen(wish) ? { outcome: null } : {};
  if (!wish.after) return [order === 'openToldAt' ? { openToldAt: { not: null } } : open];
  const [value = null, number = null] = wish.after;
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
  Listed,
  'claim' | 'claimed' | 'stageSince' | 'toldAt' | 'hearBy' | 'isSilent' | 'waitingOn'
> & {
  number: string;
  claimedMinor: bigint;
  stageSince: Date;
  toldAt: Date;
  hearBy: Date | null;
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
    handler,
    claimedMinor,
    currency,
    stageSince,
    toldAt,
    hearBy,
    expectations,
  }: Row,
  now: Instant,
): Listed => ({
  claim: number,
  line,
  stage,
  outcome,
  handler,
  claimed: majorUnits(Number(claimedMinor), currency),
  currency,
  stageSince: stageSince.toISOString(),
  toldAt: toldAt.toISOString(),
  hearBy: hearBy?.toISOString() ?? null,
  isSilent: hearBy !== null && hearBy.toISOString() < now,
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
