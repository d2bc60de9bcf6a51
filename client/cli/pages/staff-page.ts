import type { Staff } from '../../own-api/schemas/staff.ts';
import { withName, type Named } from '../staff-names.ts';
import { table } from '../table.ts';

/** All members of staff. Former ones too, because the journal names them. */
export function staffPage(staff: Staff[], named: Named): string {
  if (staff.length === 0) return 'No members of staff.';
  const rows = staff.map((each) => [
    each.code,
    each.name,
    each.roles.join(', '),
    withName(each.branch, each.branchName),
    presence(each),
    each.deputies.slice(0, 1).map(named).join(),
    each.waiting ? String(each.waiting) : '',
  ]);
  const head = ['code', 'name', 'roles', 'unit', '', 'deputy', 'waiting'];
  const example = staff.find(({ active, waiting }) => active && waiting)?.code;
  const next = example === undefined ? [] : ['', `The tasks of one of them: bin/lipei work --as ${example}`];
  return [table(head, rows), ...next].join('\n');
}

/** Empty for somebody who is there and stays. */
export function presence({
  active,
  absent,
  leavesOn,
}: Pick<Staff, 'active' | 'absent' | 'leavesOn'>): string {
  if (!active) return 'has left';
  const away = absent && (absent.until === null ? 'absent' : `absent until ${absent.until}`);
  return [away, leavesOn === undefined ? undefined : `last day ${leavesOn}`].filter(Boolean).join(', ');
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
