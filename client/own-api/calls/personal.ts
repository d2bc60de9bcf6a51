import { z } from 'zod';
import { noClaim } from '../../../domain/claim/claims-named.ts';
import type { Asking } from '../asking.ts';
import { erasureLineSchema, erasureSchema, setAsideKeySchema } from '../schemas/erasures.ts';
import { sentNotificationSchema } from '../schemas/messages.ts';
import {
  attachmentSchema,
  contactSchema,
  keptNoticeSchema,
  noteSchema,
  telephoneSchema,
} from '../schemas/personal.ts';
import { at } from './addresses.ts';

/** The personal side of a claim: each look is logged by the API. */
export const personalCalls = ({ one, bytes }: Asking) => ({
  sentMessage: (no: string, id: string) =>
    one({ path: at('claims', no, 'notifications', id), answer: sentNotificationSchema }),
  letter: (no: string, id: string) => bytes(at('claims', no, 'notifications', id, 'letter.pdf')),
  notice: (no: string) => one({ path: at('claims', no, 'notice'), answer: keptNoticeSchema }),
  notes: (no: string) => one({ path: at('claims', no, 'notes'), answer: z.array(noteSchema) }),
  telephone: (id: string) => one({ path: at('telephones', id), answer: telephoneSchema }),
  contactOf: (no: string, party: string) =>
    one({ path: at('claims', no, 'parties', party, 'contact'), answer: contactSchema }),
  attachments: (no: string) =>
    one({ path: at('claims', no, 'attachments'), answer: z.array(attachmentSchema) }),
  erase: (no: string, party: string, asked: { reason: string; dryRun?: boolean; everywhere?: boolean }) =>
    one({
      method: 'POST',
      path: no === noClaim ? at('telephones', party, 'erase') : at('claims', no, 'parties', party, 'erase'),
      body: asked,
      answer: erasureSchema,
    }),
  setAside: (no: string) => one({ path: at('claims', no, 'set-aside'), answer: z.array(setAsideKeySchema) }),
  erasures: () => one({ path: at('erasures'), answer: z.array(erasureLineSchema) }),
  attachment: (no: string, sha256: string) => bytes(at('claims', no, 'attachments', sha256)),
});
