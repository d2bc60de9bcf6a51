import { z } from 'zod';
import { instant } from './shapes.ts';

const kept = z.object({ law: z.string(), until: instant });

/** What became of one party, or would become of it. */
const erasedPartySchema = z.object({
  kind: z
    .enum(['erased', 'would-erase', 'already-erased', 'not-yet', 'not-asked'])
    .meta({ description: 'not-asked: may be the same person, and everywhere was not asked for' }),
  claim: z.string(),
  party: z.string(),
  at: instant.optional(),
  by: z.string().optional(),
  kept: z.array(kept).optional().meta({
    description: 'What the law still wants kept, the longest first: it is set aside for the archive key',
  }),
  historyUntil: instant.optional().meta({
    description: 'Until when Temporal keeps the encrypted notice of loss',
  }),
  sentence: z.string().optional().meta({ description: 'Why not' }),
});
export type ErasedParty = z.infer<typeof erasedPartySchema>;

export const erasureSchema = erasedPartySchema.extend({
  policies: z.array(z.string()).optional().meta({
    description:
      'Policies that name the person: their system owns these, and an import without the person removes them',
  }),
  elsewhere: z.array(
    erasedPartySchema.extend({
      isSame: z.boolean().meta({ description: 'The name is the same, too; else only a contact or account' }),
    }),
  ),
});
export type ErasureAnswer = z.infer<typeof erasureSchema>;

/** The key of an erased party, wrapped for the archive key. */
export const setAsideKeySchema = z.object({
  party: z.string(),
  wrapped: z.string(),
  archiveKey: z.string(),
  law: z.string(),
  until: instant,
});
export type SetAsideKey = z.infer<typeof setAsideKeySchema>;

/** A signed line about an erasure. */
export const erasureLineSchema = z.object({
  claim: z.string(),
  party: z.string(),
  reason: z.string(),
  at: instant,
  by: z.string(),
  kept: kept.optional(),
});
export type ErasureLine = z.infer<typeof erasureLineSchema>;
