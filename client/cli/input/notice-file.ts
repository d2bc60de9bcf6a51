import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { Encoding } from '../import/encoding.ts';
import { misuse } from '../stop.ts';

/** A notice of loss as JSON from a file, or from standard input. The API checks its fields. */
export async function noticeFrom(file: string, encoding: Encoding = 'utf-8'): Promise<object> {
  const name = file === '-' ? 'Standard input' : file;
  const notice = parsed(decoded(await content(file), encoding, name), name);
  if (typeof notice === 'object' && notice !== null && !Array.isArray(notice)) return notice;
  throw misuse(
    `${name} should contain one JSON object, a notice of loss with source, reference, policy, lossAt, ` +
      'place, description, parties and items.',
  );
}

async function content(file: string): Promise<Uint8Array> {
  if (file === '-') return buffer(process.stdin);
  try {
    return await readFile(file);
  } catch (fault) {
    throw misuse(`${file} cannot be read: ${whyUnreadable(fault)}.`);
  }
}

function whyUnreadable(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  return 'code' in fault && fault.code === 'ENOENT' ? 'there is no such file' : fault.message;
}

/** Letters that cannot be read are a mistake, and never become `\uFFFD`. */
function decoded(bytes: Uint8Array, encoding: Encoding, name: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw misuse(
      `${name} is not text in ${encoding}. ` +
        'Save it as UTF-8, or name its encoding, such as --encoding gb18030.',
    );
  }
}

/** Some editors write a byte order mark, which is not JSON. */
function parsed(written: string, name: string): unknown {
  try {
    return JSON.parse(written.replace(/^\uFEFF/, ''));
  } catch (fault) {
    throw misuse(`${name} is not JSON: ${fault instanceof Error ? fault.message : String(fault)}.`);
  }
}
