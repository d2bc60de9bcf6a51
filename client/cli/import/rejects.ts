import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { Reject } from './notices.ts';

/**
 * Takes the rows that were not filed, for a table that a spreadsheet opens safely: nothing in it is computed.
 * Begun anew by each run.
 */
export function rejectsFile(file: string): (reject: Reject) => void {
  let rows = 0;
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const write = (cells: string[]): void =>
    appendFileSync(file, stringify([cells], { bom: rows === 0, escape_formulas: true }));
  return ({ line, column, reason }) => {
    if (rows === 0) write(['line', 'column', 'reason']);
    rows += 1;
    write([String(line), column, reason]);
  };
}
