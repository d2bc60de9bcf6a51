import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { misuse } from '../stop.ts';

/** A notice of loss as JSON from a file, or from standard input. The API checks its fields. */
export async function noticeFrom(file: string): Promise<object> {
  const name = file === '-' ? 'Standard input' : file;
  const notice = parsed(await content(file), name);
  if (typeof notice === 'object' && notice !== null && !Array.isArray(notice)) return notice;
  throw misuse(
    `${name} should contain one JSON object, a notice of loss with source, reference, policy, lossAt, ` +
      'place, description, parties and items.',
  );
}

async function content(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (fault) {
    throw misuse(`${file} cannot be read: ${whyUnreadable(fault)}.`);
  }
}

function whyUnreadable(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  return 'code' in fault && fault.code === 'ENOENT' ? 'there is no such file' : fault.message;
}

/** Some editors write a byte order mark, which is not JSON. */
function parsed(written: string, name: string): unknown {
  try {
    return JSON.parse(written.replace(/^\uFEFF/, ''));
  } catch (fault) {
    throw misuse(`${name} is not JSON: ${fault instanceof Error ? fault.message : String(fault)}.`);
  }
}
