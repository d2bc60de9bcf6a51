import type { Database } from '../database.ts';

/** Names by code, of members of staff and of units. */
export interface Names {
  staff: ReadonlyMap<string, string>;
  units: ReadonlyMap<string, string>;
}

/** The names of these codes; a code that nobody has is left out. */
export async function namesOf(
  database: Pick<Database, 'prepared'>,
  codes: { staff?: Iterable<string>; units?: Iterable<string> },
): Promise<Names> {
  const rows = await database.prepared<{ kind: string; code: string; name: string }>('names', names, [
    [...new Set(codes.staff ?? [])],
    [...new Set(codes.units ?? [])],
  ]);
  const ofKind = (wanted: string) =>
    new Map(rows.filter(({ kind }) => kind === wanted).map(({ code, name }) => [code, name]));
  return { staff: ofKind('staff'), units: ofKind('unit') };
}

const names = `
  SELECT 'staff' AS kind, code, name FROM person WHERE code = ANY($1)
  UNION ALL SELECT 'unit', code, name FROM unit WHERE code = ANY($2)`;
