import { z } from 'zod';
import { sampleRows } from '../config/sample-rows.ts';
import { programRights } from '../prisma/program-rights.ts';
import type { Database } from './database.ts';

/**
 * A sentence for each thing in the records that must not be so in production: the owner of the tables can
 * change the journal, and samples are no people and no policies.
 */
export async function weakRecords(database: Database): Promise<string[]> {
  const [role] = await database.$queryRaw<{ name: string; isSuper: boolean; owns: boolean }[]>`
    SELECT rolname::text AS name, rolsuper AS "isSuper",
      EXISTS (
        SELECT 1 FROM pg_class
        WHERE relname = 'journal_entry' AND relnamespace = current_schema()::regnamespace
          AND pg_has_role(relowner, 'MEMBER')
      ) AS owns
    FROM pg_roles WHERE rolname = current_user`;
  if (!role) return [];
  const isStrong = role.isSuper || role.owns;
  const { closed, open } = await rightsOnTables(database);
  if (closed.length > 0) return [tooWeak(role.name, closed)];
  const samples = await samplesIn(database);
  return [
    ...(isStrong ? [tooStrong(role)] : []),
    ...(!isStrong && open.length > 0 ? [tooOpen(role.name, open)] : []),
    ...(samples.length > 0
      ? [`The records have the samples ${samples.join(', ')}: production needs records of its own.`]
      : []),
  ];
}

/**
 * Tables of the programs that the role may not read, and tables whose rows only come that it may change or
 * delete from.
 */
async function rightsOnTables(database: Database): Promise<{ closed: string[]; open: string[] }> {
  const onlyAddedTo = Object.entries(programRights).flatMap(([name, { changes, deletes }]) =>
    changes || deletes ? [] : [name],
  );
  const rows = await database.$queryRaw<{ name: string; reads: boolean; changes: boolean }[]>`
    SELECT relname::text AS name, has_table_privilege(oid, 'SELECT') AS reads,
      has_any_column_privilege(oid, 'UPDATE') OR has_table_privilege(oid, 'DELETE')
        OR has_table_privilege(oid, 'TRUNCATE') AS changes
    FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
      AND relname = ANY(${Object.keys(programRights)})
    ORDER BY relname`;
  return {
    closed: rows.filter(({ reads }) => !reads).map(({ name }) => name),
    open: rows.filter(({ name, changes }) => changes && onlyAddedTo.includes(name)).map(({ name }) => name),
  };
}

const granting = (role: string): string =>
  `give it the rights of the programs with node prisma/migrate.ts OWNERS-URL ${role} (docs/runbook.md).`;

const tooWeak = (role: string, closed: readonly string[]): string =>
  `The role "${role}" of DATABASE_URL may not read ${closed.join(', ')}: ${granting(role)}`;

const tooOpen = (role: string, open: readonly string[]): string =>
  `The role "${role}" of DATABASE_URL may change or delete what is in ${open.join(', ')}: ${granting(role)}`;

const tooStrong = ({ name, isSuper }: { name: string; isSuper: boolean }): string =>
  `The role "${name}" of DATABASE_URL ${isSuper ? 'is a superuser' : 'owns the tables'}, so it may change ` +
  'the journal: give the programs a role of their own (docs/runbook.md).';

const rows = z.array(z.object({ email: z.string().optional(), number: z.string().optional() }));

/** A few of them. A code may be a real person's, too; the address of mail is not. */
async function samplesIn(database: Database): Promise<string[]> {
  const emails = rows.parse(sampleRows('staff')).flatMap(({ email }) => email ?? []);
  const numbers = rows.parse(sampleRows('policies')).flatMap(({ number }) => number ?? []);
  const [people, policies] = await Promise.all([
    database.person.findMany({ where: { email: { in: emails } }, select: { code: true }, take: 3 }),
    database.policy.findMany({ where: { number: { in: numbers } }, select: { number: true }, take: 3 }),
  ]);
  return [...people.map(({ code }) => code), ...policies.map(({ number }) => number)];
}
