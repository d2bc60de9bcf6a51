import type { ImportMap } from '../../../config/import-map.ts';
import { present } from '../../../domain/present.ts';
import { amountOf, BadCell, columnsIn, filledIn, instantOf } from './cells.ts';
import { mistakeInMap } from './placeholders.ts';
import { referenceFromColumn, referenceFromContent } from './references.ts';
import type { TableRow } from './rows.ts';
import type { Table } from './table.ts';

/** Why a row is not filed: its line, its column and a reason. */
export interface Reject {
  line: number;
  column: string;
  reason: string;
}

/** A notice of loss made from a row. The API checks whether it is valid. */
export interface RowNotice {
  source: string;
  reference: string;
  [field: string]: unknown;
}

export type Mapped = { kind: 'notice'; line: number; notice: RowNotice } | ({ kind: 'reject' } & Reject);

/**
 * Makes a notice of loss from each row of a table. Throws an Error with one sentence when the mapping names a
 * column or a table that does not exist. The same file gives the same references on any day.
 */
export function noticesOf(table: Table, map: ImportMap, now: Date): AsyncIterable<Mapped> {
  const mistake = mistakeInMap(table, map);
  if (mistake !== undefined) throw new Error(mistake);
  return mapped(table, map, now);
}

async function* mapped(table: Table, map: ImportMap, now: Date): AsyncGenerator<Mapped> {
  const referenceOf =
    map.reference === undefined ? referenceFromContent(table) : referenceFromColumn(map.reference, table);
  for await (const row of table.rows()) {
    try {
      if (row.misquoted) throw misquoted(row.line, row.misquoted, table);
      const reference = referenceOf(row);
      yield { kind: 'notice', line: row.line, notice: noticeOf(row, reference, table, map, now) };
    } catch (fault) {
      if (!(fault instanceof BadCell)) throw fault;
      yield { kind: 'reject', line: row.line, column: fault.column, reason: fault.message };
    }
  }
}

function misquoted(
  line: number,
  { cell, toLine }: NonNullable<TableRow['misquoted']>,
  { columns }: Table,
): BadCell {
  const swallowed = toLine > line ? `; as it is, the row ends on line ${toLine}` : '';
  return new BadCell(
    columns[cell] ?? '',
    'has a quotation mark in the wrong place: ' +
      `put the cell in quotation marks and double those within it${swallowed}`,
  );
}

function noticeOf(row: TableRow, reference: string, table: Table, map: ImportMap, now: Date): RowNotice {
  if (row.cells.length !== table.columns.length)
    throw new BadCell('', `the row has ${row.cells.length} cells, the header ${table.columns.length}`);
  const filled = (expression: string): string => filledIn(expression, { row, reference, table, map, now });
  const { policy, lossAt, place, description, parties, items } = map.notice;
  return {
    source: map.source,
    reference,
    policy: filled(policy),
    lossAt: instantOf(filled(lossAt), lossAt, map),
    place: filled(place),
    description: filled(description),
    parties: parties.map((party) =>
      withoutEmpty(
        Object.fromEntries(
          Object.entries(party).map(([field, expression]) => [field, filled(String(expression))]),
        ),
      ),
    ),
    items: items.map(({ object, party, claimed, plate }) => ({
      object: filled(object),
      party: filled(party),
      claimed: amountOf(filled(claimed), claimed, map),
      ...withoutEmpty({ plate: plate === undefined ? '' : filled(plate) }),
    })),
  };
}

/** An empty cell means that there is no such contact or plate. */
const withoutEmpty = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));

/**
 * The columns that fill a field of the notice, named as in the API, such as items[0].claimed. The field
 * itself where no column fills it.
 */
export function columnOf(field: string, map: ImportMap): string {
  const expression = field
    .split(/[.[\]]+/)
    .filter(Boolean)
    .reduce<unknown>((value, key) => Object.entries(value ?? {}).find(([name]) => name === key)?.[1], {
      ...map.notice,
      ...present({ reference: map.reference === undefined ? undefined : `{${map.reference}}` }),
    });
  return (typeof expression === 'string' && columnsIn(expression)) || field;
}
