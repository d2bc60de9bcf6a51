import { z } from 'zod';
import { bookNames } from '../../../config/books/fields.ts';
import { instant } from './shapes.ts';

/** What a company's systems fill: the policies, and the members of staff with their units. */
export const bookSchema = z.enum(bookNames);

/** As the records have them (records/books/imports.ts). */
const importStates = ['open', 'checking', 'taking', 'taken', 'undone', 'dropped'] as const;

const names = z.array(z.string());
const count = z.int().nonnegative();

export const importSchema = z.object({
  id: z.string(),
  book: bookSchema,
  source: z.string().meta({ description: 'The name of the file, or of the system that pushes' }),
  by: z.string().meta({ description: 'Staff code; owner for an import on the machine of the API' }),
  at: instant,
  state: z.enum(importStates).meta({
    description:
      'open: rows may be added, and it may be taken. checking: a dry run is under way, then it is open ' +
      'again. taking: it is being taken, or waits for its turn. undone: by a later import. ' +
      'dropped: nothing of it was taken',
  }),
  counts: z.object({
    rows: count.optional(),
    rejected: count.optional(),
    added: count.optional(),
    changed: count.optional(),
    same: count.optional().meta({ description: 'Rows that change nothing' }),
    first: z
      .object({ added: names, changed: names, same: names })
      .optional()
      .meta({ description: 'The first few of each kind' }),
    warnings: names.optional().meta({ description: 'What was taken, and needs somebody' }),
    done: count.optional().meta({ description: 'How many rows are done so far' }),
    restored: count.optional().meta({ description: 'Of an undoing: what is as it was before' }),
    left: names.optional().meta({ description: 'Of an undoing: what a later import has changed again' }),
    fault: z.string().optional().meta({ description: 'Why it was not taken, although it should have been' }),
  }),
  endedAt: instant.optional(),
  undoes: z.string().optional().meta({ description: 'The import that this one undoes' }),
});
export type Import = z.infer<typeof importSchema>;

export const stagedSchema = z.object({
  added: count,
  before: count.meta({ description: 'Rows whose line had come before: they stay as they came first' }),
  rejected: count.meta({ description: 'Rows that cannot be read; GET /imports/:id/rejects has why' }),
});

export const rejectedSchema = z.object({
  line: z.int(),
  mistakes: z.array(z.object({ field: z.string(), reason: z.string() })),
});
export type RejectedRow = z.infer<typeof rejectedSchema>;
