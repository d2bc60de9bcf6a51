import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { create, type Font } from 'fontkit';
import PDFDocument from 'pdfkit';
import { z } from 'zod';
import { fontInWoff } from './woff.ts';

export interface Letter {
  /** The text as written: paragraphs separated by empty lines, the subject among them. */
  text: string;
  subject: string;
  /** BCP 47, for screen readers. */
  language: string;
}

/**
 * A letter on A4, to be printed and posted. Noto Sans SC has the characters of Europe and China. A rare
 * character comes from the part of the font that has it, so that hardly any name shows a box.
 */
export function letterPdf({ text, subject, language }: Letter): Promise<Buffer> {
  const page = new PDFDocument({
    size: 'A4',
    margins: { top: 85, bottom: 70, left: 70, right: 70 },
    lang: language,
    info: { Title: subject },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    page
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => resolve(Buffer.concat(chunks)))
      .on('error', reject);
  });
  page.fontSize(11);
  for (const line of text.split('\n')) write(page, line, line === subject);
  page.end();
  return done;
}

type Page = InstanceType<typeof PDFDocument>;

function write(page: Page, line: string, isSubject: boolean): void {
  if (line.trim() === '') return void page.moveDown(0.6);
  const runs = runsOf(line);
  page.fontSize(isSubject ? 13 : 11);
  for (const [index, { part, text }] of runs.entries())
    page.font(fontOf(part)).text(text, { continued: index < runs.length - 1, lineGap: 4 });
}

interface Run {
  part: string;
  text: string;
}

/** Adjacent characters that are in the same part of the font. */
function runsOf(line: string): Run[] {
  const runs: Run[] = [];
  for (const character of line) {
    const part = partWith(character.codePointAt(0) ?? 0);
    const last = runs.at(-1);
    if (last?.part === part) last.text += character;
    else runs.push({ part, text: character });
  }
  return runs;
}

const usual = 'chinese-simplified';
const folder = dirname(createRequire(import.meta.url).resolve('@fontsource/noto-sans-sc/package.json'));

/** Each part is read once. */
const fonts = new Map<string, Buffer>();

function fontOf(part: string): Buffer {
  const font =
    fonts.get(part) ??
    fontInWoff(readFileSync(join(folder, 'files', `noto-sans-sc-${part}-400-normal.woff`)));
  fonts.set(part, font);
  return font;
}

/**
 * The usual part if it has the character. A character that is in no part looks as the usual part shows it.
 */
const partWith = (code: number): string =>
  usualFont().hasGlyphForCodePoint(code)
    ? usual
    : (parts().find(({ ranges }) => ranges.some(([from, to]) => code >= from && code <= to))?.part ?? usual);

function usualFont(): Font {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the file has one font
  opened ??= create(fontOf(usual)) as Font;
  return opened;
}
let opened: Font | undefined;

interface Part {
  part: string;
  ranges: [number, number][];
}

/** From the font's package: `{"[4]": "U+1f1e9-1f1f5,U+1f21a"}`. */
function parts(): Part[] {
  known ??= Object.entries(
    z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8'))),
  ).map(([name, ranges]) => ({ part: name.replace(/[[\]]/g, ''), ranges: ranges.split(',').map(rangeOf) }));
  return known;
}
let known: Part[] | undefined;

function rangeOf(text: string): [number, number] {
  const [from = '', to = from] = text.replace('U+', '').split('-');
  return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
}
