import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../prisma/generated/client.ts';

export type Database = PrismaClient;

/** Connections are made when they are first needed, so that a process starts while PostgreSQL is down. */
export const connectDatabase = (url: string): Database => new PrismaClient({ adapter: new PrismaPg({ connectionString: url, connectionTimeoutMillis: 3000, query_timeout: 15_000, max: 6 }) });
