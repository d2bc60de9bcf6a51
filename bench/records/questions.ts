import type { Database } from '../../records/database.ts';
import type { Cursor } from '../../records/claims/cursor.ts';
import { sortNames, type Sort } from '../../client/own-api/schemas/lists.ts';

/** A request that a person sends to the API; `path` gives another one each time. */
export interface Question {
  name: string;
  /** Staff code. */
  as: string;
  path(): string;
  /** Asks for a later page: the one after this. */
  after?(): Cursor;
}

export interface Sample {
  number: string;
  waitingSince: Date | null;
  nextAt: Date | null;
  lastContactAt: Date;
  claimedMinor: bigint;
}

/** Fifty claims across the list, for pages that begin after them. */
export async function samplesOf(database: Database, isOpen: boolean): Promise<Sample[]> {
  const select = { number: true, waitingSince: true, nextAt: true, lastContactAt: true, claimedMinor: true };
  const outcome = isOpen ? null : { not: null };
  const count = await database.claim.count({ where: { outcome } });
  const samples: Sample[] = [];
  for (let part = 0; part < 50; part += 1)
    samples.push(
      ...(await database.claim.findMany({
        where: { outcome },
        orderBy: { number: 'asc' },
        skip: Math.floor((count * part) / 50),
        take: 1,
        select,
      })),
    );
  return samples;
}

const filters: [name: string, query: () => string][] = [
  ['open', () => ''],
  ['all', () => 'all=true'],
  ['of a handler', () => `handler=C-${below(200)}`],
  ['of a handler, all', () => `handler=C-${below(200)}&all=true`],
  ['at a stage', () => `stage=${pick(['survey', 'documents', 'assess', 'verify', 'review', 'pay'])}`],
  ['at a stage where none is', () => 'stage=payee'],
  ['closed', () => 'stage=closed&all=true'],
  ['waiting for the customer', () => 'waitingOn=customer'],
  ['waiting for a manager', () => 'waitingOn=manager'],
  ['waiting for the bank', () => 'waitingOn=bank'],
  ['overdue', () => 'overdue=true'],
  ['overdue at the police', () => 'overdue=true&waitingOn=police'],
  ['silent', () => 'silent=true'],
  ['of a handler, overdue', () => `handler=C-${below(200)}&overdue=true`],
];

export function questions(open: Sample[], closed: Sample[]): Question[] {
  const lists = filters.flatMap(([name, query]) =>
    sortNames.flatMap((sort) => {
      const within = name === 'closed' ? closed : open;
      const path = (): string => `/claims?${query()}&sort=${sort}`;
      return [
        { name: `list ${name} by ${sort}`, as: 'M-0', path: () => path() },
        {
          name: `list ${name} by ${sort}, a later page`,
          as: 'M-0',
          path: () => path(),
          after: () => endAt(sort, pick(within)),
        },
      ];
    }),
  );
  const work = ['C', 'S', 'V', 'R', 'M', 'U', 'O'].map((code) => ({
    name: `work of ${code}`,
    as: `${code}-3`,
    path: () => '/work',
  }));
  const above = ['supervisor-region-3', 'reviewer-region-3', 'manager-head'].map((as) => ({
    name: `work of ${as}`,
    as,
    path: () => '/work',
  }));
  const last = {
    name: 'list all by age, among the closed',
    as: 'M-0',
    path: () => '/claims?all=true',
    after: () => endAt('age', pick(closed)),
  };
  const show = { name: 'show', as: 'M-0', path: () => `/claims/${pick([...open, ...closed]).number}` };
  const journal = {
    name: 'journal',
    as: 'M-0',
    path: () => `/claims/${pick([...open, ...closed]).number}/journal`,
  };
  return [...lists, last, ...work, ...above, show, journal];
}

function endAt(sort: Sort, { number, waitingSince, nextAt, lastContactAt, claimedMinor }: Sample): Cursor {
  const value = {
    age: waitingSince?.toISOString() ?? null,
    next: nextAt?.toISOString() ?? null,
    amount: String(claimedMinor),
    silence: lastContactAt.toISOString(),
  }[sort];
  return [value, number];
}

const below = (end: number): number => Math.floor(Math.random() * end);

function pick<T>(values: T[]): T {
  const value = values[below(values.length)];
  if (value === undefined) throw new Error('There is nothing to pick from.');
  return value;
}
