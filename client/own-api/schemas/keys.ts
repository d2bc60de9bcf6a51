import { z } from 'zod';

/** An encryption key, and why it is still needed. */
export const keySchema = z.object({
  id: z.string(),
  here: z.boolean().meta({ description: 'Whether the API has the key' }),
  encrypts: z.boolean(),
  parties: z.int().meta({ description: 'Number of parties’ keys that it wraps' }),
  policies: z.int().meta({ description: 'Number of keys of versions of policies that it wraps' }),
  contacts: z.boolean().meta({ description: 'It wraps the secret for the hashes of contacts' }),
  unchecked: z
    .boolean()
    .meta({ description: 'A program may have wrapped with it lately; a rewrap finds out' }),
  histories: z
    .int()
    .nullable()
    .meta({
      description:
        'Number of runs of claims, open or kept, that began before the next key; ' +
        'null if the engine does not say',
    }),
});
export type KeyUse = z.infer<typeof keySchema>;

export const rewrappedSchema = z.object({
  kind: z.literal('rewrapped'),
  parties: z.int(),
  policies: z.int(),
  next: z.string().optional(),
});

export const revokedSchema = z.object({ kind: z.literal('revoked'), id: z.string() });
