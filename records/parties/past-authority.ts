import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Statement } from '../../domain/signed-payload.ts';
import type { StaffCode } from '../../domain/people/people.ts';
import { instantOf, type Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';

/** What a person was allowed at a time; null: nobody had that code. */
const authority = z
  .object({
    roles: z.array(z.string()),
    branch: z.string(),
    limits: z.record(z.string(), z.number()),
    conflicts: z.array(z.string()),
    active: z.boolean(),
  })
  .nullable();
export type PastAuthority = z.infer<typeof authority>;

/** One change of a person, by a role of the database. */
export interface AuthorityChange {
  at: Instant;
  role: string;
  before: PastAuthority;
  after: PastAuthority;
}

/** The changes of each person, the oldest first. */
export type AuthorityHistory = ReadonlyMap<StaffCode, readonly AuthorityChange[]>;

/** All changes of people: few, so that a check reads them once. */
export async function authorityHistory(database: Pick<Database, 'personChange'>): Promise<AuthorityHistory> {
  const rows = await database.personChange.findMany({ orderBy: { id: 'asc' } });
  const history = new Map<StaffCode, AuthorityChange[]>();
  for (const { code, at, role, before, after } of rows) {
    const change = {
      at: instantOf(at.getTime()),
      role,
      before: authority.parse(before),
      after: authority.parse(after),
    };
    const known = history.get(code);
    if (known) known.push(change);
    else history.set(code, [change]);
  }
  return history;
}

/** What a person was allowed at a time. */
export function authorityAt(history: AuthorityHistory, code: StaffCode, at: Instant): PastAuthority {
  const changes = history.get(code) ?? [];
  return changes.findLast((change) => change.at <= at)?.after ?? null;
}

/**
 * How long after a change somebody may still have read the former row: longer than any transaction that
 * changes people.
 */
const lateMs = 60_000;

/**
 * Why the authority in a signed act is more than the person had when it was signed, in a sentence; undefined
 * when it is not, or when no member of staff signed. `line` is that of the claim. A notice of loss is signed
 * without limit and relations.
 */
export function authorityDoubt(
  history: AuthorityHistory,
  { by, at, act }: Pick<Statement, 'by' | 'at' | 'act'>,
  line: string,
): string | undefined {
  if (by.kind !== 'staff') return undefined;
  const changes = history.get(by.code) ?? [];
  const earliest = instantOf(Date.parse(at) - lateMs);
  const possible = [
    authorityAt(history, by.code, earliest),
    ...changes.filter((change) => change.at > earliest && change.at <= at).map(({ after }) => after),
  ];
  const doubts = possible.map((was) => excessOf(was, by, act === 'file' ? undefined : line));
  return doubts.includes(undefined) ? undefined : `${by.code} signed ${act} at ${at} ${doubts.at(-1)}`;
}

type StaffSigner = Extract<Statement['by'], { kind: 'staff' }>;

function excessOf(was: PastAuthority, by: StaffSigner, line: string | undefined): string | undefined {
  if (!was) return 'and was not on record.';
  if (!was.active) return 'and had left.';
  const roles = by.roles.filter((role) => !was.roles.includes(role));
  if (roles.length > 0) return `as ${roles.join(', ')}, and was ${was.roles.join(', ') || 'nothing'}.`;
  if (by.branch !== was.branch) return `for ${by.branch}, and was of ${was.branch}.`;
  if (line === undefined) return undefined;
  const limit = was.limits[line];
  if (by.limitMinor !== undefined && (limit === undefined || by.limitMinor > limit))
    return `with a limit of ${by.limitMinor} for ${line}, and had ${limit ?? 'none'}.`;
  return was.conflicts.every((one) => by.conflicts.includes(one))
    ? undefined
    : 'without a relation that was on record.';
}

export interface PassingChange {
  code: StaffCode;
  from: Instant;
  until: Instant;
  /** Of the database: who made the change, and who undid it. */
  roles: string[];
}

/** Changes that were undone within so many milliseconds: an authority that was lent for a while. */
export function passingChanges(history: AuthorityHistory, withinMs: number): PassingChange[] {
  return [...history].flatMap(([code, changes]) =>
    changes.flatMap((change, index) => {
      const next = changes[index + 1];
      return change.before !== null &&
        next &&
        isDeepStrictEqual(change.before, next.after) &&
        Date.parse(next.at) - Date.parse(change.at) <= withinMs
        ? [{ code, from: change.at, until: next.at, roles: [change.role, next.role] }]
        : [];
    }),
  );
}

export interface HistoryFault {
  kind: 'person' | 'policy';
  /** Staff code, or number of the policy. */
  of: string;
  /**
   * `gap`: a change does not begin where the one before it ended; `differs`: the row is not what the last
   * change made it.
   */
  what: 'gap' | 'differs';
}

/**
 * People and policies whose rows were changed past their history: by somebody who set the triggers aside, or
 * who deleted lines of the history.
 */
export const historyFaults = (database: Pick<Database, '$queryRaw'>): Promise<HistoryFault[]> =>
  database.$queryRaw<HistoryFault[]>`
    WITH change AS (
      SELECT 'person' AS kind, code AS of, id, before, after FROM person_change
      UNION ALL SELECT 'policy', number, id, before, after FROM policy_change
    ), present AS (
      SELECT 'person' AS kind, code AS of, to_jsonb(person) - ARRAY['name', 'email', 'phone'] AS row
      FROM person
      UNION ALL SELECT 'policy', number, to_jsonb(policy) FROM policy
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
  role: string;
  before: z.output<typeof row>;
  after: z.output<typeof row>;
}

/** All changes of a member of staff, the oldest first. */
export async function changesOfPerson(
  database: Pick<Database, 'personChange'>,
  code: StaffCode,
): Promise<ShownChange[]> {
  return shown(await database.personChange.findMany({ where: { code }, orderBy: { id: 'asc' } }));
}

/** All changes of a policy, the oldest first. */
export async function changesOfPolicy(
  database: Pick<Database, 'policyChange'>,
  number: string,
): Promise<ShownChange[]> {
  return shown(await database.policyChange.findMany({ where: { number }, orderBy: { id: 'asc' } }));
}

const shown = (rows: { at: Date; role: string; before: unknown; after: unknown }[]): ShownChange[] =>
  rows.map(({ at, role, before, after }) => ({
    at: instantOf(at.getTime()),
    role,
    before: row.parse(before),
    after: row.parse(after),
  }));
