import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Retention } from '../../config/retention.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import { instantOf, type Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';

/** Classes whose rows go by their own age. The others go with their claim. */
export const rowClasses = [
  'inbox',
  'looks',
  'staffMail',
  'revokedTokens',
  'unknownTelephones',
  'setAsideKeys',
  'policies',
] as const;
export type RowClass = (typeof rowClasses)[number];

const classesSchema = z.record(
  z.string(),
  z.object({ before: z.string(), rows: z.int(), oldest: z.string().optional() }),
);
export type PlannedClasses = z.infer<typeof classesSchema>;
const retiredSchema = z.record(z.string(), z.int());

/** What somebody has planned to delete. */
export interface RetentionPlan {
  id: string;
  at: Instant;
  by: string;
  claims: ClaimNumber[];
  classes: PlannedClasses;
  runBy?: string;
  endedAt?: Instant;
  /** How much is gone by now: claims, and rows by class. */
  retired: Record<string, number>;
}

/** The time by the records' clock: ages count by it. */
export async function recordsNow(database: Database): Promise<Instant> {
  const [row] = await database.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  if (!row) throw new Error('The records do not know the time');
  return instantOf(row.now.getTime());
}

/**
 * How many rows of each class are older than it is kept. Looks go with their claims: from three years on,
 * once no claim of theirs is there.
 */
export async function plannedRows(
  database: Database,
  { classes }: Pick<Retention, 'classes'>,
  now: Instant,
): Promise<PlannedClasses> {
  const planned: PlannedClasses = {};
  for (const name of rowClasses) {
    const before = monthsBefore(now, monthsOf(classes, name));
    const [row] = await database.$queryRawUnsafe<{ rows: number; oldest: Date | null }[]>(
      `SELECT count(*)::int AS rows, min(at) AS oldest FROM ${retirable[name]}($1::timestamptz)`,
      before,
    );
    planned[name] = {
      before,
      rows: row?.rows ?? 0,
      ...(row?.oldest ? { oldest: row.oldest.toISOString() } : {}),
    };
  }
  return planned;
}

const retirable: Record<RowClass, string> = {
  inbox: 'retirable_inbox',
  looks: 'retirable_looks',
  staffMail: 'retirable_staff_mail',
  revokedTokens: 'retirable_revoked_tokens',
  unknownTelephones: 'retirable_telephones',
  setAsideKeys: 'retirable_set_aside_keys',
  policies: 'retirable_policies',
};

/** Of what is kept as long as its claim, the three years that `retire_rows` wants. */
const monthsWithClaim = 36;

/** A key that was set aside has the end of its time in itself. */
function monthsOf(classes: Retention['classes'], name: RowClass): number {
  if (name === 'setAsideKeys') return 0;
  const kept = classes[name];
  return kept.keep === 'months' ? kept.months : monthsWithClaim;
}

function monthsBefore(now: Instant, months: number): Instant {
  const date = new Date(now);
  date.setUTCMonth(date.getUTCMonth() - months);
  return instantOf(date.getTime());
}

/** The id of a plan: it names its day and its content. */
export const planId = (at: Instant, content: object): string =>
  `${at.slice(0, 10)}-${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12)}`;

export async function keepPlan(
  database: Pick<Database, 'retentionPlan'>,
  { id, at, by, claims, classes }: Omit<RetentionPlan, 'retired'>,
): Promise<void> {
  await database.retentionPlan.createMany({ data: [{ id, at, by, claims, classes }], skipDuplicates: true });
}

export async function retentionPlan(database: Database, id: string): Promise<RetentionPlan | undefined> {
  const row = await database.retentionPlan.findUnique({ where: { id } });
  if (!row) return undefined;
  return {
    id,
    at: row.at.toISOString(),
    by: row.by,
    claims: row.claims,
    classes: classesSchema.parse(row.classes),
    retired: retiredSchema.parse(row.retired),
    ...(row.runBy === null ? {} : { runBy: row.runBy }),
    ...(row.endedAt === null ? {} : { endedAt: row.endedAt.toISOString() }),
  };
}

/** Adds what one batch has deleted. */
export async function keepProgress(
  database: Database,
  id: string,
  { by, retired, isEnded }: { by: string; retired: Record<string, number>; isEnded: boolean },
): Promise<void> {
  await database.$transaction(async (transaction) => {
    await transaction.$queryRaw`SELECT id FROM retention_plan WHERE id = ${id} FOR UPDATE`;
    const row = await transaction.retentionPlan.findUniqueOrThrow({ where: { id } });
    const before = retiredSchema.parse(row.retired);
    const sums = Object.entries(retired).map(([name, count]) => [name, (before[name] ?? 0) + count]);
    await transaction.retentionPlan.update({
      where: { id },
      data: {
        retired: { ...before, ...Object.fromEntries(sums) },
        runBy: by,
        runAt: row.runAt ?? new Date(),
        ...(isEnded ? { endedAt: new Date() } : {}),
      },
    });
  });
}
