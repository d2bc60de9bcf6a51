import { fieldMistakes } from '../../config/field-sentences.ts';
import { staffRowSchema } from '../../config/books/staff-row.ts';
import type { Marking } from '../../domain/people/marks.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import type { Book } from '../books/book.ts';
import { leaversWithout } from './leavers.ts';
import { applyPlannedPeople } from './planned.ts';
import { takeRows } from './take-rows.ts';
import { undoImport } from './undo-import.ts';

/**
 * The staff book: units and people. A file may have a part of it: what it leaves out stays as it is, and
 * nobody is ever deleted. Its rows are looked at together with the whole book, so that their order does not
 * matter. Telephones, mailboxes, accounts and plates that people are related to become marks.
 */
export function staffBook({ mark, packs }: { mark: Marking; packs: readonly RulePack[] }): Book {
  const read = staffRowSchema(packs);
  return {
    read(value) {
      const result = read(value);
      if (!result.success)
        return { kind: 'rejected', mistakes: fieldMistakes(result.error), ...keyIn(value) };
      const row = result.data;
      if (row.about === 'unit') return { kind: 'read', key: unitKey(row.code), row };
      const { conflicts, ...rest } = row;
      const marks = conflicts?.map((one) => ('number' in one ? one.number : mark(one.kind, one.written)));
      return { kind: 'read', key: personKey(row), row: { ...rest, ...(marks && { conflicts: marks }) } };
    },
    async take(books, of, { dryRun, progress }) {
      if (!dryRun) await applyPlannedPeople(books, of.now);
      const took = await books.$transaction((book) => takeRows(book, of, dryRun), ofThousands);
      progress?.(took.counts.rows);
      return { ...took.counts, warnings: await leaversWithout(books, took, of.now) };
    },
    undo: (books, of, undone) => books.$transaction((book) => undoImport(book, of, undone), ofThousands),
  };
}

const ofThousands = { timeout: 120_000, maxWait: 10_000 };

const unitKey = (code: string): string => `unit/${code}`;

/** What counts from a later day is about something else. */
const personKey = ({ code, from = '' }: { code: string; from?: string }): string =>
  `person/${code}${from === '' ? '' : `/${from}`}`;

/** As far as it can be read, so that the other rows of the same person are not taken without this one. */
function keyIn(value: unknown): { key?: string } {
  if (typeof value !== 'object' || value === null) return {};
  const { code, unit, from } = { code: undefined, unit: undefined, from: undefined, ...value };
  if (typeof code === 'string')
    return { key: personKey({ code, from: typeof from === 'string' ? from : '' }) };
  return typeof unit === 'string' ? { key: unitKey(unit) } : {};
}
