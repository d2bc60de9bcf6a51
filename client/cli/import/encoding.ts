import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ImportMap } from '../../../config/import-map.ts';

export const howToFixEncoding =
  'Save it as UTF-8, or name its encoding: --encoding NAME, or csv.encoding in the mapping.';

export type Encoding = NonNullable<ImportMap['csv']['encoding']>;

/**
 * The encoding that is named; else that of the byte order mark; else UTF-8, or GB18030 if the file cannot be
 * UTF-8 and reads like Chinese in GB18030 alone. Throws an Error with one sentence.
 */
export async function encodingOf(file: string, named: Encoding | undefined): Promise<Encoding> {
  const start = await firstBytes(file, 3);
  if (start[0] === 0xfe && start[1] === 0xff)
    throw new Error(`${file} is text in UTF-16 of the other byte order. Save it as UTF-8.`);
  const marked = markOf(start);
  if (named && marked && named !== marked)
    throw new Error(
      `${file} begins with the byte order mark of ${marked}, ` +
        `but the mapping names ${named} (csv.encoding). ` +
        `Leave it out of the mapping, or name ${marked}.`,
    );
  const known = named ?? marked;
  if (known) return withoutNul(file, known);
  if (await canBe(file, 'utf-8')) return withoutNul(file, 'utf-8');
  await requireWholeCharacters(file);
  const [gb18030, big5] = [await likeness(file, 'gb18030'), await likeness(file, 'big5')];
  if (gb18030 >= alike && gb18030 > big5) return withoutNul(file, 'gb18030');
  if (big5 >= alike)
    throw new Error(
      `${file} may be Chinese text in Big5 or in GB18030, and nothing says which. ` +
        'Name its encoding: --encoding big5, or --encoding gb18030.',
    );
  throw new Error(`${file} is neither UTF-8 nor Chinese text in GB18030. ${howToFixEncoding}`);
}

function markOf([first, second, third]: Uint8Array): Encoding | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : undefined;
}

/** A file that is UTF-8 up to its last character, of which a part is missing. */
async function requireWholeCharacters(file: string): Promise<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const bytes of createReadStream(file)) decoder.decode(bytes, { stream: true });
  } catch (fault) {
    if (isNotThatEncoding(fault)) return;
    throw fault;
  }
  try {
    decoder.decode();
  } catch (fault) {
    if (isNotThatEncoding(fault))
      throw new Error(cutOff(file, 'in the middle of a character'), { cause: fault });
    throw fault;
  }
}

/** The sentence about a file whose end is missing. */
export const cutOff = (file: string, where: string): string =>
  `${file} ends ${where}: it was cut off, so nothing was changed. Get the whole file, and import that.`;

async function canBe(file: string, encoding: Encoding): Promise<boolean> {
  try {
    for await (const _ of decoded(file, encoding));
    return true;
  } catch (fault) {
    if (isNotThatEncoding(fault)) return false;
    throw fault;
  }
}

/** No table has this sign, and no database takes it. Throws an Error that names its line. */
async function withoutNul(file: string, encoding: Encoding): Promise<Encoding> {
  let line = 1;
  for await (const part of decodedIfPossible(file, encoding)) {
    const at = part.indexOf('\0');
    line += part.slice(0, at < 0 ? part.length : at).split('\n').length - 1;
    if (at >= 0)
      throw new Error(
        `${file} has a NUL byte on line ${line}: it is damaged, or it is no text, or text in UTF-16. ` +
          howToFixEncoding,
      );
  }
  return encoding;
}

/** What cannot be decoded is reported where the rows are read. */
async function* decodedIfPossible(file: string, encoding: Encoding): AsyncGenerator<string> {
  try {
    yield* decoded(file, encoding);
  } catch (fault) {
    if (!isNotThatEncoding(fault)) throw fault;
  }
}

/** From this share of usual characters on, a text reads like its encoding. */
const alike = 0.8;

/**
 * The share of pairs of bytes that are usual characters or punctuation in an encoding; 0 where the file
 * cannot be it. Big5, and western text of one byte a letter, can pass for GB18030 by chance (Müller is M黮ler
 * there), but what they become is hardly ever usual.
 */
async function likeness(file: string, encoding: 'gb18030' | 'big5'): Promise<number> {
  if (!(await canBe(file, encoding))) return 0;
  const isUsual = usual[encoding];
  const pairs = { usual: 0, all: 0 };
  let first: number | undefined;
  for await (const bytes of createReadStream(file)) {
    for (const byte of new Uint8Array(bytes)) {
      if (first !== undefined) {
        pairs.all += 1;
        if (isUsual(first, byte)) pairs.usual += 1;
      }
      first = first === undefined && byte >= 0x81 ? byte : undefined;
    }
  }
  return pairs.usual / Math.max(1, pairs.all);
}

/** GB 2312 has punctuation up to A3, and Chinese from B0 on; Big5 has its usual characters up to C67E. */
const usual = {
  gb18030: (first: number, second: number): boolean =>
    second >= 0xa1 && ((first >= 0xa1 && first <= 0xa3) || (first >= 0xb0 && first <= 0xf7)),
  big5: (first: number, second: number): boolean =>
    (second >= 0xa1 || (second >= 0x40 && second <= 0x7e)) && first >= 0xa1 && first <= 0xc6,
};

export async function* decoded(file: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const bytes of createReadStream(file)) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

export const isNotThatEncoding = (fault: unknown): boolean =>
  typeof fault === 'object' &&
  fault !== null &&
  'code' in fault &&
  fault.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';

/** The last byte that is no NUL, as UTF-16 has them, is the end of a line. */
export async function endsWithLine(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, Math.max(0, size - 2));
    const last = buffer.subarray(0, bytesRead).findLast((byte) => byte !== 0);
    return last === 0x0a || last === 0x0d;
  } finally {
    await handle.close();
  }
}

async function firstBytes(file: string, length: number): Promise<Uint8Array> {
  const handle = await open(file).catch((fault: unknown) => {
    throw unreadable(file, fault);
  });
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } catch (fault) {
    throw unreadable(file, fault);
  } finally {
    await handle.close();
  }
}

const whyUnreadable: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'you may not read it',
};

function unreadable(file: string, fault: unknown): Error {
  const code =
    typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : String(fault);
  return new Error(`${file} cannot be read: ${whyUnreadable[code] ?? code}.`, { cause: fault });
}
