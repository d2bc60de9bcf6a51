import { z } from 'zod';
import { partNames } from '../../../domain/claim/problems.ts';

/** Why something was not done (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    field: z.string().optional(),
    reason: z.string().optional(),
    problems: z
      .array(z.object({ field: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: 'Each mistake, where there is more than one' }),
  })
  .meta({
    description:
      'Why it was not done (RFC 9457). Nothing was changed, unless the status is 503 and the detail says otherwise.',
  });
export type ProblemDocument = z.infer<typeof problemSchema>;

/** A claim that stands still because something is broken. */
export const standingSchema = z.object({
  claim: z.string(),
  problem: z.string().meta({
    description:
      'What is broken, in words; several separated by semicolons. What the claim cannot say itself, because its history cannot be read, the engine says',
  }),
  parts: z.array(z.enum(partNames)).meta({ description: 'The parts that are broken: what a retry names' }),
});
export type Standing = z.infer<typeof standingSchema>;
