import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { columnOf, noticesOf, type Mapped, type Reject } from '../../../../client/cli/import/notices.ts';
import { occurrences } from '../../../../client/cli/import/occurrences.ts';
import { openTable } from '../../../../client/cli/import/table.ts';
import { tryAll } from '../../../../client/cli/import/trial.ts';
import { projectRoot } from '../../../../config/env.ts';
import { readImportMap, type ImportMap } from '../../../../config/import-map.ts';
import { readNotice } from '../../../../config/notice/read.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const directory = temporaryDirectory();
const tsa = readFileSync(join(projectRoot, 'samples', 'imports', 'tsa-claims.map.json'), 'utf8');
const now = new Date('2026-11-24T03:00:00.000Z'); // still the 23rd in New York

const map = {
  for: 'claims',
  source: 'old-system',
  dates: { zone: 'Asia/Shanghai', format: 'd.M.yyyy' },
  numbers: { decimal: ',', thousands: '.' },
  tables: { who: { yes: 'insured', no: 'third-party' } },
  notice: {
    policy: '{Policy}',
    lossAt: '{Day}',
    place: '{Town}',
    description: 'From the old system: {What}',
    parties: [{ role: '{Insured|who}', name: '{Name}', phone: '{Phone}', locale: 'en' }],
    items: [{ object: 'contents', party: '{Insured|who}', claimed: '{Amount}' }],
  },
};
const header = 'Policy,Day,Town,What,Insured,Name,Phone,Amount';
const row = 'P-1,3.11.2026,Bonn,Cup,yes,Ada,+12025550143,"1.234,50"';

async function mapped(lines: string[], mapping: object = map): Promise<Mapped[]> {
  const file = join(directory, 'rows.csv');
  writeFileSync(file, `${[header, ...lines].join('\n')}\n`);
  const all: Mapped[] = [];
  for await (const each of noticesOf(
    await openTable(file, {}),
    readImportMap(JSON.stringify(mapping), 'map.json'),
    now,
  ))
    all.push(each);
  return all;
}

test('a reference is folded as the API folds it, so that the log knows the number', async () => {
  const [one, other] = await mapped([row, row.replace('Cup', 'Ｃup\u200B')], { ...map, reference: 'What' });
  expect(one).toMatchObject({ notice: { reference: 'Cup' } });
  expect(other).toMatchObject({ kind: 'reject', reason: expect.stringContaining('reference of line 2') });
});

test('a row becomes a notice of loss, with its numbers, dates and codes as the mapping reads them', async () => {
  const [first] = await mapped([row]);
  expect(first).toEqual({
    kind: 'notice',
    line: 2,
    notice: {
      source: 'old-system',
      reference: expect.stringMatching(/^[0-9a-f]{20}$/),
      policy: 'P-1',
      lossAt: '2026-11-03T00:00:00.000+08:00',
      place: 'Bonn',
      description: 'From the old system: Cup',
      parties: [{ role: 'insured', name: 'Ada', phone: '+12025550143', locale: 'en' }],
      items: [{ object: 'contents', party: 'insured', claimed: '1234.50' }],
    },
  });
});

const references = (all: Mapped[]) =>
  all.map((each) => (each.kind === 'notice' ? each.notice.reference : each.reason));

test('what a row says names it, with how often the file has said so: on another day, and in another order of other rows, the same', async () => {
  const other = row.replace('Cup', 'Plate');
  const [a, b, c] = references(await mapped([row, row, other]));
  expect(b).toBe(`${a}-2`);
  expect(new Set([a, b, c]).size).toBe(3);
  expect(references(await mapped([other, row, row]))).toEqual([c, a, b]);
  expect(references(await mapped([row], { ...map, reference: 'Name' }))).toEqual(['Ada']);
});

test('a reference that names two rows names the first: the second is rejected, and says which line has it', async () => {
  const all = await mapped(
    [
      row,
      row.replace('Ada', 'Bob'),
      row.replace('Cup', 'Plate').replace('Ada', ' Ada '),
      row.replace('Ada', 'Zoe\u0308'),
      row.replace('Ada', 'Zo\u00eb'),
    ],
    { ...map, reference: 'Name' },
  );
  expect(all.map((each) => (each.kind === 'notice' ? each.notice.reference : each))).toEqual([
    'Ada',
    'Bob',
    {
      kind: 'reject',
      line: 4,
      column: 'Name',
      reason: '"Ada" is already the reference of line 2; each row needs another one',
    },
    'Zo\u00eb',
    {
      kind: 'reject',
      line: 6,
      column: 'Name',
      reason: '"Zo\u00eb" is already the reference of line 5; each row needs another one',
    },
  ]);
});

test('counting what comes again takes the same memory for any rows, and knows each', () => {
  const counted = occurrences(3_000);
  const hashes = Array.from({ length: 1_000 }, (_, n) =>
    (n * 0x9e3779b97f4a7).toString(16).padStart(16, '0'),
  );
  for (const nth of [1, 2, 3]) expect(new Set(hashes.map(counted))).toEqual(new Set([nth]));
});

test('a table of values may say what any other is', async () => {
  const [first] = await mapped([row.replace('yes', 'perhaps')], {
    ...map,
    tables: { who: { yes: 'insured', '*': 'third-party' } },
  });
  expect(first).toMatchObject({ notice: { parties: [{ role: 'third-party' }] } });
});

test('free text may begin with a dash', async () => {
  for (const text of ['- 左前门凹陷', '-broken', '+ a scratch', '@老王 saw it']) {
    const [first] = await mapped([row.replace('Cup', text)]);
    expect(first).toMatchObject({ notice: { description: `From the old system: ${text}` } });
  }
});

test.each([
  ['"€1.234,50"', '€ 1234.50'],
  ['"1.234,50 €"', '€ 1234.50'],
  ['"USD 1.234"', 'USD 1234'],
  ['"US$1.234,00"', 'US$ 1234.00'],
  ['"1.234,00元"', '元 1234.00'],
  ['"1 234,50"', undefined],
  ['"1234,5"', '1234.5'],
  ['"12.345.678,00"', '12345678.00'],
])('an amount written %s is %s', async (written, amount) => {
  const [first] = await mapped([row.replace('"1.234,50"', written)]);
  expect(first?.kind === 'notice' ? Object(first.notice).items[0].claimed : undefined).toBe(amount);
});

test('what the API calls a field is a column to whoever made the file', () => {
  const read = readImportMap(JSON.stringify({ ...map, reference: 'Number' }), 'map.json');
  expect(
    [
      'items[0].claimed',
      'parties[0].phone',
      'policy',
      'reference',
      'source',
      'parties[7].id',
      'description',
    ].map((field) => columnOf(field, read)),
  ).toEqual(['Amount', 'Phone', 'Policy', 'Number', 'source', 'parties[7].id', 'What']);
});

test('a trial reads each notice as the API will, files none, and says what is wrong with the first few', async () => {
  const rejects: Reject[] = [];
  const wrong = row.replace('+12025550143', '12');
  const file = join(directory, 'rows.csv');
  writeFileSync(
    file,
    [
      header,
      row,
      wrong,
      row.replace('yes', 'no'),
      row.replace('3.11.2026', '3.11.2126'),
      ...Array.from({ length: 9 }, () => wrong),
    ].join('\n'),
  );
  const read = readImportMap(JSON.stringify(map), 'map.json');
  const tried = await tryAll(
    noticesOf(await openTable(file, {}), read, now),
    read,
    now,
    (each) => void rejects.push(each),
  );
  expect(tried).toMatchObject({ rows: 13, mapped: 2, rejected: 11, sample: { policy: 'P-1' } });
  expect(rejects).toHaveLength(11);
  expect(tried.firstRejects).toEqual(rejects.slice(0, 5));
  expect(rejects[0]).toEqual({
    line: 3,
    column: 'Phone',
    reason: expect.stringContaining('parties[0].phone must be'),
  });
  expect(rejects[1]).toMatchObject({ line: 5, column: 'Day', reason: expect.stringContaining('future') });
});

test('a contact that a row does not give is left out', async () => {
  const [first] = await mapped([row.replace('+12025550143', '')]);
  expect(first).toMatchObject({ notice: { parties: [{ role: 'insured', name: 'Ada', locale: 'en' }] } });
  expect(JSON.stringify(first)).not.toContain('phone');
});

test.each([
  [
    'a number of another notation',
    row.replace('"1.234,50"', '"1,234.50"'),
    'Amount',
    '"1,234.50" is not an amount such as 1.234,50',
  ],
  ['thousands in the wrong place', row.replace('"1.234,50"', '12.34'), 'Amount', 'not an amount'],
  ['a negative amount', row.replace('"1.234,50"', '-5'), 'Amount', 'not an amount'],
  ['no amount', row.replace('"1.234,50"', ''), 'Amount', 'not an amount'],
  [
    'a day that does not exist',
    row.replace('3.11.2026', '31.11.2026'),
    'Day',
    '"31.11.2026" is not a date written as d.M.yyyy',
  ],
  [
    'a value that the table lacks',
    row.replace('yes', 'perhaps'),
    'Insured',
    '"perhaps" is not in the table "who"',
  ],
  [
    'a formula',
    row.replace('Cup', '=HYPERLINK("x")').replace('"x"', 'x'),
    'What',
    'begins with "=" like a formula',
  ],
  ['a formula with a dash', row.replace('Cup', '-SUM(A1)'), 'What', 'begins with "-" like a formula'],
  ['a sign that is no currency', row.replace('"1.234,50"', 'x 5'), 'Amount', 'not an amount'],
  ['a formula of another kind', row.replace('Cup', "+cmd|'/c calc'!A1"), 'What', 'begins with "+"'],
  [
    'a quotation mark within a cell',
    row.replace('Cup', '5" screen'),
    'What',
    'has a quotation mark in the wrong place: put the cell in quotation marks and double those within it',
  ],
  ['a row that is cut off', 'P-1,3.11.2026', '', 'the row has 2 cells, the header 8'],
])(
  '%s: the row is rejected with its line and column, and the others are not',
  async (_, wrong, column, reason) => {
    const all = await mapped([row, wrong, row]);
    expect(all.map(({ kind }) => kind)).toEqual(['notice', 'reject', 'notice']);
    expect(all[1]).toMatchObject({ line: 3, column, reason: expect.stringContaining(reason) });
  },
);

test.each([
  [
    'a column that the file lacks',
    { ...map, notice: { ...map.notice, place: '{City}' } },
    'The mapping names the column "City", but the file has only Policy, Day',
  ],
  ['a reference that the file lacks', { ...map, reference: 'Number' }, 'names the column "Number"'],
  [
    'a table that the mapping lacks',
    { ...map, notice: { ...map.notice, place: '{Town|towns}' } },
    'names the table "towns", but it has only these tables: who',
  ],
  [
    'another built-in value',
    { ...map, notice: { ...map.notice, lossAt: '{@yesterday}' } },
    'only {@reference} and {@today} exist',
  ],
])('%s is found before anything is filed', async (_, mapping, sentence) => {
  await expect(mapped([row], mapping)).rejects.toThrow(sentence);
});

test.each([
  ['no JSON', '{', 'map.json is not JSON'],
  [
    'an unknown field',
    JSON.stringify({ ...map, sauce: 'x' }),
    'map.json: sauce is not a field here; the fields are for, source, reference',
  ],
  [
    'nothing of where it comes from',
    JSON.stringify({ ...map, source: undefined }),
    'map.json: source is missing: it must be the name of the system',
  ],
  [
    'no time zone',
    JSON.stringify({ ...map, dates: { zone: 'Shanghai' } }),
    'map.json: dates.zone must be a time zone such as America/New_York',
  ],
  [
    'one sign for decimals and thousands',
    JSON.stringify({ ...map, numbers: { decimal: ',', thousands: ',' } }),
    'map.json: numbers must be written with a decimal sign that is not the thousands sign too',
  ],
  [
    'the day of import and more',
    JSON.stringify({ ...map, notice: { ...map.notice, lossAt: '{@today} {Day}' } }),
    'map.json: notice.lossAt must be {@today} alone',
  ],
  [
    'a bracket that is never closed',
    JSON.stringify({ ...map, notice: { ...map.notice, place: 'In {Town' } }),
    'map.json: notice.place must be a text in which each { has its }, as in {Column} or {Column|table}',
  ],
  [
    'a bracket around nothing',
    JSON.stringify({ ...map, notice: { ...map.notice, parties: [{ role: 'insured', name: '{}' }] } }),
    'map.json: notice.parties[0].name must be a text in which each { has its }',
  ],
  [
    'no items',
    JSON.stringify({ ...map, notice: { ...map.notice, items: [] } }),
    'map.json: notice.items must be a list of at least one item',
  ],
])('a mapping with %s is rejected with the place of the mistake', (_, text, sentence) => {
  expect(() => readImportMap(text, 'map.json')).toThrow(sentence);
});

test('the mapping of the TSA’s claims makes contents claims as anybody may file them', async () => {
  const file = join(directory, 'tsa.csv');
  writeFileSync(
    file,
    'Airport.Code,Airport.Name,Airline.Name,Claim.Type,Claim.Site,Item,Claim.Amount,Status,Close.Amount\nABQ,Albuquerque International Sunport Airport,UAL,Passenger Property Loss,Checked Baggage,Other,149,Settled,74.5\n',
  );
  const mapping: ImportMap = readImportMap(tsa, 'tsa-claims.map.json');
  const all: Mapped[] = [];
  for await (const each of noticesOf(await openTable(file, mapping.csv), mapping, now)) all.push(each);
  expect(all).toMatchObject([
    {
      kind: 'notice',
      notice: {
        policy: 'US26-000001',
        lossAt: '2026-11-23T00:00:00.000-05:00',
        place: 'Albuquerque International Sunport Airport (ABQ), in checked baggage',
        description: 'Lost: Other. Flown with UAL.',
      },
    },
  ]);
  const [first] = all;
  expect(
    first?.kind === 'notice' && readNotice(first.notice, { now: now.toISOString(), currency: 'USD' }),
  ).toMatchObject({
    kind: 'read',
    notice: { parties: [{ locale: 'en' }], items: [{ object: 'contents', claimed: '149' }] },
  });
});
