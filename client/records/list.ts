import type { Instant } from '../../domain/time.ts';
import type { WaitingLine } from '../../domain/view.ts';
import type { Prisma, PrismaClient } from '../../prisma/generated/client.ts';
import type { Cursor } from './cursor.ts';

/** One claim in a list. */
export interface Listed {
  claim: string;
  line: string;
  stage: string;
  outcome: string | null;
  handler: string;
  stageSince: Instant;
  /** When the claimant last heard of us; null where nobody noted it yet. */
  toldAt: Instant | null;
  /** By when they are to hear something again; null when the claim has closed, or its rules allow any silence. */
  hearBy: Instant | null;
  /** Nobody has told them anything for longer than that. */
  isSilent: boolean;
  /** The next to act first. */
  waitingOn: (WaitingLine & { item?: string })[];
}

/** Open claims, unless `all` or at the stage `closed`. `overdue` is meant of what `waitingOn` names, if it names somebody. */
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

/** The oldest waiting first, the next action first, the largest claimed amount first, or the longest silence first. */
export const sorts = ['age', 'next', 'amount', 'silence'] as const;
export type Sort = (typeof sorts)[number];

/** A page of claims; `next` is absent on the last one. Pages go on where the last one ended, so each costs the same. */
export async function listClaims(database: PrismaClient, wish: ListWish, now: Instant): Promise<{ claims: Listed[]; next?: Cursor }> {
  const rows: Selected[] = [];
  for (const stretch of wish.after ? beyond(wish.sort, wish.after) : [{}]) {
    const missing = wish.limit + 1 - rows.length;
    if (missing > 0) rows.push(...(await pageOf(database, { AND: [wishedFor(wish, now), stretch] }, wish.sort, missing)));
  }
  const page = rows.slice(0, wish.limit);
  const last = page.at(-1);
  return { claims: page.map((row) => listed(row, now)), ...(rows.length > page.length && last && { next: [sortValue[wish.sort](last), last.number] }) };
}

type Selected = Awaited<ReturnType<typeof pageOf>>[number];

const pageOf = (database: PrismaClient, where: Prisma.ClaimWhereInput, sort: Sort, take: number) =>
  database.claim.findMany({
    where, take,
    orderBy: order[sort],
    select: {
      number: true, line: true, stage: true, outcome: true, handler: true, stageSince: true, waitingSince: true, nextAt: true, toldAt: true, hearBy: true, claimedMinor: true,
      expectations: { orderBy: [{ nextAt: 'asc' }, { id: 'asc' }] },
    },
  });

const order: Record<Sort, Prisma.ClaimOrderByWithRelationInput[]> = {
  age: [{ waitingSince: { sort: 'asc', nulls: 'last' } }, { number: 'asc' }],
  next: [{ nextAt: { sort: 'asc', nulls: 'last' } }, { number: 'asc' }],
  amount: [{ claimedMinor: 'desc' }, { number: 'asc' }],
  silence: [{ toldAt: { sort: 'asc', nulls: 'last' } }, { number: 'asc' }],
};

interface Sortable {
  waitingSince: Date | null;
  nextAt: Date | null;
  toldAt: Date | null;
  claimedMinor: bigint;
}

const sortValue: Record<Sort, (row: Sortable) => string | null> = {
  age: ({ waitingSince }) => waitingSince?.toISOString() ?? null,
  next: ({ nextAt }) => nextAt?.toISOString() ?? null,
  amount: ({ claimedMinor }) => String(claimedMinor),
  silence: ({ toldAt }) => toldAt?.toISOString() ?? null,
};

function wishedFor({ all, waitingOn, overdue, silent, handler, stage }: ListWish, now: Instant): Prisma.ClaimWhereInput {
  const waiting = { ...(waitingOn !== undefined && { from: waitingOn }), ...(overdue && { due: { lt: now } }) };
  return {
    ...(!all && stage !== 'closed' && { outcome: null }),
    ...(silent && { outcome: null, hearBy: { lt: now } }),
    ...(handler !== undefined && { handler }),
    ...(stage !== undefined && { stage }),
    ...(Object.keys(waiting).length > 0 && { expectations: { some: waiting } }),
  };
}

/**
 * Claims that come after a page's last one, in stretches that follow one another; those that wait for nothing come last. Each begins
 * with a bound on the column that it is sorted by, so that PostgreSQL goes there in its index: an `OR` alone it reads from the start.
 */
function beyond(sort: Sort, [value = null, number = null]: Cursor): Prisma.ClaimWhereInput[] {
  const after = { number: { gt: number ?? '' } };
  if (sort === 'amount') return [{ claimedMinor: { lte: BigInt(value ?? 0) }, OR: [{ claimedMinor: { lt: BigInt(value ?? 0) } }, after] }];
  const column = columns[sort];
  if (value === null) return [{ [column]: null, ...after }];
  return [{ [column]: { gte: value }, OR: [{ [column]: { gt: value } }, after] }, { [column]: null }];
}

const columns = { age: 'waitingSince', next: 'nextAt', silence: 'toldAt' } as const;

type Row = Omit<Listed, 'claim' | 'stageSince' | 'toldAt' | 'hearBy' | 'isSilent' | 'waitingOn'> & { number: string; stageSince: Date; toldAt: Date | null; hearBy: Date | null; expectations: ExpectationRow[] };

export interface ExpectationRow {
  from: string;
  what: string;
  item: string | null;
  since: Date;
  due: Date;
  nextDo: string;
  nextAt: Date;
}

const listed = ({ number, line, stage, outcome, handler, stageSince, toldAt, hearBy, expectations }: Row, now: Instant): Listed => ({
  claim: number, line, stage, outcome, handler, stageSince: stageSince.toISOString(), toldAt: toldAt?.toISOString() ?? null,
  hearBy: hearBy?.toISOString() ?? null, isSilent: hearBy !== null && hearBy.toISOString() < now, waitingOn: expectations.map(waitingLine),
});

export const waitingLine = ({ from, what, item, since, due, nextDo, nextAt }: ExpectationRow): WaitingLine & { item?: string } => ({
  from, what, ...(item !== null && { item }), since: since.toISOString(), due: due.toISOString(), next: { do: nextDo, at: nextAt.toISOString() },
});
