import type { Change } from '../../own-api/schemas/records.ts';
import { localTime, zoneLine } from '../input/times.ts';
import { table } from '../table.ts';

/** What each change changed, from the oldest to the latest. */
export function historyPage(changes: readonly Change[]): string {
  const rows = changes.map(({ at, role, before, after }) => [
    localTime(at),
    role,
    linesOf(before, after).join('\n'),
  ]);
  return [table(['at', 'by database role', 'change'], rows), '', zoneLine()].join('\n');
}

type Row = Change['before'];

function linesOf(before: Row, after: Row): string[] {
  if (!after) return ['deleted'];
  if (!before) return ['added', ...fieldsOf(after).map(([name, value]) => `${name}: ${value}`)];
  const former = new Map(fieldsOf(before));
  const present = new Map(fieldsOf(after));
  return [...new Set([...former.keys(), ...present.keys()])]
    .filter((name) => former.get(name) !== present.get(name))
    .map((name) => `${name}: ${former.get(name) ?? 'none'} → ${present.get(name) ?? 'none'}`);
}

/** `limits.motor`: one line for each value that is inside another. */
const fieldsOf = (row: object, before = ''): [name: string, value: string][] =>
  Object.entries(row).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    const whole = `${before}${name}`;
    if (Array.isArray(value)) return value.length > 0 ? [[whole, value.join(', ')]] : [];
    if (typeof value === 'object' && value !== null) return fieldsOf(value, `${whole}.`);
    return value === null ? [] : [[whole, String(value)]];
  });
