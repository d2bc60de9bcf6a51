import { z } from 'zod';

/** An encryption key, and what it is still needed for. */
export const keySchema = z.object({
  id: z.string(),
  here: z.boolean().meta({ description: 'Whether the API has it' }),
  encrypts: z.boolean(),
  parties: z.int().meta({ description: 'How many parties’ keys it wraps' }),
  contacts: z.boolean().meta({ description: 'It wraps the secret that contacts are hashed under' }),
  messages: z.boolean().meta({ description: 'Words of messages may lie under it; a rewrap looks' }),
  histories: z.int().nullable().meta({
    description:
      'How many runs of claims, open or kept, began while it encrypted, or before; null where the engine does not say',
  }),
});
export type KeyUse = z.infer<typeof keySchema>;

export const rewrappedSchema = z.object({
  kind: z.literal('rewrapped'),
  parties: z.int(),
  messages: z.int(),
  next: z.string().optional(),
});

export const revokedSchema = z.object({ kind: z.literal('revoked'), id: z.string() });
