import { inflateSync } from 'node:zlib';
import { create, type Font } from 'fontkit';
import { letterPdf } from '../../wording/letter-pdf/letter-pdf.ts';

const letter = {
  subject: '【礼培保险】书面通知',
  language: 'zh-CN',
  text: '礼培保险\n案件号：L7K3M-9Q2X4\n\n【礼培保险】书面通知\n\n王海涛，您好：\n\n请提交驾驶证。Please call Émilie O’Brien.',
};

/** The characters of a PDF's text, by its own tables, which search and screen readers use. */
function charactersIn(pdf: Buffer): string {
  const streams = [...pdf.toString('latin1').matchAll(/stream\r?\n([^]*?)\r?\nendstream/g)].map(
    ([, body = '']) => {
      try {
        return inflateSync(Buffer.from(body, 'latin1')).toString('latin1');
      } catch {
        return '';
      }
    },
  );
  const tables = streams.filter(
    (stream) => stream.includes('beginbfrange') || stream.includes('beginbfchar'),
  );
  return tables
    .flatMap((table) =>
      [...table.matchAll(/<([0-9a-f]{4,})>/gi)].map(([, hex = '']) =>
        Buffer.from(hex, 'hex').swap16().toString('utf16le'),
      ),
    )
    .join('');
}

/** The embedded fonts, reduced to the characters in use. */
function fontsIn(pdf: Buffer): Font[] {
  return [...pdf.toString('latin1').matchAll(/stream\r?\n([^]*?)\r?\nendstream/g)].flatMap(
    ([, body = '']) => {
      try {
        const bytes = inflateSync(Buffer.from(body, 'latin1'));
        return bytes.readUInt32BE(0) === 0x00010000 || bytes.toString('latin1', 0, 4) === 'true'
          ? [create(bytes) as Font]
          : []; // oxlint-disable-line no-unsafe-type-assertion -- a file of one font
      } catch {
        return [];
      }
    },
  );
}

test('every character is drawn', async () => {
  const [font, ...others] = fontsIn(await letterPdf({ ...letter, text: '礼培保险案件王海涛' }));
  expect(others).toEqual([]);
  const drawn = Array.from(
    { length: (font?.numGlyphs ?? 1) - 1 },
    (_, index) => font?.getGlyph(index + 1).path.commands.length ?? 0,
  );
  expect(drawn.length).toBeGreaterThanOrEqual(9);
  expect(drawn.filter((strokes) => strokes < 4)).toEqual([]);
});

test('a letter is a PDF of one page whose characters can be read, in Chinese and in English', async () => {
  const pdf = await letterPdf(letter);
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1);
  const known = charactersIn(pdf);
  for (const character of '礼培保险案件号王海涛驾驶证L7K3MÉ’') expect(known).toContain(character);
});

test('a rare character of a name is none of the boxes that fonts show for what they lack', async () => {
  const pdf = await letterPdf({ ...letter, text: '王龑，您好：' });
  expect(charactersIn(pdf)).toContain('龑');
});

test('a long letter has several pages', async () => {
  const pdf = await letterPdf({
    ...letter,
    text: Array.from({ length: 120 }, (_, index) => `第${index + 1}项：请提交驾驶证。`).join('\n'),
  });
  expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(2);
});
