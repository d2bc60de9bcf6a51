import { dayIn } from '../../config/today.ts';
import type { StaffCode } from '../../domain/people/people.ts';
import { leavesNobody, type StaffEntry } from '../../domain/people/staff-book.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';
import { waitingCounts } from './staff-list.ts';

/**
 * A sentence for each of these people who leaves, or has left, with claims or tasks and without a deputy who
 * could take them.
 */
export async function leaversWithout(
  database: Database,
  { touched, people }: { touched: readonly StaffEntry[]; people: ReadonlyMap<StaffCode, StaffEntry> },
  now: Instant,
): Promise<string[]> {
  const leavers = touched.filter((entry) =>
    leavesNobody(entry, { people, today: dayIn(entry.timeZone, now) }),
  );
  if (leavers.length === 0) return [];
  const [claims, tasks] = await Promise.all([
    openClaimsOf(
      database,
      leavers.map(({ code }) => code),
    ),
    waitingCounts(database, now),
  ]);
  return leavers.flatMap(({ code, leavesOn }) => {
    const [named, waiting] = [claims.get(code) ?? 0, tasks.get(code)?.tasks ?? 0];
    if (named + waiting === 0) return [];
    const when = leavesOn === undefined ? 'has left' : `leaves after ${leavesOn}`;
    return (
      `${code} ${when} and has no deputy: name one, or hand the claims over ` +
      `(open claims: ${named}; tasks that wait: ${waiting}).`
    );
  });
}

/** How many open claims name each of these people as handler or surveyor. */
export async function openClaimsOf(
  database: Pick<Database, '$queryRaw'>,
  codes: readonly StaffCode[],
): Promise<Map<StaffCode, number>> {
  const rows = await database.$queryRaw<{ code: string; claims: number }[]>`
    SELECT person.code, count(*)::int AS claims
    FROM unnest(${[...codes]}::text[]) AS person(code)
    JOIN claim ON claim.outcome IS NULL AND person.code IN (claim.handler, claim.surveyor)
    GROUP BY 1`;
  return new Map(rows.map(({ code, claims }) => [code, claims]));
}
