import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ImportMap } from '../../../config/import-map.ts';

export const howToFixEncoding = 'Save it as UTF-8, or name its encoding in the mapping (csv.encoding).';

export type Encoding = NonNullable<ImportMap['csv']['encoding']>;

/**
 * The encoding that the mapping names; else that of the byte order mark; else UTF-8, or GB18030 if the file
 * cannot be UTF-8. Throws an Error with one sentence.
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
  if (known) return known;
  if (await canBe(file, 'utf-8')) return 'utf-8';
  if ((await canBe(file, 'gb18030')) && (await isMostlyChinese(file))) return 'gb18030';
  throw new Error(`${file} is neither UTF-8 nor Chinese text in GB18030. ${howToFixEncoding}`);
}

function markOf([first, second, third]: Uint8Array): Encoding | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : undefined;
}

async function canBe(file: string, encoding: Encoding): Promise<boolean> {
  try {
    for await (const part of decoded(file, encoding)) if (part.includes('\0')) return false;
    return true;
  } catch (fault) {
    if (isNotThatEncoding(fault)) return false;
    throw fault;
  }
}

/**
 * Western text of one byte a letter can pass for GB18030 by chance (Müller is M黮ler there). A plain letter
 * follows its accents; the second byte of a usual Chinese character is above the plain letters.
 */
async function isMostlyChinese(file: string): Promise<boolean> {
  const pairs = { chinese: 0, other: 0 };
  let isFirst = true;
  for await (const bytes of createReadStream(file)) {
    for (const byte of new Uint8Array(bytes)) {
      if (!isFirst) pairs[byte >= 0xa1 ? 'chinese' : 'other'] += 1;
      isFirst = !isFirst || byte < 0x81;
    }
  }
  return pairs.chinese > pairs.other;
}

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
