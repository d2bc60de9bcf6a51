import { DateTime } from 'luxon';
import { dayIn } from '../../config/today.ts';
import type { StaffCode } from '../../domain/people/people.ts';
import { entryMistakes, type StaffEntry } from '../../domain/people/staff-book.ts';
import type { Instant, LocalDate } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';
import {
  changed,
  changeSchema,
  entriesOf,
  isSame,
  lockStaffBook,
  unitEntriesOf,
  writeAs,
  writeEntries,
  type EntryChange,
  type StaffTables,
  type Stored,
} from './entries.ts';

/** What changes of a person from a moment on. */
export interface Plan {
  code: StaffCode;
  from: Date;
  change: EntryChange;
}

/** The first moment of a day where the person works. */
export const beginsIn = (timeZone: string, day: LocalDate): Date =>
  DateTime.fromISO(day, { zone: timeZone }).startOf('day').toJSDate();

/** All plans, by `C-301 2027-01-01T00:00:00.000Z`, with the import that made each. */
export async function plansOf(
  book: Pick<StaffTables, 'plannedPerson'>,
): Promise<Map<string, { plan: Plan; import: string | null }>> {
  const rows = await book.plannedPerson.findMany();
  return new Map(
    rows.map(({ code, from, row, import: by }) => {
      const plan = { code, from, change: changeOf(row) };
      return [planKey(plan), { plan, import: by }];
    }),
  );
}

export const planKey = ({ code, from }: Pick<Plan, 'code' | 'from'>): string =>
  `${code} ${from.toISOString()}`;

const changeOf = (row: unknown): EntryChange => {
  const { about: _, from: __, ...change } = changeSchema.parse(row);
  return change;
};

/** Keeps a plan, or makes it what it is here. */
export async function keepPlan(
  book: Pick<StaffTables, 'plannedPerson'>,
  { code, from, change }: Plan,
  of: { by: string; at: Instant; import: string | null },
): Promise<void> {
  const row = { row: JSON.parse(JSON.stringify({ about: 'person', ...change })), ...of, fault: null };
  await book.plannedPerson.upsert({
    where: { code_from: { code, from } },
    create: { code, from, ...row },
    update: row,
  });
}

/**
 * Takes the plans whose moment has come into the rows of their people, the earliest first. One that cannot be
 * taken any more, because its unit or deputy is gone, stays with the reason. Safe to run twice.
 */
export const applyPlannedPeople = (
  books: Database,
  now: Instant,
): Promise<{ taken: StaffCode[]; faults: string[] }> =>
  books.$transaction(
    async (book) => {
      const due = { from: { lte: new Date(now) }, fault: null };
      const answer: { taken: StaffCode[]; faults: string[] } = { taken: [], faults: [] };
      if ((await book.plannedPerson.count({ where: due })) === 0) return answer;
      await lockStaffBook(book);
      const rows = await book.plannedPerson.findMany({
        where: due,
        orderBy: [{ from: 'asc' }, { code: 'asc' }],
      });
      const people = await entriesOf(book);
      const units = new Set((await unitEntriesOf(book)).keys());
      for (const { code, from, row, by, at, import: of } of rows) {
        const key = { code_from: { code, from } };
        const stored = people.get(code);
        const next = changed(stored?.entry, changeOf(row));
        const fault = Array.isArray(next) ? `${next.join(', ')} missing` : faultOf(next, people, units, now);
        if (fault !== undefined || Array.isArray(next)) {
          await book.plannedPerson.update({ where: key, data: { fault: fault ?? null } });
          answer.faults.push(`${code}: ${fault}.`);
          continue;
        }
        const becomes: Stored<StaffEntry> = { entry: next, import: of, former: formerFor(stored, of) };
        await writeAs(book, by, at);
        if (!isSame(stored?.entry, next)) await writeEntries(book, [becomes]);
        await book.plannedPerson.delete({ where: key });
        people.set(code, becomes);
        answer.taken.push(code);
      }
      return answer;
    },
    { timeout: 120_000, maxWait: 10_000 },
  );

function faultOf(
  entry: StaffEntry,
  people: ReadonlyMap<StaffCode, Stored<StaffEntry>>,
  units: ReadonlySet<string>,
  now: Instant,
): string | undefined {
  const all = new Map([...people].map(([code, stored]) => [code, stored.entry]));
  const [first] = entryMistakes(entry, { people: all, units, today: dayIn(entry.timeZone, now) });
  return first && `${first.field} ${first.reason}`;
}

/** What undoing the import brings back: two changes of one import are undone together. */
export const formerFor = <Entry>(stored: Stored<Entry> | undefined, of: string | null): Entry | null =>
  stored && stored.import === of && of !== null ? stored.former : (stored?.entry ?? null);
