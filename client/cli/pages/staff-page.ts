import type { Staff } from '../../own-api/schemas/staff.ts';
import { table } from '../table.ts';

/** Who works here; who has left stands there too, for the journal names them. */
export function staffPage(staff: Staff[]): string {
  if (staff.length === 0) return 'The records know nobody.';
  const rows = staff.map(({ code, name, roles, branch, active, waiting }) => [
    code,
    name,
    roles.join(', '),
    branch,
    active ? '' : 'has left',
    waiting ? String(waiting) : '',
  ]);
  const head = ['code', 'name', 'roles', 'branch', '', 'waiting'];
  const example = staff.find(({ active, waiting }) => active && waiting)?.code;
  const next =
    example === undefined ? [] : ['', `What waits for one of them: bin/lipei work --as ${example}`];
  return [table(head, rows), ...next].join('\n');
}

/** For a mistake: `  C-301  郭丽娜  handler, longkou`. */
export const whoIsThere = (staff: Pick<Staff, 'code' | 'name' | 'roles' | 'branch'>[]): string =>
  table(
    ['', '', ''],
    staff.map(({ code, name, roles, branch }) => [`  ${code}`, name, `${roles.join(', ')} (${branch})`]),
  )
    .split('\n')
    .slice(1)
    .join('\n');
