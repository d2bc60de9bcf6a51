import Table from 'cli-table3';

const noLines = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'].map((place) => [place, '']),
);

/** Columns without lines, as wide as their content; a cell may have several lines. Chinese characters count as two columns. */
export function table(head: string[], rows: string[][]): string {
  const made = new Table({ head, chars: noLines, style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 } });
  made.push(...rows);
  return made.toString().split('\n').map((line) => line.trimEnd()).join('\n');
}

/** `3 claims`, `1 claim`. */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;
