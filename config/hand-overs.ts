import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const limits = z.strictObject({
  /** Acts that are sent at the same time. */
  atOnce: z.int().min(1).max(16),
  /** Claims that one request hands over: the sender repeats it until nothing is left. */
  inOneRequest: z.int().min(1).max(200),
  /** Claims that one plan has. */
  planned: z.int().min(1).max(10_000),
  /** A person at a terminal is asked before more than so many are handed over. */
  askAbove: z.int().min(0),
});

/** How many claims are handed over together: `config/hand-overs.json`. */
export const handOverLimits = limits.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, 'hand-overs.json'), 'utf8')),
);
