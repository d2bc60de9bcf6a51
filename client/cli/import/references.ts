import { foldedIdentity } from '../../../domain/folding.ts';
import { hashOf } from '../../../domain/hash.ts';
import { BadCell, valueIn } from './cells.ts';
import { firstLines, occurrences } from './occurrences.ts';
import type { TableRow } from './rows.ts';
import type { Table } from './table.ts';

/**
 * The hash of the content, with the number of earlier rows of the same content. The day of import does not
 * count.
 */
export function referenceFromContent({ size }: Table): (row: TableRow) => string {
  const occurrenceOf = occurrences(size);
  return ({ cells }) => {
    const hash = hashOf({ cells: cells.map((cell) => cell.trim()) });
    const occurrence = occurrenceOf(hash);
    return occurrence === 1 ? hash.slice(0, 20) : `${hash.slice(0, 20)}-${occurrence}`;
  };
}

/** The value of one column. Two rows with one reference would be one claim, and the second would be lost. */
export function referenceFromColumn(column: string, { columns, size }: Table): (row: TableRow) => string {
  const firstLineOf = firstLines(size);
  return ({ line, cells }) => {
    const name = foldedIdentity(valueIn(column, cells, columns));
    if (!name) throw new BadCell(column, 'is empty, but it identifies the row');
    const first = firstLineOf(hashOf({ name }), line);
    if (first !== line)
      throw new BadCell(
        column,
        `"${name}" is already the reference of line ${first}; each row needs another one`,
      );
    return name;
  };
}
