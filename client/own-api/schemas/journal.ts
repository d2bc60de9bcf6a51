import { z } from 'zod';
import type { JournalEntry } from '../../../domain/claim/journal.ts';
import { instant } from './shapes.ts';

/** What every entry has; what else it has is a matter of its kind. */
export const entrySchema = z.looseObject({
  seq: z.int().positive(),
  at: instant,
  by: z.string(),
  kind: z.string(),
  hash: z.string(),
});
export type StoredEntry = z.infer<typeof entrySchema>;

/** An entry for who reads it: the records keep only what `evolve` could take, so no more is checked. */
export const journalEntry = z.custom<JournalEntry & { hash: string }>(
  (value) => entrySchema.safeParse(value).success,
);
