import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';

import type { z } from 'zod';

/** Records in the order in which they were added. */
export interface Records<T extends { id: string }> {
  all(): T[];
  find(id: string): T | undefined;
  keep(record: T): T;
}

/**
 * Keeps a stand-in's records over restarts; without a path they live as long as the process. Every change is
 * a line of JSON at the end of the file; the last line of an id counts. An incomplete last line, left by a
 * crash, is removed. Throws if another line is not such a record.
 */
export function recordFile<T extends { id: string }>(
  path: string | undefined,
  schema: z.ZodType<T>,
): Records<T> {
  const records = new Map<string, T>();
  if (path) for (const line of linesOf(path)) put(records, schema.parse(JSON.parse(line)));
  return {
    all: () => [...records.values()],
    find: (id) => records.get(id),
    keep: (record) => {
      if (path) appendFileSync(path, `${JSON.stringify(record)}\n`);
      return put(records, record);
    },
  };
}

function put<T extends { id: string }>(records: Map<string, T>, record: T): T {
  records.set(record.id, record);
  return record;
}

function linesOf(path: string): string[] {
  mkdirSync(dirname(path), { recursive: true });
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole !== text) truncateSync(path, Buffer.byteLength(whole));
  return whole.split('\n').filter((line) => line !== '');
}
