import type { ImportMap } from '../../../config/import-map.ts';
import { readNotice } from '../../../config/notice/read.ts';
import { instantOf } from '../../../domain/time/time.ts';
import { columnOf, type Mapped, type Reject } from './notices.ts';

const firstFew = 5;

export interface Tried {
  rows: number;
  mapped: number;
  rejected: number;
  firstRejects: Reject[];
  /** The first notice of loss, as it would be filed. */
  sample?: object;
}

/**
 * Does everything except filing: reads each notice as the API reads it. Mistakes that only the records can
 * show, such as an unknown policy, appear when it is filed.
 */
export async function tryAll(
  notices: AsyncIterable<Mapped>,
  map: ImportMap,
  now: Date,
  reject: (each: Reject) => void,
): Promise<Tried> {
  const tried: Tried = { rows: 0, mapped: 0, rejected: 0, firstRejects: [] };
  for await (const each of notices) {
    tried.rows += 1;
    const found = each.kind === 'reject' ? each : mistakeIn(each, map, now);
    if (found) {
      tried.rejected += 1;
      if (tried.firstRejects.length < firstFew)
        tried.firstRejects.push({ line: found.line, column: found.column, reason: found.reason });
      reject(found);
    } else if (each.kind === 'notice') {
      tried.mapped += 1;
      tried.sample ??= each.notice;
    }
  }
  return tried;
}

function mistakeIn(
  { line, notice }: Extract<Mapped, { kind: 'notice' }>,
  map: ImportMap,
  now: Date,
): Reject | undefined {
  const reading = readNotice(notice, { now: instantOf(now.getTime()) });
  return reading.kind === 'malformed'
    ? { line, column: columnOf(reading.field ?? '', map), reason: reading.sentence }
    : undefined;
}
