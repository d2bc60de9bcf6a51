import type { ListedUnit } from '../../own-api/schemas/staff.ts';
import { table } from '../table.ts';
import { indented, inTree } from './tree.ts';

/** The units as a tree. */
export function unitsPage(units: ListedUnit[]): string {
  if (units.length === 0) return 'There are no units.';
  return table(
    ['unit', 'name', 'kind', 'people'],
    inTree(units).map(({ depth, each: { code, name, kind, people } }) => [
      indented(depth, code),
      name,
      kind.replace('-', ' '),
      people === 0 ? '' : String(people),
    ]),
  );
}
