import { dayIn } from '../../config/today.ts';
import type { StaffCode } from '../../domain/people/people.ts';
import { authorityFields, entryMistakes, type StaffEntry } from '../../domain/people/staff-book.ts';
import { pathUp, unitMistake, type Unit } from '../../domain/people/units.ts';
import type { OpenImport, RowMistake, TakenCounts } from '../books/book.ts';
import {
  changed,
  entriesOf,
  isSame,
  lockStaffBook,
  rowSchema,
  unitEntriesOf,
  writeAs,
  writeEntries,
  writeUnits,
  type EntryChange,
  type StaffTables,
  type Stored,
} from './entries.ts';
import { beginsIn, formerFor, keepPlan, planKey, plansOf, type Plan } from './planned.ts';

interface BookNow {
  people: ReadonlyMap<StaffCode, Stored<StaffEntry>>;
  units: ReadonlyMap<string, Stored<Unit>>;
  plans: ReadonlyMap<string, { plan: Plan; import: string | null }>;
  /** Imports that undid others: people who are inactive since then were never really there. */
  undoing: ReadonlySet<string>;
}

/** A row that may be taken. `unit` or `entry`: what it makes of the book. */
type Row = UnitRow | PersonRow;

interface UnitRow {
  line: number;
  about: 'unit';
  unit: Unit;
}

interface PersonRow {
  line: number;
  about: 'person';
  change: EntryChange;
  entry: StaffEntry;
  /** A later moment, from which it counts. */
  from?: Date;
}

type Rejects = Map<number, RowMistake[]>;

/** What a take did. `touched`: the people that it changed; `people`: all, as it makes them. */
export interface Took {
  counts: TakenCounts;
  touched: StaffEntry[];
  people: ReadonlyMap<StaffCode, StaffEntry>;
}

/** Takes the staged rows of an import, all of each person or unit or none. */
export async function takeRows(book: StaffTables, of: OpenImport, dryRun: boolean): Promise<Took> {
  await lockStaffBook(book);
  const now = await bookNow(book);
  const staged = await book.stagedRow.findMany({ where: { import: of.id }, orderBy: { line: 'asc' } });
  const rejects: Rejects = new Map();
  const rows = readable(staged, now, of, rejects);
  const taken = withoutMistakes(rows, now, of, rejects);
  await keepRejects(book, of.id, rejects);
  const outcomes = taken.map((row) => ({ row, ...outcomeOf(row, now, of) }));
  if (!dryRun) await write(book, of, outcomes);
  const named = (wanted: Outcome['becomes']): string[] =>
    outcomes.filter(({ becomes }) => becomes === wanted).map(({ row }) => codeIn(row));
  const [added, changes, same] = [named('added'), named('changed'), named('same')];
  const twins = staged.length - rejects.size - taken.length;
  const before = staged.filter(({ line, reject }) => reject !== null && !rejects.has(line)).length;
  const counts = {
    rows: staged.length,
    added: added.length,
    changed: changes.length,
    same: same.length + twins - before,
    rejected: rejects.size + before,
    first: { added: first(added), changed: first(changes), same: first(same) },
  };
  return {
    counts,
    touched: outcomes.flatMap(({ row, becomes }) => (isOfPerson(row) && becomes !== 'same' ? row.entry : [])),
    people: new Map([
      ...[...now.people].map(([code, { entry }]): [StaffCode, StaffEntry] => [code, entry]),
      ...taken.filter(isOfPerson).map(({ entry }): [StaffCode, StaffEntry] => [entry.code, entry]),
    ]),
  };
}

const isOfPerson = (row: Row): row is PersonRow => row.about === 'person';

const first = (codes: readonly string[]): string[] => codes.slice(0, 10);
const codeIn = (row: Row): string => (row.about === 'unit' ? row.unit.code : row.entry.code);

async function bookNow(book: StaffTables): Promise<BookNow> {
  const undoing = await book.bookImport.findMany({
    where: { book: 'staff', undoes: { not: null } },
    select: { id: true },
  });
  return {
    people: await entriesOf(book),
    units: await unitEntriesOf(book),
    plans: await plansOf(book),
    undoing: new Set(undoing.map(({ id }) => id)),
  };
}

type Staged = { line: number; key: string; row: unknown; reject: unknown };

/**
 * One row for each key. Of several rows with one key and the same content one is enough; with other content,
 * or where one of them could not be read, none is taken.
 */
function readable(staged: readonly Staged[], now: BookNow, of: OpenImport, rejects: Rejects): Row[] {
  const byKey = Map.groupBy(
    staged.filter(({ key }) => key !== ''),
    ({ key }) => key,
  );
  const read = [...byKey.values()].flatMap((rows) => {
    const [one, ...others] = rows;
    const unread = rows.find(({ reject }) => reject !== null);
    const other = one && others.find(({ row }) => !isSame(objectIn(one.row), objectIn(row)));
    if (!one || unread || other) {
      for (const { line, reject } of rows)
        if (reject === null)
          rejects.set(line, [
            { field: '', reason: contradicted(unread?.line ?? otherThan(line, rows), unread !== undefined) },
          ]);
      return [];
    }
    return rowIn(one, now, of, rejects);
  });
  return withoutTwins(read, rejects);
}

/** A day that has come is no other day than none: of two rows for one person none is taken. */
function withoutTwins(rows: readonly Row[], rejects: Rejects): Row[] {
  const byWhat = Map.groupBy(rows, (row) =>
    row.about === 'unit' ? `unit/${row.unit.code}` : `${row.entry.code} ${row.from?.toISOString() ?? ''}`,
  );
  return [...byWhat.values()].flatMap((same) => {
    if (same.length > 1)
      for (const { line } of same)
        rejects.set(line, [{ field: '', reason: contradicted(otherThan(line, same), false) }]);
    return same.length > 1 ? [] : same;
  });
}

const objectIn = (row: unknown): object => ({ row });
const otherThan = (line: number, rows: readonly { line: number }[]): number =>
  rows.find((row) => row.line !== line)?.line ?? line;
const contradicted = (line: number, isUnread: boolean): string =>
  isUnread
    ? `is about the same as line ${line}, which could not be read: correct that one`
    : `contradicts line ${line}, which is about the same: leave one of them`;

function rowIn({ line, row }: Staged, now: BookNow, of: OpenImport, rejects: Rejects): Row[] {
  const read = rowSchema.parse(row);
  if (read.about === 'unit') {
    const { about, ...unit } = read;
    return [{ line, about, unit }];
  }
  const { about, from: day, ...change } = read;
  const stored = now.people.get(change.code);
  const wasUndone = stored?.import != null && now.undoing.has(stored.import) && stored.former === null;
  const entry = changed(wasUndone ? undefined : stored?.entry, change);
  if (Array.isArray(entry)) {
    const reason = `is missing, and ${change.code} is not on record yet`;
    rejects.set(
      line,
      entry.map((field) => ({ field, reason })),
    );
    return [];
  }
  const from = day === undefined ? undefined : beginsIn(entry.timeZone, day);
  const isLater = from !== undefined && from > new Date(of.now);
  return [{ line, about, change, entry, ...(isLater && { from }) }];
}

/** The rows that are right in the book as all of them make it. */
function withoutMistakes(rows: readonly Row[], now: BookNow, of: OpenImport, rejects: Rejects): Row[] {
  const units = rightUnits(
    rows.flatMap((row) => (row.about === 'unit' ? [row] : [])),
    now,
    of,
    rejects,
  );
  const codes = new Set([...now.units.keys(), ...units.map(({ unit }) => unit.code)]);
  return [...units, ...rightPeople(rows.filter(isOfPerson), codes, now, of, rejects)];
}

/** Without a wrong unit those beneath it may be wrong, so they are looked at again until all are right. */
function rightUnits(
  rows: readonly UnitRow[],
  now: BookNow,
  of: OpenImport,
  rejects: Rejects,
): readonly UnitRow[] {
  for (let left = rows; ;) {
    const units = new Map([...now.units].map(([code, { entry }]) => [code, entry]));
    for (const { unit } of left) units.set(unit.code, unit);
    const all = [...units.values()];
    const wrong = left.flatMap(({ line, unit }): [number, RowMistake[]][] => {
      const mistakes = unitMistakes(unit, all, now, of);
      return mistakes.length > 0 ? [[line, mistakes]] : [];
    });
    const found = wrong.length > 0 ? new Map(wrong) : spoiled(left, all, now);
    if (found.size === 0) return left;
    for (const [line, mistakes] of found) rejects.set(line, mistakes);
    left = left.filter(({ line }) => !found.has(line));
  }
}

/** Without a wrong row others may be wrong that name its person as a deputy: those are looked at again. */
function rightPeople(
  rows: readonly PersonRow[],
  units: ReadonlySet<string>,
  now: BookNow,
  of: OpenImport,
  rejects: Rejects,
): PersonRow[] {
  const people = new Map([...now.people].map(([code, { entry }]) => [code, entry]));
  for (const { from, entry } of rows) if (!from) people.set(entry.code, entry);
  for (const { entry } of rows) if (!people.has(entry.code)) people.set(entry.code, entry);
  const naming = namingRows(rows);
  const wrong = new Set<PersonRow>();
  for (let asked = rows; asked.length > 0;) {
    const found = asked.filter((row) => {
      const today = dayIn(row.entry.timeZone, of.now);
      const mistakes = personMistakes(row, { people, units, today }, now, of);
      if (mistakes.length > 0) rejects.set(row.line, mistakes);
      return mistakes.length > 0;
    });
    for (const row of found) {
      wrong.add(row);
      const before = now.people.get(row.entry.code)?.entry;
      if (before) people.set(row.entry.code, before);
      else people.delete(row.entry.code);
    }
    const again = found.flatMap(({ entry }) => naming.get(entry.code) ?? []);
    asked = [...new Set(again)].filter((row) => !wrong.has(row));
  }
  return rows.filter((row) => !wrong.has(row));
}

/** By each person the rows that name them. */
function namingRows(rows: readonly PersonRow[]): ReadonlyMap<StaffCode, PersonRow[]> {
  const naming = new Map<StaffCode, PersonRow[]>();
  for (const row of rows)
    for (const code of new Set([
      ...row.entry.deputies,
      ...row.entry.absences.flatMap((each) => each.deputy ?? []),
    ])) {
      const known = naming.get(code);
      if (known) known.push(row);
      else naming.set(code, [row]);
    }
  return naming;
}

function unitMistakes(unit: Unit, all: readonly Unit[], now: BookNow, of: OpenImport): RowMistake[] {
  const mistake = unitMistake(unit, all);
  if (mistake) return [mistake];
  const own = now.people.get(of.by)?.entry.branch;
  if (own === undefined || !now.units.has(unit.code)) return [];
  const before = pathUp(
    [...now.units.values()].map(({ entry }) => entry),
    unit.code,
  );
  return pathUp(all, unit.code).includes(own) && !before.includes(own)
    ? [{ field: 'above', reason: `must not come beneath ${own}, your own unit: somebody else must send it` }]
    : [];
}

function personMistakes(
  { change, entry }: PersonRow,
  around: Parameters<typeof entryMistakes>[1],
  now: BookNow,
  of: OpenImport,
): RowMistake[] {
  const before = now.people.get(entry.code)?.entry;
  const given = new Set(Object.keys({ ...change, unit: change.branch }));
  const own = entry.code === of.by && before ? authorityFields : [];
  return [
    ...entryMistakes(entry, around).filter(
      ({ field }) => !before || given.has(/^\w+/.exec(field)?.[0] ?? ''),
    ),
    ...own
      .filter((field) => !isSame({ is: before?.[field] }, { is: entry[field] }))
      .map((field) => ({
        field: field === 'branch' ? 'unit' : field,
        reason: `must stay as it is: nobody changes their own authority; somebody else must send it`,
      })),
  ];
}

/** Rows that make units wrong which are not in the import. */
function spoiled(sent: readonly UnitRow[], all: readonly Unit[], now: BookNow): Rejects {
  const before = [...now.units.values()].map(({ entry }) => entry);
  for (const unit of all) {
    if (sent.some((row) => row.unit.code === unit.code)) continue;
    const mistake = unitMistake(unit, all);
    if (!mistake || unitMistake(unit, before)) continue;
    const onWay = sent.filter((row) => pathUp(all, unit.code).includes(row.unit.code));
    const reason = `makes ${unit.code} wrong, whose ${mistake.field} ${mistake.reason}`;
    return new Map((onWay.length > 0 ? onWay : sent).map(({ line }) => [line, [{ field: '', reason }]]));
  }
  return new Map();
}

interface Outcome {
  becomes: 'added' | 'changed' | 'same';
  entry?: Stored<StaffEntry>;
  unit?: Stored<Unit>;
  plan?: Plan;
}

function outcomeOf(row: Row, now: BookNow, of: OpenImport): Outcome {
  if (row.about === 'unit') {
    const stored = now.units.get(row.unit.code);
    const becomes = { entry: row.unit, import: of.id, former: formerFor(stored, of.id) };
    return isSame(stored?.entry, row.unit)
      ? { becomes: earlier(stored, of) }
      : { becomes: stored ? 'changed' : 'added', unit: becomes };
  }
  const { entry, change, from } = row;
  const stored = now.people.get(entry.code);
  if (from) {
    const plan = { code: entry.code, from, change };
    const kept = now.plans.get(planKey(plan));
    if (isSame(kept?.plan.change, change) || (!kept && isSame(stored?.entry, entry)))
      return { becomes: kept?.import === of.id ? 'changed' : 'same' };
    return { becomes: stored ? 'changed' : 'added', plan };
  }
  return isSame(stored?.entry, entry)
    ? { becomes: earlier(stored, of) }
    : {
        becomes: stored ? 'changed' : 'added',
        entry: { entry, import: of.id, former: formerFor(stored, of.id) },
      };
}

/** What this import did before it was cut off, and is asked to do again. */
function earlier(stored: Stored<unknown> | undefined, of: OpenImport): Outcome['becomes'] {
  if (stored?.import !== of.id) return 'same';
  return stored.former === null ? 'added' : 'changed';
}

async function write(book: StaffTables, of: OpenImport, outcomes: readonly Outcome[]): Promise<void> {
  await writeAs(book, of.by);
  await writeUnits(
    book,
    outcomes.flatMap(({ unit }) => unit ?? []),
  );
  await writeEntries(
    book,
    outcomes.flatMap(({ entry }) => entry ?? []),
  );
  for (const { plan } of outcomes)
    if (plan) await keepPlan(book, plan, { by: of.by, at: of.now, import: of.id });
}

async function keepRejects(book: StaffTables, id: string, rejects: Rejects): Promise<void> {
  if (rejects.size === 0) return;
  const rows = JSON.stringify([...rejects].map(([line, reject]) => ({ line, reject })));
  await book.$executeRaw`
    UPDATE staged_row SET reject = sent.reject
    FROM jsonb_to_recordset(${rows}::jsonb) AS sent(line INTEGER, reject JSONB)
    WHERE staged_row.import = ${id} AND staged_row.line = sent.line`;
}
