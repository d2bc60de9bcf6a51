import { dayIn } from '../../config/today.ts';
import type { Absence } from '../../domain/people/deputies.ts';
import type { StaffCode } from '../../domain/people/people.ts';
import type { StaffEntry } from '../../domain/people/staff-book.ts';
import {
  awayFrom,
  mayChangeAttendance,
  withAttendance,
  type AttendanceChange,
  type AwayFrom,
} from '../../domain/people/staff-changes.ts';
import type { FieldMistake } from '../../domain/shape.ts';
import { present } from '../../domain/present.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';
import { keepLine, type SignedLine } from '../journal/signed-lines.ts';
import { entriesOf, lockStaffBook, unitEntriesOf, writeAs, writeEntries } from './entries.ts';
import { leaversWithout, openClaimsOf } from './leavers.ts';
import { waitingCounts } from './staff-list.ts';

/** What a change of attendance did, or would do. */
export interface AttendanceChanged {
  kind: 'changed';
  entry: StaffEntry;
  /** Earlier absences that became one with the new one. */
  joined: Absence[];
  away?: AwayFrom;
  /** Open claims that name the person, and the tasks that wait for them. */
  claims: number;
  tasks: number;
  warnings: string[];
}

export type AttendanceAnswer =
  | AttendanceChanged
  | { kind: 'unknown' }
  | { kind: 'not-yours'; branch: string }
  | { kind: 'wrong'; mistakes: FieldMistake[] };

/**
 * Changes the attendance of a person, together with the line that somebody signed for it; without a line it
 * is a dry run. Nothing is changed where the answer is another one than `changed`.
 */
export async function changeAttendance(
  books: Database,
  { code, by, now, line }: { code: StaffCode; by: StaffCode; now: Instant; line: SignedLine | undefined },
  change: AttendanceChange,
): Promise<AttendanceAnswer> {
  const answer = await books.$transaction(async (book) => {
    await lockStaffBook(book);
    const stored = await entriesOf(book);
    const people = new Map([...stored].map(([each, { entry }]) => [each, entry]));
    const units = [...(await unitEntriesOf(book)).values()].map(({ entry }) => entry);
    const [of, asks] = [people.get(code), people.get(by)];
    if (!of) return { kind: 'unknown' as const };
    if (!asks || !mayChangeAttendance(asks, of, change.kind, units))
      return { kind: 'not-yours' as const, branch: of.branch };
    const today = dayIn(of.timeZone, now);
    const around = { people, units: new Set(units.map((unit) => unit.code)), today };
    const changed = withAttendance(of, change, around);
    if (changed.kind === 'wrong') return changed;
    const { entry } = changed;
    if (line) {
      await writeAs(book, by);
      await writeEntries(book, [{ entry, import: null, former: null }]);
      await keepLine(book, line);
    }
    people.set(code, entry);
    return { ...changed, people, away: awayFrom(entry, change, around) };
  }, ofTheBook);
  if (answer.kind !== 'changed') return answer;
  const { entry, joined, people, away } = answer;
  const [claims, tasks, warnings] = await Promise.all([
    openClaimsOf(books, [code]),
    waitingCounts(books, now),
    leaversWithout(books, { touched: [entry], people }, now),
  ]);
  return {
    kind: 'changed',
    entry,
    joined,
    claims: claims.get(code) ?? 0,
    tasks: tasks.get(code)?.tasks ?? 0,
    warnings: [...deputyAway(change, away), ...warnings],
    ...present({ away }),
  };
}

/** The deputy that was asked for is away on the first day, too. */
function deputyAway(change: AttendanceChange, away: AwayFrom | undefined): string[] {
  const asked = 'deputy' in change ? change.deputy : undefined;
  if (asked === undefined || away === undefined || away.deputy === asked) return [];
  const then = away.deputy === undefined ? 'the branch shares the work' : `${away.deputy} has the work`;
  return [`${asked} is away on ${away.from} too, so ${then} until ${asked} is there`];
}

/** Behind a large import. */
const ofTheBook = { timeout: 60_000, maxWait: 10_000 };
