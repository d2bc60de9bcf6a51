import { z } from 'zod';
import { amount, instant } from './shapes.ts';

/** One item of a claim, for people. */
export const itemSchema = z.object({
  id: z.string(),
  object: z.string(),
  party: z.string(),
  stage: z.string(),
  claimed: amount,
  documents: z.array(
    z.object({
      kind: z.string(),
      state: z.string().meta({ description: 'owed, received, accepted, rejected or waived' }),
      by: z.string().optional().meta({ description: 'The substitute that counts in its place' }),
    }),
  ),
  assessment: z
    .object({
      version: z.int(),
      amount,
      by: z.string(),
      cuts: z.array(z.object({ reason: z.string(), amount })).optional(),
    })
    .optional(),
  clock: z
    .object({
      state: z.enum(['running', 'paused', 'stopped']),
      due: instant,
      article: z.string().optional(),
      pausedSince: instant.optional(),
      reached: z.enum(['warning', 'due']).optional(),
    })
    .optional()
    .meta({
      description: 'The time limit of the law for the decision; it pauses while requested papers are missing',
    }),
  signedOff: z
    .record(z.string(), z.object({ version: z.int(), by: z.string() }))
    .meta({ description: 'By sign-off step, such as verify: the version of the assessment and the signer' }),
  payable: amount
    .nullable()
    .meta({ description: 'What is still to be paid, beside what was paid before a second look' }),
  secondLook: z
    .object({ reason: z.string(), paidBefore: amount })
    .optional()
    .meta({ description: 'It was decided before, and is decided anew for this reason' }),
  of: z
    .string()
    .optional()
    .meta({ description: 'Hash of exactly this amount, payee and evidence; an approval must name it' }),
  insuredAs: z
    .string()
    .optional()
    .meta({ description: 'The insured object that it is covered by, where it has another key' }),
  unclear: z
    .array(z.string())
    .optional()
    .meta({ description: 'What nobody knows yet, and cover depends on; the rules release nothing' }),
  risk: z.object({ points: z.int(), factors: z.array(z.string()) }).optional(),
  approvals: z.array(z.object({ by: z.string(), at: instant })),
  approvalsNeeded: z.int(),
  refusal: z
    .object({
      clause: z.string(),
      reasons: z.array(z.string()),
      term: z.string().optional().meta({ description: 'The special term of the policy' }),
      by: z.string(),
      confirmedBy: z.string().optional(),
    })
    .optional(),
  payee: z.object({ party: z.string(), changed: z.boolean() }).nullable(),
  payment: z
    .object({
      id: z.string(),
      state: z.string(),
      amount,
      reason: z.string().optional().meta({ description: 'Why the bank returned it' }),
    })
    .nullable(),
  returned: z.int().meta({ description: 'How often it was returned for rework' }),
  outcome: z
    .object({
      kind: z.string(),
      amount: amount.optional(),
      reference: z.string().optional(),
      clause: z.string().optional(),
      reasons: z.array(z.string()).optional(),
      by: z.string().optional(),
    })
    .nullable(),
});
export type ShownItem = z.infer<typeof itemSchema>;
