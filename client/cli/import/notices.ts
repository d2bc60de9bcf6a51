import type { ImportMap } from '../../../config/import-map.ts';
import { present } from '../../../domain/present.ts';
import type { WrittenAmount } from '../../../config/notice/written-amount.ts';
import { amountOf, BadCell, columnsIn, filledIn, instantOf, startOfDay } from './cells.ts';
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
  const named = { reference: map.reference === undefined ? '' : `{${map.reference}}`, notice: map.notice };
  const mistake = mistakeInMap(table, map, named, ['@reference', '@today']);
  if (mistake !== undefined) throw new Error(mistake);
  return mapped(table, map, now);
}

async function* mapped(table: Table, map: ImportMap, now: Date): AsyncGenerator<Mapped> {
  const referenceOf =
    map.reference === undefined ? referenceFromContent(table) : referenceFromColumn(map.reference, table);
  const today = startOfDay(now, map.dates.zone);
  for await (const row of table.rows()) {
    try {
      requireWhole(row, table);
      const reference = referenceOf(row);
      yield { kind: 'notice', line: row.line, notice: noticeOf(row, { reference, today }, table, map) };
    } catch (fault) {
      yield rejectOf(row, fault);
    }
  }
}

/** The row as a reject; another fault is thrown. */
export function rejectOf({ line }: TableRow, fault: unknown): { kind: 'reject' } & Reject {
  if (!(fault instanceof BadCell)) throw fault;
  return { kind: 'reject', line, column: fault.column, reason: fault.message };
}

/** Throws a BadCell for a row with more or fewer cells than the header, or a stray quotation mark. */
export function requireWhole({ line, cells, misquoted: wrong }: TableRow, table: Table): void {
  if (wrong) throw misquoted(line, wrong, table);
  if (cells.length !== table.columns.length)
    throw new BadCell('', `the row has ${cells.length} cells, the header ${table.columns.length}`);
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

function noticeOf(
  row: TableRow,
  { reference, today }: { reference: string; today: string },
  table: Table,
  map: ImportMap,
): RowNotice {
  const own = { '@reference': reference, '@today': today };
  const filled = (expression: string): string => filledIn(expression, { row, table, map, own });
  const { policy, lossAt, cause, place, description, parties, items } = map.notice;
  return {
    source: map.source,
    reference,
    policy: filled(policy),
    lossAt: instantOf(filled(lossAt), lossAt, map),
    ...withoutEmpty({ cause: cause === undefined ? '' : filled(cause) }),
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
      claimed: signed(amountOf(filled(claimed), claimed, map)),
      ...withoutEmpty({ plate: plate === undefined ? '' : filled(plate) }),
    })),
  };
}

/** With its currency sign, if it has one: the API compares it with the policy's currency. */
const signed = ({ number, sign }: WrittenAmount): string => (sign ? `${sign} ${number}` : number);

/** An empty cell means that there is no such contact, plate or cause. */
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
