import type { Staff } from '../../own-api/schemas/staff.ts';
import { table } from '../table.ts';

/** All members of staff. Former ones too, because the journal names them. */
export function staffPage(staff: Staff[]): string {
  if (staff.length === 0) return 'There are no members of staff.';
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
  const next = example === undefined ? [] : ['', `The tasks of one of them: bin/lipei work --as ${example}`];
  return [table(head, rows), ...next].join('\n');
}

/** For an error message: `  C-301  郭丽娜  handler (longkou)`. */
export const whoIsThere = (staff: Pick<Staff, 'code' | 'name' | 'roles' | 'branch'>[]): string =>
  table(
    ['', '', ''],
    staff.map(({ code, name, roles, branch }) => [`  ${code}`, name, `${roles.join(', ')} (${branch})`]),
  )
    .split('\n')
    .slice(1)
    .join('\n');
