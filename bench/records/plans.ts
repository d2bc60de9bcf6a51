import { PrismaPg } from '@prisma/adapter-pg';
import type { Client } from 'pg';
import { z } from 'zod';
import type { Cursor } from '../../records/claims/cursor.ts';
import { claimsQuery } from '../../client/own-api/schemas/lists.ts';
import { listClaims } from '../../records/claims/list.ts';
import { workOf } from '../../records/claims/work.ts';
import type { Database } from '../../records/database.ts';
import { instantOf } from '../../domain/time/time.ts';
import { PrismaClient } from '../../prisma/generated/client.ts';
import type { Question } from './questions.ts';

/** The statements of a list or a work list, each with its plan as PostgreSQL has just executed it. */
export async function plansOf(
  url: string,
  client: Client,
  { name, as, path, after }: Question,
): Promise<string> {
  const prisma = new PrismaClient({
    adapter: new PrismaPg({ connectionString: url }),
    log: [{ emit: 'event', level: 'query' }],
  });
  const database = Object.assign(prisma, {
    prepared: <Row>(_: string, text: string, values: unknown[]) =>
      prisma.$queryRawUnsafe<Row[]>(text, ...values),
  });
  const asked: { query: string; params: unknown[] }[] = [];
  prisma.$on('query', ({ query, params }) =>
    asked.push({ query, params: z.array(z.unknown()).parse(JSON.parse(params)) }),
  );
  await ask(database, as, new URL(path(), 'http://api'), after?.());
  await database.$disconnect();
  const plans: string[] = [];
  for (const { query, params } of asked) {
    const { rows } = await client.query<Record<string, string>>(
      `EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) ${query}`,
      params,
    );
    plans.push([query, ...rows.map((row) => `  ${Object.values(row).join('')}`)].join('\n'));
  }
  return [`## ${name}`, ...plans].join('\n');
}

async function ask(
  database: Database,
  as: string,
  { pathname, searchParams }: URL,
  after: Cursor | undefined,
): Promise<void> {
  if (pathname === '/work') {
    await workOf(database, { code: as }, { limit: 1000, now: instantOf(Date.now()) });
  }
  if (pathname === '/claims') {
    const { after: _, ...filter } = claimsQuery.parse(Object.fromEntries(searchParams));
    await listClaims(database, { ...filter, after }, instantOf(Date.now()));
  }
}
