import { majorUnits } from '../../domain/money/money.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { WaitingLine } from '../../domain/claim/view.ts';
import type { Prisma, PrismaClient } from '../../prisma/generated/client.ts';
import type { Cursor } from './cursor.ts';

/** One claim in a list. */
export interface Listed {
  claim: string;
  line: string;
  stage: string;
  outcome: string | null;
  handler: string;
  /** All items together, in decimal notation. */
  claimed: string;
  currency: string;
  stageSince: Instant;
  /** When the claimant last heard of us; null where nobody noted it yet. */
  toldAt: Instant | null;
  /**
   * By when they are to hear something again; null when the claim has closed, or its rules allow any silence.
   */
  hearBy: Instant | null;
  /** Nobody has told them anything for longer than that. */
  isSilent: boolean;
  /** The next to act first. */
  waitingOn: (WaitingLine & { item?: string })[];
}

/**
 * Open claims, unless `all` or at the stage `closed`. `overdue` is meant of what `waitingOn` names, if it
 * names somebody.
 */
export interface ListWish {
  all: boolean;
  waitingOn?: string;
  overdue: boolean;
  /** Only where the claimant has heard nothing for longer than the rules allow. */
  silent?: boolean;
  handler?: string;
  stage?: string;
  sort: Sort;
  /** Sort value and number of the last claim of the page before. */
  after?: Cursor;
  limit: number;
}

/**
 * The oldest waiting first, the next action first, the largest claimed amount first, or the longest silence
 * first.
 */
export const sorts = ['age', 'next', 'amount', 'silence'] as const;
export type Sort = (typeof sorts)[number];

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
    ...(rows.length > page.length && last && { next: [valueOf(last, order), last.number] }),
  };
}

/** The column that a list is sorted by, nulls last, then by number. */
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
    orderBy: [
      order === 'claimedMinor' ? { claimedMinor: 'desc' } : { [order]: { sort: 'asc', nulls: 'last' } },
      { number: 'asc' },
    ],
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
  return value instanceof Date ? value.toISOString() : value === null ? null : String(value);
}

function wishedFor(
  { waitingOn, overdue, silent, handler, stage }: ListWish,
  now: Instant,
): Prisma.ClaimWhereInput {
  const waiting = {
    ...(waitingOn !== undefined && { from: waitingOn }),
    ...(overdue && { due: { lt: now } }),
  };
  return {
    ...(silent && { hearBy: { lt: now } }),
    ...(handler !== undefined && { handler }),
    ...(stage !== undefined && { stage }),
    ...(Object.keys(waiting).length > 0 && { expectations: { some: waiting } }),
  };
}

/**
 * Where a page's claims are, in stretches that follow one another; those that wait for nothing come last.
 * Each later page begins with a
 * bound on the column that it is sorted by, so that PostgreSQL goes there in its index: an `OR` alone it
 * reads from the start. What has
 * an `openToldAt`, or waits for something, is open; to say so twice would make PostgreSQL expect a tenth of
 * the claims that are there.
 */
function stretches(wish: ListWish, order: Order): Prisma.ClaimWhereInput[] {
  const open = isOfOpen(wish) ? { outcome: null } : {};
  if (!wish.after)
    return order === 'openToldAt' ? [{ openToldAt: { not: null } }, { ...open, openToldAt: null }] : [open];
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
  if (value === null) return [{ ...open, [order]: null, ...after }];
  return [
    { [order]: { gte: value }, OR: [{ [order]: { gt: value } }, after] },
    { ...open, [order]: null },
  ];
}

type Row = Omit<
  Listed,
  'claim' | 'claimed' | 'stageSince' | 'toldAt' | 'hearBy' | 'isSilent' | 'waitingOn'
> & {
  number: string;
  claimedMinor: bigint;
  stageSince: Date;
  toldAt: Date | null;
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
  toldAt: toldAt?.toISOString() ?? null,
  hearBy: hearBy?.toISOString() ?? null,
  isSilent: hearBy !== null && hearBy.toISOString() < now,
  waitingOn: expectations.map(waitingLine),
});

export const waitingLine = ({
  from,
  what,
  item,
  since,
  due,
  nextDo,
  nextAt,
}: ExpectationRow): WaitingLine & { item?: string } => ({
  from,
  what,
  ...(item !== null && { item }),
  since: since.toISOString(),
  due: due.toISOString(),
  next: { do: nextDo, at: nextAt.toISOString() },
});
