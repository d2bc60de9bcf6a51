import type { Import } from '../../own-api/schemas/imports.ts';
import { localTime } from '../input/times.ts';
import { table } from '../table.ts';

export interface FirstReject {
  line: number;
  column?: string;
  reason?: string;
}

/** What an import has changed, or would change, and how to undo it. */
export function changesPage(
  { id, counts }: Pick<Import, 'id' | 'counts'>,
  {
    dryRun,
    rejected,
    size,
    encoding,
    file,
    first,
  }: {
    dryRun: boolean;
    rejected: number;
    size: number;
    encoding: string;
    file: string;
    first: FirstReject[];
  },
): string {
  const { added = 0, changed = 0, same = 0, warnings = [] } = counts;
  const where = rejected > 0 ? `: see ${file}` : '';
  const all = dryRun
    ? `${added} would be added, ${changed} changed; ${same} are as they are, ${rejected} rejected${where}. ` +
      'Nothing was changed.'
    : `${added} added, ${changed} changed, ${same} as they are, ${rejected} rejected${where}.`;
  const undoing = !dryRun && added + changed > 0 ? [`To undo the import: bin/lipei imports undo ${id}`] : [];
  return [
    `${size} rows, read as ${encoding}: ${all}`,
    ...(dryRun ? firstOfEach(counts) : []),
    ...first.map(({ line, column, reason = '' }) => `line ${line}: ${column ? `${column}: ` : ''}${reason}`),
    ...warnings.slice(0, shownWarnings),
    ...(warnings.length > shownWarnings
      ? [`${warnings.length - shownWarnings} more of that kind: bin/lipei imports show ${id}`]
      : []),
    ...undoing,
  ].join('\n');
}

const shownWarnings = 10;

const firstOfEach = ({ first, added = 0, changed = 0, same = 0 }: Import['counts']): string[] =>
  first
    ? [
        listed('added', first.added, added),
        listed('changed', first.changed, changed),
        listed('as they are', first.same, same),
      ].flat()
    : [];

const listed = (what: string, names: string[], all: number): string[] =>
  names.length === 0 ? [] : [`${what}: ${names.join(', ')}${all > names.length ? ' …' : ''}`];

export function importsPage(imports: Import[]): string {
  if (imports.length === 0) return 'Nothing was imported yet.';
  return table(
    ['import', 'book', 'source', 'by', 'at', '', ''],
    imports.map(({ id, book, source, by, at, state, counts }) => [
      id,
      book,
      source,
      by,
      localTime(at),
      state,
      state === 'dropped' ? '' : countsInWords(counts),
    ]),
  );
}

function countsInWords({
  rows,
  added,
  changed,
  same,
  rejected,
  restored,
  left,
  done,
  fault,
}: Import['counts']) {
  if (fault !== undefined) return 'failed';
  if (restored !== undefined) return `${restored} restored, ${left?.length ?? 0} left`;
  if (done !== undefined) return `${done} rows done`;
  return rows === undefined
    ? ''
    : `${rows} rows: ${added ?? 0} added, ${changed ?? 0} changed, ${same ?? 0} as they are, ` +
        `${rejected ?? 0} rejected`;
}

export function importPage(one: Import): string {
  const { counts, undoes } = one;
  return [
    importsPage([one]),
    ...(undoes === undefined ? [] : [`It undoes import ${undoes}.`]),
    ...(counts.left ?? []).map((each) => `${each} stays: it was changed again since, or others rest on it`),
    ...(counts.warnings ?? []),
    ...(counts.fault === undefined ? [] : [counts.fault]),
  ].join('\n');
}
