import { unitKinds, type Unit } from '../../domain/people/units.ts';
import { present } from '../../domain/present.ts';
import type { Database } from '../database.ts';

/** The parts of the company, by code. */
export async function unitsOf(database: Pick<Database, 'prepared'>): Promise<Unit[]> {
  const rows = await database.prepared<Row>('units', units, []);
  return rows.map(({ code, name, kind, above }) => ({
    code,
    name,
    kind: unitKinds.find((each) => each === kind) ?? 'branch',
    ...present({ above: above ?? undefined }),
  }));
}

interface Row {
  code: string;
  name: string;
  kind: string;
  above: string | null;
}

const units = 'SELECT code, name, kind, above FROM unit ORDER BY code';
