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
  notBefore: instant.optional().meta({ description: 'Where it has not gone out yet: not before this' }),
});
export type ShownNotification = z.infer<typeof notificationSchema>;

/** The same with its words: personal. */
export const sentNotificationSchema = notificationSchema.extend({
  subject: z.string().optional(),
  text: z.string(),
  html: z.string().optional().meta({ description: 'Of emails, the part that is looked at' }),
});
export type Said = z.infer<typeof sentNotificationSchema>;

/** A message that was decided and has not gone out yet. */
export const unsentSchema = z.object({
  id: z.string(),
  kind: z.string(),
  channel: z.string(),
  to: z.string().meta({ description: "A party's id, a staff code or a role" }),
  notBefore: instant
    .optional()
    .meta({ description: 'Before this it does not go; absent: it goes as soon as a provider takes it' }),
});
export type Unsent = z.infer<typeof unsentSchema>;
