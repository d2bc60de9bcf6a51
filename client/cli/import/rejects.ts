import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { Reject } from './notices.ts';

/**
 * Writes the rejected rows to a CSV file without formulas, so that a spreadsheet opens it safely. Each run
 * starts a new file.
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
