import stringWidth from 'string-width';
import { printable } from './terminal.ts';

/**
 * Columns without lines, as wide as their content; a cell may have several lines. A Chinese character takes
 * two columns.
 */
export function table(head: string[], rows: string[][]): string {
  const cells = [head, ...rows].map((row) =>
    row.map((cell) =>
      printable(cell)
        .split('\n')
        .map((text) => ({ text, width: stringWidth(text) })),
    ),
  );
  const widths = head.map((_, column) =>
    cells.reduce((widest, row) => Math.max(widest, ...(row[column] ?? []).map(({ width }) => width)), 0),
  );
  return cells.flatMap((row) => linesOf(row, widths)).join('\n');
}

interface Line {
  text: string;
  width: number;
}

const gap = 2;

/** One line for each line of the highest cell. */
function linesOf(row: Line[][], widths: number[]): string[] {
  const height = Math.max(1, ...row.map((cell) => cell.length));
  const padded = ({ text, width }: Line, column: number): string =>
    text + ' '.repeat((widths[column] ?? 0) - width + gap);
  return Array.from({ length: height }, (_, line) =>
    row
      .map((cell, column) => padded(cell[line] ?? { text: '', width: 0 }, column))
      .join('')
      .trimEnd(),
  );
}

/** `3 claims`, `1 claim`. */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;
