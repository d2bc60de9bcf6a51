import { z } from 'zod';
import type { AuthorityChange, UnitChange } from '../../domain/people/past-authority.ts';
import type { StaffCode } from '../../domain/people/people.ts';
import { unitKinds } from '../../domain/people/units.ts';
import { present } from '../../domain/present.ts';
import { instantOf, type Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';
import { absencesSchema } from './attendance.ts';

const authority = z
  .object({
    roles: z.array(z.string()),
    branch: z.string(),
    limits: z.record(z.string(), z.record(z.string(), z.number())),
    conflicts: z.array(z.string()),
    active: z.boolean(),
    deputies: z.array(z.string()),
    absences: absencesSchema,
    leaves_on: z.string().nullable(),
    time_zone: z.string(),
  })
  .transform(({ leaves_on: leavesOn, time_zone: timeZone, ...row }) => ({
    ...row,
    timeZone,
    ...present({ leavesOn: leavesOn ?? undefined }),
  }))
  .nullable();

const unit = z
  .object({ code: z.string(), name: z.string(), kind: z.enum(unitKinds), above: z.string().nullable() })
  .transform(({ above, ...row }) => ({ ...row, ...present({ above: above ?? undefined }) }))
  .nullable();

/** All changes of people, the oldest first: few, so that a check reads them once. */
export async function authorityChanges(database: Pick<Database, 'personChange'>): Promise<AuthorityChange[]> {
  const rows = await database.personChange.findMany({ orderBy: { id: 'asc' } });
  return rows.map(({ code, at, role, before, after }) => ({
    code,
    at: instantOf(at.getTime()),
    role,
    before: authority.parse(before),
    after: authority.parse(after),
  }));
}

/** All changes of units, the oldest first. */
export async function unitChanges(database: Pick<Database, 'unitChange'>): Promise<UnitChange[]> {
  const rows = await database.unitChange.findMany({ orderBy: { id: 'asc' } });
  return rows.map(({ code, at, role, before, after }) => ({
    code,
    at: instantOf(at.getTime()),
    role,
    before: unit.parse(before),
    after: unit.parse(after),
  }));
}

export interface HistoryFault {
  kind: 'person' | 'unit' | 'policy';
  /** Staff code, code of the unit, or number and version of the policy. */
  of: string;
  /**
   * `gap`: a change does not begin where the one before it ended; `differs`: the row is not what the last
   * change made it.
   */
  what: 'gap' | 'differs';
}

/**
 * People and units whose rows were changed past their history: by somebody who set the triggers aside, or who
 * deleted lines of the history.
 */
export const historyFaults = (database: Pick<Database, '$queryRaw'>): Promise<HistoryFault[]> =>
  database.$queryRaw<HistoryFault[]>`
    WITH change AS (
      SELECT 'person' AS kind, code AS of, id, before, after FROM person_change
      UNION ALL SELECT 'unit', code, id, before, after FROM unit_change
    ), present AS (
      SELECT 'person' AS kind, code AS of, to_jsonb(person) - ARRAY['name', 'email', 'phone', 'former'] AS row
      FROM person
      UNION ALL SELECT 'unit', code, to_jsonb(unit) - 'former' FROM unit
    ), last AS (
      SELECT DISTINCT ON (kind, of) kind, of, after FROM change ORDER BY kind, of, id DESC
    )
    SELECT DISTINCT kind, of, 'gap' AS what FROM (
      SELECT kind, of, before, lag(after) OVER (PARTITION BY kind, of ORDER BY id) AS former FROM change
    ) AS step WHERE before IS DISTINCT FROM former
    UNION ALL
    SELECT COALESCE(last.kind, present.kind), COALESCE(last.of, present.of), 'differs'
    FROM last FULL JOIN present ON present.kind = last.kind AND present.of = last.of
    WHERE last.after IS DISTINCT FROM present.row
    ORDER BY kind, of, what`;

const row = z.record(z.string(), z.unknown()).nullable();

/** One change as it is shown: the rows before and after, without names and addresses. */
export interface ShownChange {
  at: Instant;
  /** Planned: `after` has the fields that will change. */
  isToCome?: true;
  by?: StaffCode;
  plannedAt?: Instant;
  fault?: string;
  role: string;
  before: z.output<typeof row>;
  after: z.output<typeof row>;
}

/** All changes of a member of staff, the oldest first, and those that are planned. */
export async function changesOfPerson(
  database: Pick<Database, 'personChange' | 'plannedPerson'>,
  code: StaffCode,
): Promise<ShownChange[]> {
  const [changes, plans] = await Promise.all([
    database.personChange.findMany({ where: { code }, orderBy: { id: 'asc' } }),
    database.plannedPerson.findMany({ where: { code }, orderBy: { from: 'asc' } }),
  ]);
  return [...changes.map(shown), ...plans.map(toCome)];
}

/** All changes of a unit, the oldest first. */
export async function changesOfUnit(
  database: Pick<Database, 'unitChange'>,
  code: string,
): Promise<ShownChange[]> {
  return (await database.unitChange.findMany({ where: { code }, orderBy: { id: 'asc' } })).map(shown);
}

interface Changed {
  at: Date;
  role: string;
  by: string | null;
  plannedAt?: Date | null;
  before: unknown;
  after: unknown;
}

const shown = ({ at, role, by, plannedAt, before, after }: Changed): ShownChange => ({
  at: instantOf(at.getTime()),
  role,
  before: row.parse(before),
  after: row.parse(after),
  ...present({ by: by ?? undefined, plannedAt: plannedAt ? instantOf(plannedAt.getTime()) : undefined }),
});

const hidden = ['about', 'code', 'name', 'email', 'phone'];

function toCome(plan: { from: Date; by: string; at: Date; row: unknown; fault: string | null }): ShownChange {
  const fields = Object.entries(row.parse(plan.row) ?? {}).filter(([name]) => !hidden.includes(name));
  return {
    at: instantOf(plan.from.getTime()),
    isToCome: true,
    role: '',
    by: plan.by,
    plannedAt: instantOf(plan.at.getTime()),
    before: null,
    after: Object.fromEntries(fields),
    ...present({ fault: plan.fault ?? undefined }),
  };
}
