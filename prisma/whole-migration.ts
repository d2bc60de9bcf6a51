import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nextMigration } from './migrate.ts';

/** The only migration. Nobody edits it: `npm run migration` writes it. */
export const wholeMigrationFile = join(
  import.meta.dirname,
  'migrations',
  '20261127000000_records',
  'migration.sql',
);

const functions = join(import.meta.dirname, '..', 'records', 'sql');

/**
 * The text of that file: the tables of schema.prisma, beyond-the-schema.sql, and each function of
 * records/sql. The given database must be empty, and stays so.
 */
export async function wholeMigration(emptyDatabaseUrl: string): Promise<string> {
  const parts = [
    '-- Made by `npm run migration` from prisma/schema.prisma, prisma/beyond-the-schema.sql and records/sql.',
    await tables(emptyDatabaseUrl),
    readFileSync(join(import.meta.dirname, 'beyond-the-schema.sql'), 'utf8'),
    ...readdirSync(functions)
      .toSorted()
      .map((file) => readFileSync(join(functions, file), 'utf8')),
  ];
  return `${parts.map((part) => part.trim()).join('\n\n')}\n`;
}

/** The SQL from an empty database to the schema. */
async function tables(emptyDatabaseUrl: string): Promise<string> {
  const noMigrations = mkdtempSync(join(tmpdir(), 'lipei-no-migrations-'));
  try {
    return await nextMigration(emptyDatabaseUrl, noMigrations);
  } finally {
    rmSync(noMigrations, { recursive: true });
  }
}
