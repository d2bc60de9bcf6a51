import { z } from 'zod';
import { hashOf } from '../../domain/hash.ts';
import { staffRoles, type StaffCode } from '../../domain/people/people.ts';
import type { StaffEntry } from '../../domain/people/staff-book.ts';
import { unitKinds, type Unit } from '../../domain/people/units.ts';
import { present } from '../../domain/present.ts';
import type { Database } from '../database.ts';
import { absencesSchema } from './attendance.ts';

/** What the staff book is read and written with: the records, or a transaction of them. */
export type StaffTables = Pick<
  Database,
  'person' | 'unit' | 'plannedPerson' | 'bookImport' | 'stagedRow' | '$queryRaw' | '$executeRaw'
>;

/** An entry with the import that made it what it is, and what it was before; null: it was not there. */
export interface Stored<Entry> {
  entry: Entry;
  import: string | null;
  former: Entry | null;
}

const amounts = z.record(z.string(), z.record(z.string(), z.number()));
const roles = z.array(z.string()).transform((names) => staffRoles.filter((role) => names.includes(role)));

/** The fields of a person as a row of an import, or the column `former`, has them. */
const fields = {
  name: z.string(),
  email: z.string(),
  roles,
  branch: z.string(),
  limits: amounts,
  conflicts: z.array(z.string()),
  active: z.boolean(),
  locale: z.string(),
  timeZone: z.string(),
  languages: z.array(z.string()),
  deputies: z.array(z.string()),
  absences: absencesSchema,
};
const entrySchema = z.object({
  code: z.string(),
  ...fields,
  phone: z.string().exactOptional(),
  leavesOn: z.string().exactOptional(),
});
const unitSchema = z.object({
  code: z.string(),
  name: z.string(),
  kind: z.enum(unitKinds),
  above: z.string().exactOptional(),
});

/** A row of an import, read: the fields that it gives. Null empties a field. */
export const changeSchema = z.object({
  about: z.literal('person'),
  code: z.string(),
  ...z.object(fields).partial().shape,
  phone: z.string().nullish(),
  leavesOn: z.string().nullish(),
  from: z.string().optional(),
});
export type EntryChange = Omit<z.output<typeof changeSchema>, 'about' | 'from'>;
export const rowSchema = z.discriminatedUnion('about', [
  changeSchema,
  unitSchema.extend({ about: z.literal('unit') }),
]);

/**
 * The entry with what a change gives; the names of the fields that a new person lacks. A field that is left
 * out stays as it is.
 */
export function changed(entry: StaffEntry | undefined, change: EntryChange): StaffEntry | string[] {
  const { code, name = entry?.name, email = entry?.email, roles: held = entry?.roles } = change;
  const { branch = entry?.branch } = change;
  if (name === undefined || email === undefined || held === undefined || branch === undefined)
    return Object.entries({ name, email, roles: held, unit: branch }).flatMap(([field, value]) =>
      value === undefined ? field : [],
    );
  return {
    code,
    name,
    email,
    roles: held,
    branch,
    limits: change.limits ?? entry?.limits ?? {},
    conflicts: change.conflicts ?? entry?.conflicts ?? [],
    active: change.active ?? entry?.active ?? true,
    locale: change.locale ?? entry?.locale ?? 'zh-CN',
    timeZone: change.timeZone ?? entry?.timeZone ?? 'Asia/Shanghai',
    languages: change.languages ?? entry?.languages ?? [],
    deputies: change.deputies ?? entry?.deputies ?? [],
    absences: (change.absences ?? entry?.absences ?? []).map((each) => present(each)),
    ...present({
      phone: (change.phone === undefined ? entry?.phone : change.phone) ?? undefined,
      leavesOn: (change.leavesOn === undefined ? entry?.leavesOn : change.leavesOn) ?? undefined,
    }),
  };
}

export const isSame = (one: object | null | undefined, other: object): boolean =>
  one !== null && one !== undefined && hashOf(one) === hashOf(other);

/** Waits until nobody else changes the staff book, to the end of the transaction. */
export async function lockStaffBook(book: StaffTables): Promise<void> {
  await book.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('lipei-staff-book', 0))::text`;
}

/** Says in the history, to the end of the transaction, who asks for what is written, and since when. */
export async function writeAs(book: StaffTables, by: string, planned?: Date): Promise<void> {
  await book.$queryRaw`
    SELECT set_config('lipei.by', ${by === 'owner' ? '' : by}, TRUE),
      set_config('lipei.planned', ${planned?.toISOString() ?? ''}, TRUE)`;
}

/** All people, former ones too, by code. */
export async function entriesOf(
  book: Pick<StaffTables, 'person'>,
): Promise<Map<StaffCode, Stored<StaffEntry>>> {
  const rows = await book.person.findMany({ orderBy: { code: 'asc' } });
  return new Map(
    rows.map(({ import: by, former, ...row }) => {
      const [phone, leavesOn] = [row.phone ?? undefined, row.leavesOn?.toISOString().slice(0, 10)];
      const entry = entrySchema.parse(present({ ...row, phone, leavesOn }));
      return [row.code, { entry, import: by, former: formerOf(entrySchema, former) }];
    }),
  );
}

/** All units, by code. */
export async function unitEntriesOf(book: Pick<StaffTables, 'unit'>): Promise<Map<string, Stored<Unit>>> {
  const rows = await book.unit.findMany({ orderBy: { code: 'asc' } });
  return new Map(
    rows.map(({ import: by, former, ...row }) => {
      const entry = unitSchema.parse(present({ ...row, above: row.above ?? undefined }));
      return [row.code, { entry, import: by, former: formerOf(unitSchema, former) }];
    }),
  );
}

const formerOf = <Schema extends z.ZodType>(schema: Schema, former: unknown): z.output<Schema> | null =>
  former === null ? null : schema.parse(former);

/** Adds people, or makes their rows what they are here. */
export async function writeEntries(book: StaffTables, entries: readonly Stored<StaffEntry>[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = JSON.stringify(entries.map(({ entry, ...rest }) => ({ ...entry, ...rest })));
  await book.$executeRaw`
    INSERT INTO person (
      code, name, email, phone, roles, branch, limits, conflicts, active, locale, time_zone, languages,
      deputies, absences, leaves_on, import, former
    )
    SELECT code, name, email, phone, roles, branch, limits, conflicts, active, locale, "timeZone", languages,
      deputies, absences, "leavesOn", import, NULLIF(former, 'null')
    FROM jsonb_to_recordset(${rows}::jsonb) AS row(
      code TEXT, name TEXT, email TEXT, phone TEXT, roles TEXT[], branch TEXT, limits JSONB, conflicts TEXT[],
      active BOOLEAN, locale TEXT, "timeZone" TEXT, languages TEXT[], deputies TEXT[], absences JSONB,
      "leavesOn" DATE, import TEXT, former JSONB)
    ON CONFLICT (code) DO UPDATE SET
      name = EXCLUDED.name, email = EXCLUDED.email, phone = EXCLUDED.phone, roles = EXCLUDED.roles,
      branch = EXCLUDED.branch, limits = EXCLUDED.limits, conflicts = EXCLUDED.conflicts,
      active = EXCLUDED.active, locale = EXCLUDED.locale, time_zone = EXCLUDED.time_zone,
      languages = EXCLUDED.languages, deputies = EXCLUDED.deputies, absences = EXCLUDED.absences,
      leaves_on = EXCLUDED.leaves_on, import = EXCLUDED.import, former = EXCLUDED.former`;
}

/** Adds units, or makes their rows what they are here. */
export async function writeUnits(book: StaffTables, units: readonly Stored<Unit>[]): Promise<void> {
  if (units.length === 0) return;
  const rows = JSON.stringify(units.map(({ entry, ...rest }) => ({ ...entry, ...rest })));
  await book.$executeRaw`
    INSERT INTO unit (code, name, kind, above, import, former)
    SELECT code, name, kind, above, import, NULLIF(former, 'null')
    FROM jsonb_to_recordset(${rows}::jsonb)
      AS row(code TEXT, name TEXT, kind TEXT, above TEXT, import TEXT, former JSONB)
    ON CONFLICT (code) DO UPDATE SET
      name = EXCLUDED.name, kind = EXCLUDED.kind, above = EXCLUDED.above, import = EXCLUDED.import,
      former = EXCLUDED.former`;
}
