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
  shownPayeeSchema,
  telephoneSchema,
} from '../schemas/personal.ts';
import { lookSchema } from '../schemas/looks.ts';
import { longestPage } from '../schemas/lists.ts';
import { at, forPurpose, searchOf } from './addresses.ts';

/** The personal side of a claim: each look is recorded by the API. */
export const personalCalls = ({ one, upTo, bytes }: Asking) => ({
  sentMessage: (no: string, id: string, purpose?: string) =>
    one({ path: forPurpose(at('claims', no, 'notifications', id), purpose), answer: sentNotificationSchema }),
  letter: (no: string, id: string, purpose?: string) =>
    bytes(forPurpose(at('claims', no, 'notifications', id, 'letter.pdf'), purpose)),
  notice: (no: string, purpose?: string) =>
    one({ path: forPurpose(at('claims', no, 'notice'), purpose), answer: keptNoticeSchema }),
  notes: (no: string, purpose?: string) =>
    one({ path: forPurpose(at('claims', no, 'notes'), purpose), answer: z.array(noteSchema) }),
  telephone: (id: string, purpose?: string) =>
    one({ path: forPurpose(at('telephones', id), purpose), answer: telephoneSchema }),
  contactOf: (no: string, party: string, purpose?: string) =>
    one({ path: forPurpose(at('claims', no, 'parties', party, 'contact'), purpose), answer: contactSchema }),
  payeeOf: (no: string, item: string, purpose?: string) =>
    one({ path: forPurpose(at('claims', no, 'items', item, 'payee'), purpose), answer: shownPayeeSchema }),
  attachments: (no: string, purpose?: string) =>
    one({ path: forPurpose(at('claims', no, 'attachments'), purpose), answer: z.array(attachmentSchema) }),
  attachment: (no: string, sha256: string, purpose?: string) =>
    bytes(forPurpose(at('claims', no, 'attachments', sha256), purpose)),
  erase: (no: string, party: string, asked: { reason: string; dryRun?: boolean; everywhere?: boolean }) =>
    one({
      method: 'POST',
      path: no === noClaim ? at('telephones', party, 'erase') : at('claims', no, 'parties', party, 'erase'),
      body: asked,
      answer: erasureSchema,
    }),
  setAside: (no: string) => one({ path: at('claims', no, 'set-aside'), answer: z.array(setAsideKeySchema) }),
  erasures: () => one({ path: at('erasures'), answer: z.array(erasureLineSchema) }),
  readers: (no: string, limit: number) => upTo(limit, looks(at('claims', no, 'readers'), limit)),
  looksBy: (code: string, limit: number) => upTo(limit, looks(at('staff', code, 'looks'), limit)),
});

const looks = (path: string, limit: number) => ({
  path: `${path}?${searchOf({ limit: Math.min(limit, longestPage) })}`,
  answer: z.array(lookSchema),
});
