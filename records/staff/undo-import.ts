import type { StaffCode } from '../../domain/people/people.ts';
import { authorityFields, type StaffEntry } from '../../domain/people/staff-book.ts';
import { unitMistake, type Unit } from '../../domain/people/units.ts';
import type { OpenImport } from '../books/book.ts';
import {
  entriesOf,
  isSame,
  lockStaffBook,
  unitEntriesOf,
  writeAs,
  writeEntries,
  writeUnits,
  type StaffTables,
  type Stored,
} from './entries.ts';

/**
 * Makes people and units as they were before an import. People that it added stay on record, inactive:
 * claims may name them. A unit that it added goes, unless people or other units rest on it. What was changed
 * again since stays, and so does the authority of the one who undoes.
 */
export async function undoImport(
  book: StaffTables,
  of: OpenImport,
  undone: string,
): Promise<{ restored: number; left: string[] }> {
  await lockStaffBook(book);
  await writeAs(book, of.by);
  const people = await entriesOf(book);
  const units = await unitEntriesOf(book);
  const plans = await book.plannedPerson.deleteMany({ where: { import: undone } });
  const entries = [...people.values()]
    .filter((stored) => stored.import === undone)
    .map((stored) => ({ stored, back: backTo(stored, of.id) }))
    .filter(({ stored, back }) => stored.entry.code !== of.by || hasSameAuthority(stored.entry, back.entry));
  await writeEntries(
    book,
    entries.map(({ back }) => back),
  );
  const settled = unitsBack(
    units,
    undone,
    new Set((await book.person.findMany()).map(({ branch }) => branch)),
  );
  await writeUnits(
    book,
    settled.back.map((entry) => ({ entry, import: of.id, former: units.get(entry.code)?.entry ?? null })),
  );
  await book.unit.deleteMany({ where: { code: { in: settled.gone } } });
  const back = new Set([
    ...entries.map(({ stored }) => stored.entry.code),
    ...settled.back.map(({ code }) => code),
    ...settled.gone,
  ]);
  const left = await changedBy(book, undone, of.id);
  return { restored: back.size + plans.count, left: left.filter((code) => !back.has(code)) };
}

const backTo = ({ entry, former }: Stored<StaffEntry>, by: string): Stored<StaffEntry> =>
  former
    ? { entry: former, import: by, former: entry }
    : { entry: { ...entry, active: false }, import: by, former: null };

const hasSameAuthority = (one: StaffEntry, other: StaffEntry): boolean =>
  authorityFields.every((field) => isSame({ is: one[field] }, { is: other[field] }));

/** The units that can be as they were, and those that can go, without making any unit wrong. */
function unitsBack(
  units: ReadonlyMap<string, Stored<Unit>>,
  undone: string,
  workplaces: ReadonlySet<string>,
): { back: Unit[]; gone: string[] } {
  const all = [...units.values()];
  for (let asked = all.filter((stored) => stored.import === undone); ;) {
    const gone = asked.filter(({ former }) => former === null).map(({ entry }) => entry.code);
    const back = asked.flatMap(({ former }) => former ?? []);
    const now = all
      .filter(({ entry }) => !gone.includes(entry.code))
      .map(({ entry }) => back.find(({ code }) => code === entry.code) ?? entry);
    const wrong = now.filter((unit) => unitMistake(unit, now));
    const stays = asked.filter(
      ({ entry: { code } }) =>
        workplaces.has(code) || wrong.some((unit) => unit.code === code || unit.above === code),
    );
    const keeps = stays.filter(
      ({ former, entry }) => former === null || wrong.some(({ code }) => code === entry.code),
    );
    if (keeps.length === 0)
      return wrong.length === 0 || asked.length === 0 ? { back, gone } : { back: [], gone: [] };
    asked = asked.filter((each) => !keeps.includes(each));
  }
}

/** The people and units that an import changed, and that are not yet as they were. */
async function changedBy(book: StaffTables, undone: string, by: string): Promise<StaffCode[]> {
  const rows = await book.$queryRaw<{ code: string }[]>`
    SELECT DISTINCT change.code FROM (
      SELECT code, after FROM person_change UNION ALL SELECT code, after FROM unit_change
    ) AS change
    WHERE change.after->>'import' = ${undone}
      AND NOT EXISTS (SELECT FROM person WHERE person.code = change.code AND person.import = ${by})
      AND NOT EXISTS (SELECT FROM unit WHERE unit.code = change.code AND unit.import = ${by})
    ORDER BY 1`;
  return rows.map(({ code }) => code);
}
