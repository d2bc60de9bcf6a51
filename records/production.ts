import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../config/env.ts';
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
  const samples = await sampleRows(database);
  return [
    ...(role?.isSuper || role?.owns ? [tooStrong(role)] : []),
    ...(samples.length > 0
      ? [`The records have the samples ${samples.join(', ')}: production needs records of its own.`]
      : []),
  ];
}

const tooStrong = ({ name, isSuper }: { name: string; isSuper: boolean }): string =>
  `The role "${name}" of DATABASE_URL ${isSuper ? 'is a superuser' : 'owns the tables'}, so it may change ` +
  'the journal: give the programs a role of their own (prisma/program-role.sql).';

const coded = z.array(z.object({ code: z.string(), email: z.string() }));
const numbered = z.array(z.object({ number: z.string() }));
const samplesOf = <T>(name: string, schema: z.ZodType<T>): T =>
  schema.parse(JSON.parse(readFileSync(join(projectRoot, 'samples', `${name}.json`), 'utf8')));

/** A few of them. A code may be a real person's, too; the address of mail is not. */
async function sampleRows(database: Database): Promise<string[]> {
  const [emails, numbers] = [
    samplesOf('people', coded).map(({ email }) => email),
    samplesOf('policies', numbered).map(({ number }) => number),
  ];
  const [people, policies] = await Promise.all([
    database.person.findMany({ where: { email: { in: emails } }, select: { code: true }, take: 3 }),
    database.policy.findMany({ where: { number: { in: numbers } }, select: { number: true }, take: 3 }),
  ]);
  return [...people.map(({ code }) => code), ...policies.map(({ number }) => number)];
}
