import { z } from 'zod';
import { messageStates } from '../../../domain/messages/ledger.ts';
import { instant } from './shapes.ts';

/** A notification, its recipient and its state. */
export const notificationSchema = z.object({
  id: z.string(),
  kind: z.string(),
  channel: z.string(),
  to: z.string().meta({ description: "A party's id, a staff code or a role" }),
  state: z.string().meta({ description: `One of ${messageStates.join(', ')}` }),
  at: instant,
  errorCode: z.string().optional(),
  notBefore: instant.optional().meta({ description: 'If it is not sent yet: the earliest time' }),
});
export type ShownNotification = z.infer<typeof notificationSchema>;

/** The same with its text, which is personal. */
export const sentNotificationSchema = notificationSchema.extend({
  subject: z.string().optional(),
  text: z.string(),
  html: z.string().optional().meta({ description: 'The HTML part of an email' }),
});
export type NotificationText = z.infer<typeof sentNotificationSchema>;

/** What a party will read, by each channel that the rules name. */
export const previewedSchema = z.array(
  z.object({
    channel: z.string(),
    locale: z.string(),
    subject: z.string().optional(),
    text: z.string(),
  }),
);

/** A message that is planned and not sent yet. */
export const unsentSchema = z.object({
  id: z.string(),
  kind: z.string(),
  channel: z.string(),
  to: z.string().meta({ description: "A party's id, a staff code or a role" }),
  notBefore: instant
    .optional()
    .meta({ description: 'The earliest time to send it; absent: as soon as a provider takes it' }),
});
export type Unsent = z.infer<typeof unsentSchema>;
