import type { RecordsCheck } from '../../client/own-api/schemas/record-checks.ts';
import type { StaffCode } from '../../domain/people/people.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';

/** Keeps the result of a check of all records. */
export async function keepCheck(
  database: Pick<Database, 'recordsCheck'>,
  by: StaffCode,
  { anchored, ...check }: RecordsCheck,
): Promise<void> {
  await database.recordsCheck.create({ data: { by, ...check, anchored: anchored ?? Prisma.DbNull } });
}

/** The result of the last one; the reader checks the shapes of `findings` and `anchored`. */
export async function lastCheck(database: Pick<Database, 'recordsCheck'>) {
  const row = await database.recordsCheck.findFirst({ orderBy: { id: 'desc' } });
  if (!row) return undefined;
  const { id: _, at, began, ...check } = row;
  return { ...check, at: at.toISOString(), began: began.toISOString() };
}
