import { staffRoles, type StaffCode } from '../../domain/people/people.ts';
import { pathUp, type Unit } from '../../domain/people/units.ts';
import { present } from '../../domain/present.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';

/** The open claims that name somebody, by role and stage. */
export interface Held {
  code: StaffCode;
  role: 'handler' | 'surveyor';
  stage: string;
  open: number;
  /** Claims that nobody has looked at for longer than the rules say. */
  unseen: number;
}

/** Of one person, or of everybody. */
export const heldClaims = (
  database: Pick<Database, 'prepared'>,
  now: Instant,
  code: StaffCode | null = null,
): Promise<Held[]> => database.prepared<Held>('held-claims', held, [code, now]);

const heldAs = (role: 'handler' | 'surveyor'): string => `
  SELECT c.${role} AS code, '${role}' AS role, c.stage, count(*)::int AS open,
    count(*) FILTER (WHERE l.look_by < $2::timestamptz)::int AS unseen
  FROM claim c LEFT JOIN claim_look l ON l.claim = c.number
  WHERE c.outcome IS NULL AND ($1::text IS NULL OR c.${role} = $1) GROUP BY 1, 3`;

const held = `${heldAs('handler')} UNION ALL ${heldAs('surveyor')}`;

/** What waits in a unit, or in it and all beneath it. */
export interface UnitLoad {
  claims: number;
  /** Tasks of staff, of open claims and after closing. */
  tasks: number;
  late: number;
  unseen: number;
  oldestSince?: Instant;
}

/** By unit: claims of the branch and of all beneath it. A branch that is no unit on record stands alone. */
export async function loadByUnit(
  database: Pick<Database, 'prepared'>,
  units: readonly Unit[],
  now: Instant,
): Promise<Map<string, UnitLoad>> {
  const rows = await database.prepared<Row>('load-by-branch', byBranch, [now, staffRoles]);
  const sums = new Map<string, UnitLoad>(units.map(({ code }) => [code, nothing]));
  for (const { branch, oldest, ...row } of rows)
    for (const code of pathUp(units, branch))
      sums.set(
        code,
        together(sums.get(code) ?? nothing, { ...row, ...present({ oldestSince: iso(oldest) }) }),
      );
  return sums;
}

const nothing: UnitLoad = { claims: 0, tasks: 0, late: 0, unseen: 0 };

const iso = (date: Date | null): Instant | undefined => date?.toISOString();

function together(one: UnitLoad, other: UnitLoad): UnitLoad {
  const [oldestSince] = [one.oldestSince, other.oldestSince].flatMap((each) => each ?? []).toSorted();
  return {
    claims: one.claims + other.claims,
    tasks: one.tasks + other.tasks,
    late: one.late + other.late,
    unseen: one.unseen + other.unseen,
    ...present({ oldestSince }),
  };
}

interface Row {
  branch: string;
  claims: number;
  tasks: number;
  late: number;
  unseen: number;
  oldest: Date | null;
}

const byBranch = `
  SELECT branch, sum(claims)::int AS claims, sum(tasks)::int AS tasks, sum(late)::int AS late,
    sum(unseen)::int AS unseen, min(oldest) AS oldest
  FROM (
    SELECT c.branch, count(*) AS claims, 0 AS tasks, 0 AS late,
      count(*) FILTER (WHERE l.look_by < $1::timestamptz) AS unseen, NULL::timestamptz AS oldest
    FROM claim c LEFT JOIN claim_look l ON l.claim = c.number WHERE c.outcome IS NULL GROUP BY 1
    UNION ALL
    SELECT branch, 0, count(*), count(*) FILTER (WHERE due < $1::timestamptz), 0, min(since) FROM expectation
    WHERE "from" = ANY($2) GROUP BY 1
    UNION ALL
    SELECT branch, 0, count(*), 0, 0, min(since) FROM follow_up WHERE done_at IS NULL GROUP BY 1
  ) AS part GROUP BY branch`;
