import { bookFields, type BookName, type FieldKind } from '../../config/books/fields.ts';

/** The fields of a row of policies or of staff, for docs/how-to/connect-the-company-systems.md. */
export const fieldTable = (book: BookName): string =>
  [
    '| field | in a cell | |',
    '|---|---|---|',
    ...bookFields[book].map(({ path, kind, help }) => `| \`${path}\` | ${inCell[kind]} | ${help} |`),
  ].join('\n');

const inCell: Record<FieldKind, string> = {
  text: 'text',
  list: 'texts with the sign of `lists` between them',
  amount: 'amount',
  day: 'date',
  moment: 'date, or date and time',
  number: 'number',
  truth: '`true` or `false`',
};
