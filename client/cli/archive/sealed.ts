import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import type { ArchivePart } from '../../own-api/schemas/archive.ts';
import type { SealedPiece } from '../../own-api/schemas/retention.ts';
import { fileOpener, sealedFrame } from '../../../security/file-cipher.ts';
import { sha256Of } from '../../../security/archive-lines.ts';
import { notDone } from '../stop.ts';
import { readArchive } from './reading.ts';

/** An attachment as an archive lists it. */
export type ListedAttachment = Extract<ArchivePart, { part: 'attachments' }>['value'][number];

export interface SealedInArchive {
  claim: string;
  pieces: SealedPiece[];
  attachments: ListedAttachment[];
}

/** What is personal in an archive, in its order, as it lies there sealed. Throws a Stop for no archive. */
export async function sealedIn(file: string): Promise<SealedInArchive> {
  let claim = '';
  const [pieces, attachments]: [SealedPiece[], ListedAttachment[]] = [[], []];
  for await (const part of partsOf(file)) {
    if (part.part === 'claim') claim = part.value.claim;
    if (part.part === 'attachments') attachments.push(...part.value);
    pieces.push(...piecesIn(part));
  }
  return { claim, pieces, attachments };
}

async function* partsOf(file: string): AsyncGenerator<ArchivePart> {
  for await (const line of readArchive(file)) {
    if (line.kind === 'unreadable')
      throw notDone(`${file}, line ${line.line}: ${line.why}; verify it first.`);
    yield line.read;
  }
}

function piecesIn({ part, value }: ArchivePart): SealedPiece[] {
  switch (part) {
    case 'notice':
      return value ? [{ of: 'notice', id: 'notice', party: value.party, sealed: value.sealed }] : [];
    case 'parties':
      return value.map(({ id, sealed }) => ({ of: 'party', id, party: id, sealed }));
    case 'notes':
      return value.map(({ id, party, sealed }) => ({ of: 'note', id, party, sealed }));
    case 'messages':
      return value.map(({ id, recipient, sealed }) => ({ of: 'message', id, party: recipient, sealed }));
    case 'attachments':
      return value.map(({ file, party, key }) => ({ of: 'attachment', id: file, party, sealed: key }));
    default:
      return [];
  }
}

/**
 * Writes the plain bytes of the attachments into a folder, with the keys of their files (base64). Gives the
 * names of the files that were written. Throws a Stop when the bytes are not those that the journal names.
 */
export async function saveAttachments(
  file: string,
  { attachments }: SealedInArchive,
  keys: ReadonlyMap<string, string>,
  folder: string,
): Promise<string[]> {
  const written: string[] = [];
  for await (const { part, value } of partsOf(file)) {
    if (part !== 'attachment') continue;
    const listed = attachments.find((each) => each.file === value.file);
    const key = keys.get(value.file);
    if (!listed || key === undefined) continue;
    const plain = await opened(Buffer.from(value.sealed, 'base64'), value.file, Buffer.from(key, 'base64'));
    if (!plain || sha256Of(plain) !== listed.sha256)
      throw notDone(`The attachment ${listed.sha256.slice(0, 12)} in ${file} is not what the journal names.`);
    const name = `${listed.document}-${listed.sha256.slice(0, 12)}.${listed.type.split('/')[1] ?? 'bin'}`;
    writeFileSync(join(folder, name), plain, { mode: 0o600 });
    written.push(name);
  }
  return written;
}

/** Undefined when the key or any bit differs. */
async function opened(sealed: Buffer, file: string, key: Buffer): Promise<Buffer | undefined> {
  const end = sealed.length - sealedFrame.end;
  const frame = { iv: sealed.subarray(0, sealedFrame.start), tag: sealed.subarray(end) };
  try {
    const opener = fileOpener(key, file, frame);
    return await buffer(Readable.from([sealed.subarray(sealedFrame.start, end)]).pipe(opener));
  } catch {
    return undefined;
  }
}
