import { z } from 'zod';
import type { JournalEntry } from '../../domain/claim/journal.ts';

/**
 * An entry as the API gives it: the records keep only what `evolve` could take, so the envelope is all that
 * is checked.
 */
export const journalEntry = z.custom<JournalEntry & { hash?: string }>(
  (value) => envelope.safeParse(value).success,
);

const envelope = z.looseObject({
  seq: z.number().int().positive(),
  at: z.iso.datetime(),
  by: z.string(),
  kind: z.string(),
});
