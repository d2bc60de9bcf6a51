import { z } from 'zod';
import type { BookName } from '../../../config/books/fields.ts';
import type { Asking } from '../asking.ts';
import { importSchema, rejectedSchema, stagedSchema, type RejectedRow } from '../schemas/imports.ts';
import { at, searchOf } from './addresses.ts';

/** Imports of policies and of staff. */
export const importCalls = ({ one }: Asking) => {
  const post = <T>(path: string, body: object, answer: z.ZodType<T>) =>
    one({ method: 'POST', path, body, answer });
  return {
    openImport: (book: BookName, source: string) => post('/imports', { book, source }, importSchema),
    /** Adds rows; a line that came before stays as it came first. */
    addRows: (id: string, rows: { line: number; value: unknown }[]) =>
      post(at('imports', id, 'rows'), { rows }, stagedSchema),
    /** Is under way when it answers. */
    takeImport: (id: string, dryRun: boolean) => post(at('imports', id, 'take'), { dryRun }, importSchema),
    dropImport: (id: string) => post(at('imports', id, 'drop'), {}, importSchema),
    /** Answers with the import that undoes the other one; it is under way. */
    undoImport: (id: string) => post(at('imports', id, 'undo'), {}, importSchema),
    imports: () => one({ path: '/imports', answer: z.array(importSchema) }),
    importOf: (id: string) => one({ path: at('imports', id), answer: importSchema }),
    /** All rejected rows, page by page, in the order of their lines. */
    async *rejects(id: string): AsyncGenerator<RejectedRow[]> {
      for (let after = 0; ;) {
        const path = `${at('imports', id, 'rejects')}?${searchOf({ after })}`;
        const page = await one({ path, answer: z.array(rejectedSchema) });
        if (page.length === 0) return;
        yield page;
        after = page.at(-1)?.line ?? after;
      }
    },
  };
};
