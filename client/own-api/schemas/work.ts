import { z } from 'zod';
import { amount, instant } from './shapes.ts';

/** One expectation of a claim. */
export const waitingSchema = z.object({
  from: z.string().meta({ description: 'The party or role that we wait for' }),
  what: z.string().meta({ description: 'The document or the step that we wait for' }),
  item: z.string().optional(),
  since: instant,
  due: instant.meta({ description: 'When it becomes late' }),
  promised: instant.optional().meta({ description: 'Promised date: no chase before it has passed' }),
  next: z
    .object({ do: z.string(), at: instant })
    .meta({ description: 'The next action of Lipei, and its time' }),
});
export type Waiting = z.infer<typeof waitingSchema>;

/** The person to call: personal data, only where it was asked for. */
const callSchema = z.object({
  name: z.string(),
  phone: z.string().optional(),
  locale: z.string(),
  timeZone: z.string(),
});

/** A task of one person. */
export const taskSchema = waitingSchema.extend({
  claim: z.string(),
  id: z.string().meta({
    description:
      'The id of the expectation, such as call:party-1 or post:formal-notice-1-letter; ' +
      'for a closed claim that of the follow-up',
  }),
  followUp: z.string().optional().meta({ description: 'For a closed claim: the id that close-out takes' }),
  act: z
    .string()
    .optional()
    .meta({ description: 'The act that ends it; absent where the person only sees to it that others act' }),
  document: z.string().optional().meta({ description: 'The document to check, as it was handed in' }),
  party: z.string().optional().meta({ description: 'The party to call' }),
  letter: z.string().optional().meta({ description: 'The letter to post' }),
  policy: z.string().optional(),
  amount: amount
    .optional()
    .meta({ description: 'The claimed, assessed, payable or held amount of the item' }),
  currency: z.string().optional(),
  others: z
    .array(
      z.object({
        code: z.string(),
        name: z.string().optional(),
        absent: z
          .object({ until: z.iso.date().nullable() })
          .optional()
          .meta({ description: 'Absent today, or gone; the last day of the absence, or null' }),
      }),
    )
    .meta({ description: 'Who else may take it' }),
  inPlaceOf: z
    .string()
    .optional()
    .meta({ description: 'The colleague who is absent or gone, and whose deputy the person is' }),
  inPlaceOfName: z.string().optional(),
  contact: callSchema.optional(),
});
export type Task = z.infer<typeof taskSchema>;

/** Something that came after the closure and that a person must handle. */
export const followUpSchema = z.object({ id: z.string(), what: z.string(), since: instant });
export type FollowUp = z.infer<typeof followUpSchema>;

export const followUpSettledSchema = z.object({ kind: z.literal('settled') });
