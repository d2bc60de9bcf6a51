import type { JournalEntry } from '../claim/journal.ts';
import { hashOf } from '../hash.ts';
import type { Currency } from '../money/money.ts';
import type { Statement } from '../signed-payload.ts';
import { present } from '../present.ts';
import { instantOf, type Instant, type LocalDate } from '../time/time.ts';
import { hasLeft, standsInFor, type Absence, type Attendance } from './deputies.ts';
import type { StaffCode } from './people.ts';
import type { Limits } from './takers.ts';
import { beneath, type Unit } from './units.ts';

/** What a person was allowed at a time; null: nobody had that code. */
export type PastAuthority = {
  roles: string[];
  branch: string;
  /** By line of business and currency, in minor units. */
  limits: Limits;
  conflicts: string[];
  active: boolean;
  deputies: StaffCode[];
  absences: Absence[];
  /** Their last day. */
  leavesOn?: LocalDate;
  timeZone: string;
} | null;

/** One change of a person, by a role of the database. */
export interface AuthorityChange {
  code: StaffCode;
  at: Instant;
  role: string;
  before: PastAuthority;
  after: PastAuthority;
}

/** One change of a unit. */
export interface UnitChange {
  code: string;
  at: Instant;
  role: string;
  before: Unit | null;
  after: Unit | null;
}

/** The day that it was at a moment in a time zone. */
export type DayIn = (timeZone: string, at: Instant) => LocalDate;

export interface AuthorityHistory {
  /** The changes of each person, the oldest first. */
  people: ReadonlyMap<StaffCode, readonly AuthorityChange[]>;
  /** All changes of units, the oldest first. */
  units: readonly UnitChange[];
  dayIn: DayIn;
}

/** The changes in their order. */
export const historyOf = (
  { changes, units }: { changes: readonly AuthorityChange[]; units: readonly UnitChange[] },
  dayIn: DayIn,
): AuthorityHistory => ({ people: Map.groupBy(changes, ({ code }) => code), units, dayIn });

/** What a person was allowed at a time. */
export function authorityAt(history: AuthorityHistory, code: StaffCode, at: Instant): PastAuthority {
  const changes = history.people.get(code) ?? [];
  return changes.findLast((change) => change.at <= at)?.after ?? null;
}

/**
 * How long after a change somebody may still have read the former row: longer than any transaction that
 * changes people.
 */
const lateMs = 60_000;

/**
 * Why the authority in a signed act is more than the person had when it was signed, in a sentence; undefined
 * when it is not, or when no member of staff signed. `of`: the claim's line and currency; where they are not
 * known, the limit is compared with the largest one of the person. A notice of loss is signed without limit
 * and relations.
 */
export function authorityDoubt(
  history: AuthorityHistory,
  { by, at, act }: Pick<Statement, 'by' | 'at' | 'act'>,
  of: { line: string; currency: Currency } | undefined,
): string | undefined {
  if (by.kind !== 'staff') return undefined;
  const moments = momentsBefore(history, by, at);
  const doubts = moments.map((moment) => {
    const was = authorityAt(history, by.code, moment);
    return (
      excessOf(was, by, (zone) => history.dayIn(zone, moment)) ??
      (act === 'file' ? undefined : moreOf(was, by, of)) ??
      lentOf(history, by, moment)
    );
  });
  return doubts.includes(undefined) ? undefined : `${by.code} signed ${act} at ${at} ${doubts.at(-1)}`;
}

/** When the rows may have been read that were signed at this time: at each the records had something else. */
function momentsBefore({ people, units }: AuthorityHistory, by: StaffSigner, at: Instant): Instant[] {
  const earliest = instantOf(Date.parse(at) - lateMs);
  const ofPeople = by.standsInFor ? [...people.values()].flat() : (people.get(by.code) ?? []);
  const changed = [...ofPeople, ...(by.below ? units : [])].map((change) => change.at);
  return [earliest, ...changed.filter((each) => each > earliest && each <= at).toSorted(), at];
}

type StaffSigner = Extract<Statement['by'], { kind: 'staff' }>;

function excessOf(
  was: PastAuthority,
  by: StaffSigner,
  dayIn: (timeZone: string) => LocalDate,
): string | undefined {
  if (!was) return 'and was not on record.';
  if (hasLeft(was, dayIn(was.timeZone))) return 'and had left.';
  const roles = by.roles.filter((role) => !was.roles.includes(role));
  if (roles.length > 0) return `as ${roles.join(', ')}, and was ${was.roles.join(', ') || 'nothing'}.`;
  return by.branch === was.branch ? undefined : `for ${by.branch}, and was of ${was.branch}.`;
}

/** Units that were not beneath their own, and colleagues whose deputy they were not. */
function lentOf(history: AuthorityHistory, by: StaffSigner, at: Instant): string | undefined {
  const { below = [], standsInFor: replaced = [] } = by;
  const under = below.length > 0 ? beneath(unitsAt(history, at), by.branch) : [];
  const unit = below.find((code) => !under.includes(code));
  if (unit !== undefined) return `for ${unit}, which was not beneath ${by.branch}.`;
  const absent = replaced.length > 0 ? replacedAt(history, by.code, at) : [];
  const colleague = replaced.find((code) => !absent.includes(code));
  return colleague === undefined ? undefined : `in place of ${colleague}, whose deputy they were not.`;
}

/** The units as they were. */
export function unitsAt({ units }: AuthorityHistory, at: Instant): Unit[] {
  const known = new Map<string, Unit | null>();
  for (const change of units) if (change.at <= at) known.set(change.code, change.after);
  return [...known.values()].filter((unit) => unit !== null);
}

function replacedAt(history: AuthorityHistory, code: StaffCode, at: Instant): StaffCode[] {
  const staff = [...history.people.keys()].flatMap((each): (Attendance & { timeZone: string })[] => {
    const was = authorityAt(history, each, at);
    if (!was) return [];
    const { deputies, absences, active, timeZone, leavesOn } = was;
    return [{ code: each, deputies, absences, active, timeZone, ...present({ leavesOn }) }];
  });
  const zones = new Map(staff.map((each) => [each.code, each.timeZone]));
  return standsInFor(code, staff, (each) => history.dayIn(zones.get(each) ?? 'UTC', at));
}

/** A larger limit, or a relation less. */
function moreOf(
  was: PastAuthority,
  by: StaffSigner,
  of: { line: string; currency: Currency } | undefined,
): string | undefined {
  if (!was) return undefined;
  const limits = of
    ? [was.limits[of.line]?.[of.currency] ?? -1]
    : Object.values(was.limits).flatMap((each) => Object.values(each));
  const limit = Math.max(-1, ...limits);
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
  const opened = first?.kind === 'claim-opened' ? first : undefined;
  for (const { seq, received } of entries) {
    if (!received?.proof) continue;
    const statement: Statement = JSON.parse(received.proof.signed);
    const why = authorityDoubt(history, statement, opened);
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
  return [...history.people].flatMap(([code, changes]) =>
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
