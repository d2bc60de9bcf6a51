import type { JournalEntry } from '../claim/journal.ts';
import { hashOf } from '../hash.ts';
import type { Statement } from '../signed-payload.ts';
import { instantOf, type Instant } from '../time/time.ts';
import type { StaffCode } from './people.ts';
import type { Limits } from './takers.ts';

/** What a person was allowed at a time; null: nobody had that code. */
export type PastAuthority = {
  roles: string[];
  branch: string;
  /** By line of business and currency, in minor units. */
  limits: Limits;
  conflicts: string[];
  active: boolean;
} | null;

/** One change of a person, by a role of the database. */
export interface AuthorityChange {
  code: StaffCode;
  at: Instant;
  role: string;
  before: PastAuthority;
  after: PastAuthority;
}

/** The changes of each person, the oldest first. */
export type AuthorityHistory = ReadonlyMap<StaffCode, readonly AuthorityChange[]>;

/** The changes in their order, by person. */
export function historyOf(changes: readonly AuthorityChange[]): AuthorityHistory {
  const history = new Map<StaffCode, AuthorityChange[]>();
  for (const change of changes) {
    const known = history.get(change.code);
    if (known) known.push(change);
    else history.set(change.code, [change]);
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
 * when it is not, or when no member of staff signed. `line` is that of the claim; where it is not known, the
 * limit is compared with the largest one of the person. A notice of loss is signed without limit and
 * relations.
 */
export function authorityDoubt(
  history: AuthorityHistory,
  { by, at, act }: Pick<Statement, 'by' | 'at' | 'act'>,
  line: string | undefined,
): string | undefined {
  if (by.kind !== 'staff') return undefined;
  const changes = history.get(by.code) ?? [];
  const earliest = instantOf(Date.parse(at) - lateMs);
  const possible = [
    authorityAt(history, by.code, earliest),
    ...changes.filter((change) => change.at > earliest && change.at <= at).map(({ after }) => after),
  ];
  const doubts = possible.map(
    (was) => excessOf(was, by) ?? (act === 'file' ? undefined : moreOf(was, by, line)),
  );
  return doubts.includes(undefined) ? undefined : `${by.code} signed ${act} at ${at} ${doubts.at(-1)}`;
}

type StaffSigner = Extract<Statement['by'], { kind: 'staff' }>;

function excessOf(was: PastAuthority, by: StaffSigner): string | undefined {
  if (!was) return 'and was not on record.';
  if (!was.active) return 'and had left.';
  const roles = by.roles.filter((role) => !was.roles.includes(role));
  if (roles.length > 0) return `as ${roles.join(', ')}, and was ${was.roles.join(', ') || 'nothing'}.`;
  return by.branch === was.branch ? undefined : `for ${by.branch}, and was of ${was.branch}.`;
}

/** A larger limit, or a relation less. */
function moreOf(was: PastAuthority, by: StaffSigner, line: string | undefined): string | undefined {
  if (!was) return undefined;
  const lines = line === undefined ? Object.values(was.limits) : [was.limits[line] ?? {}];
  const limit = Math.max(-1, ...lines.flatMap((each) => Object.values(each)));
  if (by.limitMinor !== undefined && by.limitMinor > limit)
    return `with a limit of ${by.limitMinor}, and had ${limit < 0 ? 'none' : limit}.`;
  return was.conflicts.every((one) => by.conflicts.includes(one))
    ? undefined
    : 'without a relation that was on record.';
}

/** The first entry of a journal that somebody signed with more authority than they had, if there is one. */
export function overreachIn(
  entries: readonly JournalEntry[],
  history: AuthorityHistory,
): { seq: number; why: string } | undefined {
  const [first] = entries;
  const line = first?.kind === 'claim-opened' ? first.line : undefined;
  for (const { seq, received } of entries) {
    if (!received?.proof) continue;
    const statement: Statement = JSON.parse(received.proof.signed);
    const why = authorityDoubt(history, statement, line);
    if (why !== undefined) return { seq, why };
  }
  return undefined;
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
        hashOf(change.before) === hashOf(next.after) &&
        Date.parse(next.at) - Date.parse(change.at) <= withinMs
        ? [{ code, from: change.at, until: next.at, roles: [change.role, next.role] }]
        : [];
    }),
  );
}
