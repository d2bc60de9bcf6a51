import { z } from 'zod';
import { instant } from './shapes.ts';

/** One line of "whom do we wait for". */
export const waitingSchema = z.object({
  from: z.string().meta({ description: 'Who owes it' }),
  what: z.string().meta({ description: 'The document or the step' }),
  item: z.string().optional(),
  since: instant,
  due: instant.meta({ description: 'When it becomes late' }),
  promised: instant.optional().meta({ description: 'They gave a date: no chasing before it has passed' }),
  next: z
    .object({ do: z.string(), at: instant })
    .meta({ description: 'What Lipei does next about it, and when' }),
});
export type Waiting = z.infer<typeof waitingSchema>;

/** What waits for one person. */
export const taskSchema = waitingSchema.extend({
  claim: z.string(),
  id: z.string().meta({
    description:
      'What is waited for, such as call:party-1 or post:formal-notice-1-letter; of a closed claim the follow-up',
  }),
  followUp: z
    .string()
    .optional()
    .meta({ description: 'Of a closed claim: by which it is said how it was seen to' }),
});
export type Task = z.infer<typeof taskSchema>;

/** What somebody must see to although the claim has closed. */
export const followUpSchema = z.object({ id: z.string(), what: z.string(), since: instant });
export type FollowUp = z.infer<typeof followUpSchema>;

export const followUpSettledSchema = z.object({ kind: z.literal('settled') });
