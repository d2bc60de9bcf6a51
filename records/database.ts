import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { Pool, type QueryResultRow } from 'pg';
import { PrismaClient } from '../prisma/generated/client.ts';

export interface Database extends PrismaClient {
  /**
   * For the few statements that every claim runs. They are prepared once for each connection, and cost this
   * process a seventh of the same through Prisma. Everything else uses Prisma. The name is for people who
   * look into PostgreSQL.
   */
  prepared<Row extends QueryResultRow>(name: string, text: string, values: unknown[]): Promise<Row[]>;
}

/**
 * Statements that take many rows of an import at once may take so long, in milliseconds. A statement that is
 * given up at our end would continue at the other, with its locks.
 */
export const ofManyRows = 300_000;

/** Connects when first used, so that a process starts while PostgreSQL is down. */
export function connectDatabase(url: string, queryTimeout = 15_000): Database {
  const pool = new Pool({
    connectionString: url,
    connectionTimeoutMillis: 3000,
    query_timeout: queryTimeout,
    max: 6,
  });
  pool.on('error', connectionLost);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
  return Object.assign(prisma, {
    prepared: async <Row extends QueryResultRow>(name: string, text: string, values: unknown[]) =>
      (await pool.query<Row>({ name: statementName(name, text), text, values })).rows,
  });
}

/**
 * The text counts, too: a connection refuses another statement under a name that it has, and which connection
 * of the pool that is, nobody knows.
 */
function statementName(name: string, text: string): string {
  const known = statementNames.get(text);
  if (known !== undefined) return known;
  const own = `${name}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
  statementNames.set(text, own);
  return own;
}

const statementNames = new Map<string, string>();

/** PostgreSQL has closed an idle connection. The next statement opens another one. */
function connectionLost(): void {}
