/**
 * The fields of a row of policies or of staff, as mappings and the documentation name them. What is right in
 * them, the schemas beside this file say.
 */
export const bookNames = ['policies', 'staff'] as const;
export type BookName = (typeof bookNames)[number];

/**
 * How the cell of a table becomes the value of a field. `moment`: a day, or a date and time with its zone.
 * `list`: several texts in one cell.
 */
export type FieldKind = 'text' | 'list' | 'amount' | 'day' | 'moment' | 'number' | 'truth';

export interface BookField {
  /** `people[].name`; `*` stands for any name. */
  path: string;
  kind: FieldKind;
  help: string;
}

const text = (path: string, help: string): BookField => ({ path, kind: 'text', help });
const of = (kind: FieldKind, path: string, help: string): BookField => ({ path, kind, help });

const policyFields: readonly BookField[] = [
  text('number', 'the number of the policy'),
  text(
    'endorsement',
    'how you name the endorsement: rows with the same one correct each other; else by `from`',
  ),
  text('line', 'the line of business, such as `motor`'),
  text('jurisdiction', 'whose law counts, such as `CN`'),
  text('branch', 'the unit that handles its claims'),
  text('currency', 'of all its amounts, such as `CNY`'),
  of('moment', 'from', 'in force from this moment, or from midnight of this day in the jurisdiction'),
  of('moment', 'to', 'in force until this moment, or midnight at the beginning of this day'),
  text('wording', 'the wording of its clauses, by the name of its file in `rules/wordings`'),
  text('people[].role', '`policyholder`, `insured`, `driver` or `beneficiary`; one policyholder at least'),
  text('people[].name', 'of a person or a company'),
  text('people[].phone', 'a telephone; the policyholder has this or a mailbox'),
  text('people[].email', 'a mailbox'),
  text('people[].address', 'a postal address'),
  text('people[].identity', 'the number of an identity document'),
  text('people[].account', 'a bank account'),
  text('objects[].object', 'what is insured, as the line names it, such as `insured-vehicle`'),
  text('objects[].plate', 'of a vehicle'),
  text('objects[].vin', 'of a vehicle'),
  text('objects[].model', 'of a vehicle'),
  text('objects[].address', 'of a building or a place'),
  text('objects[].description', 'what it is, in your words'),
  of('amount', 'objects[].sumInsured', 'the most that is paid for it in all claims of the policy'),
  of('amount', 'objects[].excess', 'what the customer bears of each loss'),
  of('number', 'objects[].share', 'how much of the loss above the excess is paid, in percent'),
  of('list', 'objects[].causes', 'the causes of loss that it is insured against; else all of the line'),
  text('special[].number', 'the number of a special term'),
  text('special[].words', 'its words, as the policy has them'),
  text('special[].excludes.object', 'the insured object that it is about; else all'),
  of('list', 'special[].excludes.causes', 'the causes of loss that it excludes'),
];

const staffFields: readonly BookField[] = [
  text('code', 'the staff code of a person'),
  text('name', 'of the person or the unit'),
  text('email', 'for our mails to the person'),
  text('phone', 'the direct line, for customers with a major case'),
  of('list', 'roles', 'the roles, such as `handler`'),
  text('unit', 'the unit that a person works in; in a row without `code`, the unit that the row is about'),
  of('amount', 'limits.*.*', 'by line and currency, such as `limits.motor.CNY`: what the person may decide'),
  of('list', 'conflicts', 'policies and claims that the person is related to'),
  text('locale', 'the language of our mails to the person, such as `zh-CN`'),
  text('timeZone', 'the clock of the person, such as `Asia/Shanghai`'),
  of('list', 'languages', 'other languages that the person speaks with customers'),
  of('list', 'deputies', 'staff codes: who takes the work during an absence, the first who is there'),
  of('day', 'absences[].from', 'the first day of an absence'),
  of('day', 'absences[].until', 'its last day, once it is known'),
  text('absences[].deputy', 'who takes the work during this absence, before all others'),
  of('day', 'leavesOn', 'the last day of the person'),
  of('truth', 'active', 'false for somebody who has left'),
  of('day', 'from', 'the day from which the row counts; else at once'),
  text('kind', 'of a unit: `branch`, `regional-office` or `head-office`'),
  text('above', 'the unit above a unit; none for the head office'),
];

export const bookFields: Readonly<Record<BookName, readonly BookField[]>> = {
  policies: policyFields,
  staff: staffFields,
};

/** The field of a path such as `people[1].name` or `limits.motor.CNY`; undefined where there is none. */
export const fieldAt = (book: BookName, path: string): BookField | undefined =>
  bookFields[book].find(({ path: pattern }) => patternOf(pattern).test(path));

const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path
      .replaceAll('.', '\\.')
      .replaceAll('[]', '\\[(?:0|[1-9]\\d?)\\]')
      .replaceAll('*', '[A-Za-z][A-Za-z-]*')}$`,
  );

/** The path that is written most like this one, with its numbers: a misspelt name means it. */
export function nearestField(book: BookName, path: string): string {
  const [number = '0'] = /\d+/.exec(path) ?? [];
  const written = bookFields[book].map((each) => each.path.replace('[]', `[${number}]`));
  const [nearest = ''] = written.toSorted((one, other) => distance(one, path) - distance(other, path));
  return nearest;
}

/** How many letters must be added, left out or changed. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [at, its] of [...other].entries())
      next.push(
        Math.min((next[at] ?? 0) + 1, (row[at + 1] ?? 0) + 1, (row[at] ?? 0) + (letter === its ? 0 : 1)),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
