import { z } from 'zod';
import { instant } from './shapes.ts';

/** A look at personal data, or an attempt. */
export const lookSchema = z.object({
  at: instant,
  by: z.string().meta({ description: 'The staff code of the person who looked' }),
  roles: z.array(z.string()).meta({ description: 'The roles of the person at that moment' }),
  claims: z.array(z.string()),
  policies: z
    .array(z.string())
    .optional()
    .meta({ description: 'Policies of the policy book that were seen' }),
  party: z.string().optional(),
  what: z.string().meta({ description: 'What was looked at; glass: the glass was broken' }),
  purpose: z.string().optional().meta({ description: 'The kind of the task, or the code that was given' }),
  because: z.string().meta({ description: 'task, named, branch, glass, audit, or denied' }),
  reason: z.string().optional().meta({ description: 'For a broken glass: why, in the words of the person' }),
});
export type KeptLook = z.infer<typeof lookSchema>;

/** The answer to a broken glass. */
export const glassBrokenSchema = z.object({
  kind: z.literal('broken'),
  until: instant.meta({ description: 'Until then the claim is open to this person' }),
});
