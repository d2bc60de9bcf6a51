import { appendFileSync, rmSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import type { Reject } from './notices.ts';

/** The rows that were not filed, as a table that a spreadsheet opens safely: nothing in it is computed. Written anew by each run. */
export function rejectsFile(file: string): { file: string; add(reject: Reject): void; written(): boolean } {
  let rows = 0;
  rmSync(file, { force: true });
  const write = (cells: string[]): void => appendFileSync(file, stringify([cells], { bom: rows === 0, escape_formulas: true }));
  return {
    file,
    add: ({ line, column, reason }) => {
      if (rows === 0) write(['line', 'column', 'reason']);
      rows += 1;
      write([String(line), column, reason]);
    },
    written: () => rows > 0,
  };
}
