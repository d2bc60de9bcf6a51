import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TableRow } from '../../../../client/cli/import/rows.ts';
import { openTable } from '../../../../client/cli/import/table.ts';
import { importLimits } from '../../../../config/import-limits.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const directory = temporaryDirectory();
let files = 0;

function fileOf(content: string | Uint8Array): string {
  const file = join(directory, `table-${(files += 1)}.csv`);
  writeFileSync(file, content);
  return file;
}

async function read(content: string | Uint8Array, csv: Parameters<typeof openTable>[1] = {}) {
  const table = await openTable(fileOf(content), csv);
  const rows: TableRow[] = [];
  for await (const row of table.rows()) rows.push(row);
  return { ...table, rows };
}

/** 「理赔」 as a Chinese Excel saves it. */
const gb18030 = Uint8Array.from([0xc0, 0xed, 0xc5, 0xe2]);
const bytes = (...parts: (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => Buffer.from(part)));

test.each([
  ['UTF-8', bytes('name,what\n王,理赔\n'), 'utf-8'],
  ['UTF-8 with a byte order mark', bytes('\uFEFFname,what\r\n王,理赔\r\n'), 'utf-8'],
  [
    'UTF-16 as Excel calls Unicode text',
    bytes(Uint8Array.from([0xff, 0xfe]), Buffer.from('name\twhat\r\n王\t理赔\r\n', 'utf16le')),
    'utf-16le',
  ],
  ['GB18030', bytes('name,what\n', Uint8Array.from([0xcd, 0xf5]), ',', gb18030, '\n'), 'gb18030'],
  ['semicolons', bytes('name;what\n王;理赔\n'), 'utf-8'],
])('%s is read by itself', async (_, content, encoding) => {
  expect(await read(content)).toMatchObject({
    columns: ['name', 'what'],
    size: 1,
    encoding,
    rows: [{ line: 2, cells: ['王', '理赔'] }],
  });
});

test('lines are counted as an editor does: quoted line breaks, quoted delimiters and empty lines', async () => {
  const { rows } = await read('a,b\n1,"first\nsecond"\n\n"x, y",2\n');
  expect(rows).toEqual([
    { line: 2, cells: ['1', 'first\nsecond'] },
    { line: 5, cells: ['x, y', '2'] },
  ]);
});

test('lines are those of the editor however the file ends them, and a cell says the same', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const { rows } = await read(['a,b', '1,"x', '', 'y"', ',', '', '"z', '",2'].join(end));
    expect(rows).toEqual([
      { line: 2, cells: ['1', 'x\n\ny'] },
      { line: 7, cells: ['z\n', '2'] },
    ]);
  }
});

test('cells that were never filled, right of the table and below it, are no part of it', async () => {
  expect(await read('a,b,,\n1,2,,\n3,,,\n,,,\n')).toMatchObject({
    columns: ['a', 'b'],
    rows: [{ cells: ['1', '2'] }, { cells: ['3', ''] }],
  });
  expect((await read('a,b\n1,2,3\n1\n')).rows.map(({ cells }) => cells.length)).toEqual([3, 1]);
});

test('western text of one byte a letter is not taken for Chinese', async () => {
  await expect(read(Buffer.from('name,what\nM\u00fcller,Caf\u00e9s\n', 'latin1'))).rejects.toThrow(
    'neither UTF-8 nor Chinese text in GB18030. Save it as UTF-8, or name its encoding: --encoding NAME',
  );
  expect(
    (await read(Buffer.from('name,what\nM\u00fcller,Caf\u00e9s\n', 'latin1'), { encoding: 'windows-1252' }))
      .rows[0]?.cells,
  ).toEqual(['Müller', 'Cafés']);
});

/** 台北市中山區測試路三段, as a Traditional Chinese Excel saves it. */
const big5 = Buffer.from('pXilX6WrpKSkc7DPtPq41bj0pFSscQ==', 'base64');

test('Big5 is not read as GB18030: the encoding is asked for', async () => {
  const file = bytes('name,what\n', big5, ',', big5, '\n');
  await expect(read(file)).rejects.toThrow('Name its encoding: --encoding big5, or --encoding gb18030.');
  expect((await read(file, { encoding: 'big5' })).rows[0]?.cells[0]).toBe('台北市中山區測試路三段');
});

test('a first line that names the separator is none of the table', async () => {
  expect(await read('sep=;\r\nname;what\r\n王;1,5\r\n')).toMatchObject({
    columns: ['name', 'what'],
    rows: [{ line: 3, cells: ['王', '1,5'] }],
  });
  expect(await read('\uFEFF"sep=\t"\nname\twhat\n王\tx\n')).toMatchObject({ columns: ['name', 'what'] });
  await expect(read('sep=|\na|b\n1|2\n')).rejects.toThrow('names the separator "|" in its first line');
});

test.each([
  ['without a named encoding', {}],
  ['with one', { encoding: 'utf-8' }],
] as const)('a NUL byte is named with its line, %s', async (_, csv) => {
  await expect(read('a,b\n1,2\n3,\0\n', csv)).rejects.toThrow('has a NUL byte on line 3');
});

test('a character that falls between two parts of the file is whole', async () => {
  const { rows } = await read(`a,b\n${'理赔,款\n'.repeat(30_000)}`);
  expect(rows).toHaveLength(30_000);
  expect(new Set(rows.map(({ cells }) => cells.join()))).toEqual(new Set(['理赔,款']));
});

test.each([
  ['an empty file', '', 'is empty. Its first line should name the columns'],
  ['a header alone', 'a,b\n', 'has a header and no rows'],
  ['a column twice', 'a,b,a\n1,2,3\n', 'has the column "a" twice'],
  [
    'a picture',
    Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0xff, 0xff]),
    'is neither UTF-8 nor Chinese text',
  ],
  ['UTF-16 the other way round', Uint8Array.from([0xfe, 0xff, 0, 0x61]), 'UTF-16 of the other byte order'],
  [
    'a quotation mark that is never closed',
    `a,b\n"1,2\n${'3,4\n'.repeat(40_000)}`,
    'Probably a quotation mark is never closed',
  ],
  [
    'a quotation mark that the end of the file leaves open',
    'a,b\n1,"2\n3,4\n',
    'ends within quotation marks that begin near line 3',
  ],
  [
    'a quotation mark amiss in the header',
    'a,b"c\n1,2\n',
    'has a quotation mark in the wrong place in its header',
  ],
])('%s is said in a sentence, before anything is filed', async (_, content, sentence) => {
  await expect(read(content)).rejects.toThrow(sentence);
});

test('a stray quotation mark spoils its own row and no other, and it is said in which cell it is and how far the row goes', async () => {
  const { rows } = await read(
    [
      'a,b',
      '1,2"3',
      '4,5',
      '',
      '"x ""y"" z","w',
      'w"',
      '6,"7"8',
      '"9" ,0',
      '1,"2',
      '3,4',
      '5,"6"',
      '7,""""',
      '"8",9"',
      '',
    ].join('\n'),
  );
  expect(
    rows.map(({ line, misquoted }) => (misquoted ? [line, misquoted.cell, misquoted.toLine] : [line])),
  ).toEqual([[2, 1, 2], [3], [5], [7, 1, 7], [8, 0, 8], [9, 1, 11], [12], [13, 1, 13]]);
  expect(rows.filter(({ misquoted }) => !misquoted).map(({ cells }) => cells)).toEqual([
    ['4', '5'],
    ['x "y" z', 'w\nw'],
    ['7', '"'],
  ]);
});

test('another encoding than the mapping says, and a file that is not there, too', async () => {
  await expect(read(bytes('name,what\n', gb18030, ',1\n'), { encoding: 'utf-8' })).rejects.toThrow(
    'not text in the expected encoding',
  );
  for (const csv of [{}, { encoding: 'gb18030' }] as const) {
    await expect(openTable(join(directory, 'nowhere.csv'), csv)).rejects.toThrow('there is no such file');
    await expect(openTable(directory, csv)).rejects.toThrow('cannot be read: it is a directory.');
  }
});

test.each([
  ['UTF-8', bytes('\uFEFFname,what\n1,2\n'), 'gb18030', 'utf-8'],
  ['UTF-8', bytes('\uFEFFname,what\n1,2\n'), 'windows-1252', 'utf-8'],
  [
    'UTF-16',
    bytes(Uint8Array.from([0xff, 0xfe]), Buffer.from('name,what\n1,2\n', 'utf16le')),
    'windows-1252',
    'utf-16le',
  ],
] as const)(
  'a byte order mark of %s that the mapping contradicts is said in a sentence',
  async (_, content, encoding, marked) => {
    await expect(read(content, { encoding })).rejects.toThrow(
      `begins with the byte order mark of ${marked}, but the mapping names ${encoding} (csv.encoding)`,
    );
    expect(await read(content, { encoding: marked })).toMatchObject({ columns: ['name', 'what'] });
  },
);

test('more rows than a file may have are found before any is filed', async () => {
  const usual = importLimits.rows;
  importLimits.rows = 5;
  try {
    await expect(read(`a\n${'1\n'.repeat(6)}`)).rejects.toThrow(
      'has more than 5 rows. Split it into several files',
    );
    expect((await read(`a\n${'1\n'.repeat(5)}`)).size).toBe(5);
  } finally {
    importLimits.rows = usual;
  }
});
