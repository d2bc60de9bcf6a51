import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const settings = z.strictObject({
  /** After so many nights every journal has been read again from its first entry. */
  everyDays: z.int().min(1).max(366),
  /** What happened less long ago may be on its way: a claim that is being opened or taken up. */
  graceMinutes: z.int().min(1).max(1440),
  /** Without a check, or a file of heads, for so long that is a problem. */
  lateHours: z.int().min(1).max(1000),
});

export type RecordsCheckSettings = z.infer<typeof settings>;

/** How the records are checked: data. */
export const recordsCheckSettings: RecordsCheckSettings = settings.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, 'records-check.json'), 'utf8')),
);
