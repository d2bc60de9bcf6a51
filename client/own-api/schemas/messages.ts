import { z } from 'zod';
import { messageStates } from '../../../domain/messages/ledger.ts';
import { instant } from './shapes.ts';

/** What was said to whom, and how far it got. */
export const notificationSchema = z.object({
  id: z.string(),
  kind: z.string(),
  channel: z.string(),
  to: z.string().meta({ description: "A party's id, a staff code or a role" }),
  state: z.string().meta({ description: `One of ${messageStates.join(', ')}` }),
  at: instant,
  errorCode: z.string().optional(),
});
export type ShownNotification = z.infer<typeof notificationSchema>;

/** The same with its words: personal. */
export const spokenSchema = notificationSchema.extend({
  subject: z.string().optional(),
  text: z.string(),
  html: z.string().optional().meta({ description: 'Of emails, the part that is looked at' }),
});
export type Said = z.infer<typeof spokenSchema>;
