import type { Claim } from '../../domain/claim/claim.ts';
import type { StaffCode } from '../../domain/people/people.ts';
import { present } from '../../domain/present.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';
import { claimOf } from './projection.ts';

/** The open claims that name a person, in one role; the filters leave some of them. */
export interface HeldBy {
  code: StaffCode;
  role: 'handler' | 'surveyor';
  line?: string;
  stage?: string;
  urgency?: string;
  branch?: string;
  waitingOn?: string;
  /** Only where something is late at this moment. */
  overdueAt?: Instant;
}

/** A page of them, by number, from after a number on. */
export async function claimsHeldBy(
  database: Database,
  { code, role, waitingOn, overdueAt, line, stage, urgency, branch }: HeldBy,
  { after = '', limit }: { after?: string; limit: number },
): Promise<Claim[]> {
  const waits = present({
    from: waitingOn,
    due: overdueAt === undefined ? undefined : { lt: overdueAt },
  });
  const rows = await database.claim.findMany({
    where: {
      [role]: code,
      outcome: null,
      number: { gt: after },
      ...present({
        line,
        stage,
        urgency,
        branch,
        expectations: Object.keys(waits).length > 0 ? { some: waits } : undefined,
      }),
    },
    orderBy: { number: 'asc' },
    take: limit,
    select: { state: true },
  });
  return rows.map(({ state }) => claimOf(state));
}

/** How many open claims name each person in this role. */
export async function loadsIn(
  database: Pick<Database, 'prepared'>,
  role: 'handler' | 'surveyor',
): Promise<Map<StaffCode, number>> {
  const rows = await database.prepared<{ code: string; open: number }>(`loads-of-${role}`, loadsOf[role], []);
  return new Map(rows.map(({ code, open }) => [code, open]));
}

const loadsOf = {
  handler: 'SELECT handler AS code, count(*)::int AS open FROM claim WHERE outcome IS NULL GROUP BY 1',
  surveyor: 'SELECT surveyor AS code, count(*)::int AS open FROM claim WHERE outcome IS NULL GROUP BY 1',
};
