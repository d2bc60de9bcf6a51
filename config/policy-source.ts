import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** How the source of policies is asked for those that open claims wait for. */
export const policySourceSettings = z
  .strictObject({
    askEverySeconds: z.int().positive(),
    /** In one round. */
    policiesAtOnce: z.int().positive(),
    timeoutSeconds: z.int().positive(),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'policy-source.json'), 'utf8')));
