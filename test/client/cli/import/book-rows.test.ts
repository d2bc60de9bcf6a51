import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { rowsOfLines, rowsOfTable, type BookRow } from '../../../../client/cli/import/book-rows.ts';
import { openJsonLines } from '../../../../client/cli/import/json-lines.ts';
import { openTable } from '../../../../client/cli/import/table.ts';
import { bookFields, fieldAt, nearestField } from '../../../../config/books/fields.ts';
import { policyRowSchema } from '../../../../config/books/policy-schema.ts';
import { readPolicyRow } from '../../../../config/books/policy-row.ts';
import { personRow, staffRowSchema, unitRow } from '../../../../config/books/staff-row.ts';
import { projectRoot } from '../../../../config/env.ts';
import { houseRules } from '../../../../config/rules/load.ts';
import { markingWith } from '../../../../security/marks.ts';
import { readBookMap } from '../../../../config/import-map.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const directory = temporaryDirectory();
const file = (name: string, content: string | Buffer): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};

async function all(rows: AsyncIterable<BookRow>): Promise<BookRow[]> {
  const found: BookRow[] = [];
  for await (const each of rows) found.push(each);
  return found;
}

const map = {
  for: 'policies',
  source: 'core',
  numbers: { thousands: ',' },
  dates: { format: 'yyyy/M/d', toIsLastDay: true },
  lists: '、',
  tables: { products: { 车险: 'motor', '*': 'other' } },
  row: {
    number: '{保单号}',
    line: '{险种|products}',
    currency: 'CNY',
    from: '{起保}',
    to: '{终保}',
    'people[0].role': 'policyholder',
    'people[0].name': '{投保人}',
    'people[1].role': 'driver',
    'people[1].name': '{驾驶人}',
    'objects[0].object': 'insured-vehicle',
    'objects[0].sumInsured': '{保额}',
    'objects[0].share': '{比例}',
    'objects[0].causes': '{责任}',
    'special[0].number': '{特约号}',
    'special[0].words': '{特约}',
  },
};
const header = '保单号,险种,起保,终保,投保人,驾驶人,保额,比例,责任,特约号,特约';
const row = 'P-1,车险,2026/1/1,2026/12/31,王芳,,"500,000.00",90,碰撞、火灾,T1,不保涉水';

async function mapped(lines: string[], mapping: object = map): Promise<BookRow[]> {
  const table = await openTable(file('rows.csv', `${[header, ...lines].join('\n')}\n`), {});
  const rows = rowsOfTable('policies', table, readBookMap('policies', JSON.stringify(mapping), 'map.json'));
  return all(rows.rows());
}

test('a row of a table becomes a row of policies: constants, value tables, dates, amounts and lists', async () => {
  expect(await mapped([row])).toEqual([
    {
      kind: 'row',
      line: 2,
      value: {
        number: 'P-1',
        line: 'motor',
        currency: 'CNY',
        from: '2026-01-01',
        to: '2027-01-01',
        people: [{ role: 'policyholder', name: '王芳' }],
        objects: [
          { object: 'insured-vehicle', sumInsured: '500000.00', share: 90, causes: ['碰撞', '火灾'] },
        ],
        special: [{ number: 'T1', words: '不保涉水' }],
      },
    },
  ]);
});

test('a time of the day is that of the zone, and 24:00 is the next midnight', async () => {
  const dates = { format: 'yyyy-MM-dd HH:mm', zone: 'America/New_York' };
  const [first] = await mapped(
    [row.replace('2026/1/1', '2026-03-08 00:30').replace('2026/12/31', '2026-12-31 24:00')],
    {
      ...map,
      dates,
    },
  );
  expect(first).toMatchObject({
    value: { from: '2026-03-08T00:30:00.000-05:00', to: '2027-01-01T00:00:00.000-05:00' },
  });
});

test.each([
  [
    'an amount of another currency',
    row.replace('500,000.00', '$500'),
    '保额',
    'is in $, and it should be in CNY',
  ],
  [
    'thousands in the wrong place',
    row.replace('500,000.00', '5,00'),
    '保额',
    'is not an amount such as 1,234.50',
  ],
  [
    'a day that does not exist',
    row.replace('2026/1/1', '2026/2/30'),
    '起保',
    'not a date written as yyyy/M/d',
  ],
  ['a formula', row.replace('王芳', '=A1'), '投保人', 'like a formula'],
  ['a cell too many', `${row},x`, '', '12 cells, the header 11'],
  ['a stray quotation mark', row.replace('王芳', '王"芳"'), '投保人', 'quotation mark in the wrong place'],
])('%s rejects the row, and no other', async (_, wrong, column, reason) => {
  const rows = await mapped([wrong, row]);
  expect(rows[0]).toEqual({ kind: 'reject', line: 2, column, reason: expect.stringContaining(reason) });
  expect(rows[1]).toMatchObject({ kind: 'row', line: 3 });
});

test.each([
  [{ ...map, for: 'claims' }, 'map.json: for must be policies.'],
  [{ ...map, row: { numbr: '{保单号}' } }, 'row.numbr is no field of policies; the nearest is number.'],
  [
    { ...map, row: { 'people[2].nam': 'x' } },
    'people[2].nam is no field of policies; the nearest is people[2].name.',
  ],
  [{ ...map, row: {} }, 'at least one field'],
  [{ ...map, dates: { format: 'yyyy-MM-dd HH:mm' } }, 'dates.zone is missing: the format has a time'],
  [{ ...map, row: { number: '{Number}' } }, 'names the column "Number", but the file has only 保单号'],
  [
    { ...map, row: { line: '{险种|kinds}' } },
    'names the table "kinds", but it has only these tables: products',
  ],
  [{ ...map, row: { line: '{@today}' } }, 'names {@today}, which does not exist for policies and staff'],
])('a mapping with a mistake stops before anything is read: %#', async (mapping, sentence) => {
  await expect(mapped([row], mapping)).rejects.toThrow(sentence);
});

test('columns that are named as fields need no mapping; a misspelt one is said with the nearest', async () => {
  const good =
    'code,name,roles,unit,limits.motor.CNY,absences[0].from,active\nC-1,李,handler;verifier,longkou,5000.50,2026-12-24,true\n';
  const rows = rowsOfTable('staff', await openTable(file('staff.csv', good), {}), undefined);
  expect(await all(rows.rows())).toEqual([
    {
      kind: 'row',
      line: 2,
      value: {
        code: 'C-1',
        name: '李',
        roles: ['handler', 'verifier'],
        unit: 'longkou',
        limits: { motor: { CNY: '5000.50' } },
        absences: [{ from: '2026-12-24' }],
        active: true,
      },
    },
  ]);
  expect(rows.columnOf('roles[1]')).toBe('roles');
  const wrong = await openTable(file('wrong.csv', 'code,nmae\nC-1,x\n'), {});
  expect(() => rowsOfTable('staff', wrong, undefined)).toThrow(
    '"nmae" is no field of staff; the nearest is "name"',
  );
});

const object = '{"number":"P-1"}';

test.each<[string, string, string | Buffer, string]>([
  ['a line of JSON', 'cut.jsonl', `${object}\n{"number":"P-`, 'ends in the middle of line 2: it was cut off'],
  [
    'a character',
    'half.jsonl',
    Buffer.from(`${object}\n{"number":"保`).subarray(0, -1),
    'middle of a character',
  ],
  [
    'a row of a table',
    'cut.csv',
    'a,b,c\n1,2,3\n4,5',
    'ends with 2 cells in its last row, of 3: it was cut off',
  ],
  ['a quoted cell', 'open.csv', 'a,b\n1,"x\n2,3', 'it was cut off, or a quotation mark is never closed'],
  ['nothing', 'empty.jsonl', '', 'is empty'],
  ['blank lines', 'blank.jsonl', '\n \n', 'is empty'],
  ['a header', 'header.csv', 'a,b\n', 'has a header and no rows'],
  ['a header with a name twice', 'twice.csv', 'a,a\n1,2\n', 'has the column "a" twice'],
  ['a NUL', 'nul.jsonl', '{"number":"\0"}\n', 'has a NUL byte on line 1'],
  ['a line of ten megabytes', 'long.csv', `a\n"${'x'.repeat(10_000_000)}`, 'more than 100,000 characters'],
])('a file with, or cut off in, %s is said before anything is sent', async (_, name, content, sentence) => {
  const path = file(name, content);
  const opened = name.endsWith('.csv') ? openTable(path, {}) : openJsonLines(path, undefined);
  await expect(opened).rejects.toThrow(sentence);
});

test('lines of JSON: those that are none, or too long, are rejected with their line', async () => {
  const lines = [object, '', '{broken}', `"${'x'.repeat(200_000)}"`, object].join('\r\n');
  const encodings: [string, Buffer][] = [
    ['utf-8', Buffer.from(`\uFEFF${lines}`)],
    ['utf-16le', Buffer.from(`\uFEFF${lines}`, 'utf16le')],
  ];
  for (const [encoding, content] of encodings) {
    const opened = await openJsonLines(file(`${encoding}.jsonl`, content), undefined);
    expect([opened.encoding, opened.size]).toEqual([encoding, 4]);
    expect(await all(rowsOfLines(opened).rows())).toEqual([
      { kind: 'row', line: 1, value: { number: 'P-1' } },
      { kind: 'reject', line: 3, column: '', reason: expect.stringContaining('the line is not JSON') },
      { kind: 'reject', line: 4, column: '', reason: 'the line has more than 100,000 characters' },
      { kind: 'row', line: 5, value: { number: 'P-1' } },
    ]);
  }
});

test('every field is found by its own path, and by no other name', () => {
  for (const book of ['policies', 'staff'] as const)
    for (const { path } of bookFields[book]) {
      const written = path.replace('[]', '[3]').replace('*.*', 'motor.CNY');
      expect(fieldAt(book, written)?.path).toBe(path);
      expect(fieldAt(book, `${written}[0]`)).toBeUndefined();
    }
  expect(nearestField('policies', 'objcts[1].plat')).toBe('objects[1].plate');
});

/** The paths of a schema's fields, as the table of fields writes them. */
function pathsIn(schema: object, path = ''): string[] {
  const { properties, items, additionalProperties, anyOf = [] } = nested.parse(schema);
  if (properties)
    return Object.entries(properties).flatMap(([name, each]) =>
      pathsIn(each, path ? `${path}.${name}` : name),
    );
  if (items) return nested.parse(items).properties ? pathsIn(items, `${path}[]`) : [path];
  if (additionalProperties) return pathsIn(additionalProperties, `${path}.*`);
  return anyOf.length > 0 ? [...new Set(anyOf.flatMap((each) => pathsIn(each, path)))] : [path];
}

const nested = z.object({
  properties: z.record(z.string(), z.looseObject({})).optional(),
  items: z.looseObject({}).optional(),
  additionalProperties: z.union([z.looseObject({}), z.literal(false).transform(() => undefined)]).optional(),
  anyOf: z.array(z.looseObject({})).optional(),
});

test('the table of fields has exactly those that the rows of each book have', () => {
  const asInput = { io: 'input', unrepresentable: 'any' } as const;
  const policies = pathsIn(z.toJSONSchema(policyRowSchema, asInput));
  expect(bookFields.policies.map(({ path }) => path).toSorted()).toEqual(policies.toSorted());
  const person = personRow(houseRules.inForce('ordinary'));
  const staff = [unitRow, person].flatMap((each) => pathsIn(z.toJSONSchema(each, asInput)));
  expect(bookFields.staff.map(({ path }) => path).toSorted()).toEqual([...new Set(staff)].toSorted());
});

test('the sample tables become rows that the books can read', async () => {
  const folder = join(projectRoot, 'samples', 'imports');
  const sample = readBookMap('policies', readFileSync(join(folder, 'policies.map.json'), 'utf8'), 'the map');
  const table = await openTable(join(folder, 'policies.csv'), sample.csv);
  expect(table.encoding).toBe('gb18030');
  const packs = houseRules.inForce('ordinary');
  const mark = markingWith(Buffer.alloc(32));
  const policies = (await all(rowsOfTable('policies', table, sample).rows())).map((each) =>
    each.kind === 'row' ? readPolicyRow(each.value, packs, mark).kind : each,
  );
  expect(policies).toEqual(Array.from({ length: 5 }, () => 'read'));
  const people = rowsOfTable('staff', await openTable(join(folder, 'staff.csv'), {}), undefined);
  const staff = staffRowSchema(packs);
  const read = (await all(people.rows())).map((each) =>
    each.kind === 'row' ? staff(each.value).success : each,
  );
  expect(read).toEqual([true, true]);
});
