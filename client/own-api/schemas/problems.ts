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
      .meta({ description: 'Each mistake, if there are several' }),
  })
  .meta({
    description:
      'Why it was not done (RFC 9457). ' +
      'Nothing was changed, unless the status is 503 and the detail says otherwise.',
  });
export type ProblemDocument = z.infer<typeof problemSchema>;

/** A claim that a problem blocks. */
export const standingSchema = z.object({
  claim: z.string(),
  problem: z.string().meta({
    description:
      'The problem in words; several are separated by semicolons. ' +
      'If the history of the claim cannot be read, the words come from the engine',
  }),
  parts: z.array(z.enum(partNames)).meta({ description: 'The broken parts; a retry names one of them' }),
  since: z
    .string()
    .optional()
    .meta({ description: 'Since when; only where the records and the runs of claims do not agree' }),
});
export type Standing = z.infer<typeof standingSchema>;

/** A published list of holidays that ends soon, has ended or is wrong. */
export const calendarProblemSchema = z.object({
  state: z.enum(['ends-soon', 'ended', 'wrong']),
  problem: z.string().meta({ description: 'What ends, what counts then, and what operations must do' }),
  jurisdiction: z.string().optional(),
  until: z.string().optional().meta({ description: 'The last day that a published list covers' }),
});

/** What became of a claim that was to be taken up. */
export const resumedSchema = z.object({
  kind: z
    .enum(['taken-up', 'running'])
    .meta({ description: '`running`: it runs already, and compares itself with the records' }),
  claim: z.string(),
});

export const lookingSchema = z.object({ kind: z.literal('asked') });
