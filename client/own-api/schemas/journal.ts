import { z } from 'zod';
import type { JournalEntry } from '../../../domain/claim/journal.ts';
import { instant } from './shapes.ts';

/** The fields of every entry; other fields depend on its kind. */
export const entrySchema = z.looseObject({
  seq: z.int().positive(),
  at: instant,
  by: z.string(),
  kind: z.string(),
  hash: z.string(),
});
export type StoredEntry = z.infer<typeof entrySchema>;

/** An entry for readers. The records keep only entries that `evolve` accepts, so the rest is not checked. */
export const journalEntry = z.custom<JournalEntry & { hash: string }>(
  (value) => entrySchema.safeParse(value).success,
);
