import { z } from 'zod';

export const rebuiltSchema = z.object({ kind: z.literal('rebuilt'), claims: z.int(), entries: z.int() });

/** Which parts of Lipei can be reached. */
export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  parts: z.array(
    z.object({
      name: z.string(),
      ok: z.boolean(),
      detail: z
        .string()
        .optional()
        .meta({ description: 'What is wrong; or, of a part that works, what operations must do soon' }),
      waiting: z.int().optional().meta({ description: 'Number of tasks of claims that wait for a worker' }),
    }),
  ),
});
export type HealthPart = z.infer<typeof healthSchema>['parts'][number];
