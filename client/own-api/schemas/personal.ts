import { z } from 'zod';
import { shapeOf } from '../../../config/shape-of.ts';
import { columnFields, requiredFields, shownFields } from '../../../domain/people/party-fields.ts';
import { instant } from './shapes.ts';

/** Personal data, for people whose work needs it. */

export const keptNoticeSchema = z.object({
  source: z.string(),
  reference: z.string(),
  at: instant,
  place: z.string(),
  description: z.string(),
  plates: z.record(z.string(), z.string()).optional().meta({ description: 'Number plates, by item' }),
});
export type KeptNotice = z.infer<typeof keptNoticeSchema>;

export const contactSchema = z.object({
  ...shapeOf(shownFields, () => z.string().optional()),
  ...shapeOf([...requiredFields, ...columnFields], () => z.string()),
});
export type ShownContact = z.infer<typeof contactSchema>;

/** Who is paid, and where. */
export const shownPayeeSchema = z.object({
  party: z.string(),
  name: z.string(),
  accounts: z.array(z.string()).meta({ description: 'All accounts that the party has named' }),
  current: z
    .object({ name: z.string(), account: z.string() })
    .optional()
    .meta({ description: 'The account that the item is to be paid to, and its holder' }),
});
export type ShownPayee = z.infer<typeof shownPayeeSchema>;

export const noteSchema = z.object({ id: z.string(), by: z.string(), at: instant, text: z.string() });
export type Note = z.infer<typeof noteSchema>;

/** A telephone that stands in no claim, and what it has written. */
export const telephoneSchema = z.object({
  id: z.string(),
  phone: z.string(),
  texts: z.array(z.object({ at: instant, text: z.string() })),
});
export type Telephone = z.infer<typeof telephoneSchema>;

export const attachmentSchema = z.object({
  sha256: z.string(),
  type: z.string(),
  size: z.int(),
  document: z.string(),
  item: z.string().optional(),
  party: z.string().meta({ description: 'The party that it is from or about' }),
  erased: z
    .literal(true)
    .optional()
    .meta({ description: 'The party was erased: nobody can read the attachment any more' }),
  by: z.string(),
  at: instant,
});
export type KeptAttachment = z.infer<typeof attachmentSchema>;
