import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline, Readable, Writable } from 'node:stream';
import { pipeline as piped } from 'node:stream/promises';

import { fileTypeFromBuffer } from 'file-type';

import {
  fileOpener,
  fileSealer,
  newFileKey,
  sealedFrame,
  sealedOverhead,
} from '../../security/file-cipher.ts';
import { fieldOf } from '../fault-field.ts';

/** The types that a document of a claim may have. The bytes decide, not the file's name. */
const attachmentTypes = ['application/pdf', 'image/jpeg', 'image/png'] as const;
export type AttachmentType = (typeof attachmentTypes)[number];

export const attachmentLimitBytes = 20 * 1024 * 1024;

/** Where the sealed bytes are, and the key that opens them. */
export interface SealedFile {
  /** Random, so that the name on the disk says nothing about the bytes. */
  file: string;
  key: Buffer;
}

/** `sha256` and `size` are those of the plain bytes. */
export type StoredAttachment = {
  kind: 'stored';
  sha256: string;
  size: number;
  type: AttachmentType;
} & SealedFile;
export type RejectedAttachment = { kind: 'rejected'; why: 'too-large' | 'wrong-type' | 'empty' };
export type OpenedAttachment = { kind: 'found'; stream: Readable; size: number } | { kind: 'not-found' };

export interface AttachmentStore {
  /** Seals the bytes under a new key. Without the key nobody reads them again. */
  put(bytes: Readable | Buffer): Promise<StoredAttachment | RejectedAttachment>;
  /** The plain bytes. Throws when the file has changed, or when the key is another one. */
  open(sealed: SealedFile): Promise<OpenedAttachment>;
  /** The bytes as they lie there, for an archive; undefined when there are none. */
  sealed(file: string): Promise<Readable | undefined>;
  /** Deletes a file. A file that is not there is no fault. */
  remove(file: string): Promise<void>;
}

/**
 * Attachments in a folder, each sealed under a key of its own that the folder does not have. No file ever
 * changes. A file gets its name only when it is complete and on the disk. A broken stream or a full disk
 * throws, and leaves nothing.
 */
export function folderAttachments(folder: string): AttachmentStore {
  return {
    put: (bytes) => put(folder, bytes),
    open: (sealed) => openAttachment(folder, sealed),
    sealed: (file) => sealedBytes(folder, file),
    remove: (file) => rm(pathOf(folder, named(file)), { force: true }),
  };
}

async function put(folder: string, bytes: Readable | Buffer): Promise<StoredAttachment | RejectedAttachment> {
  const incoming = join(folder, 'incoming');
  await mkdir(incoming, { recursive: true });
  const file = randomBytes(32).toString('hex');
  const path = join(incoming, file);
  try {
    const key = newFileKey();
    const { sha256, size, head, whole } = await receive(path, bytes, { file, key });
    if (!whole) return { kind: 'rejected', why: 'too-large' };
    if (size === 0) return { kind: 'rejected', why: 'empty' };
    const type = await typeOf(head);
    if (!type) return { kind: 'rejected', why: 'wrong-type' };
    await keep(path, pathOf(folder, file));
    return { kind: 'stored', sha256, size, type, file, key };
  } finally {
    await rm(path, { force: true });
  }
}

interface Received {
  sha256: string;
  size: number;
  /** The first bytes, by which the type is known. */
  head: Buffer;
  whole: boolean;
}

async function receive(path: string, bytes: Readable | Buffer, sealed: SealedFile): Promise<Received> {
  const place = await open(path, 'wx', 0o600);
  try {
    const received = await write(place, Buffer.isBuffer(bytes) ? Readable.from([bytes]) : bytes, sealed);
    await place.sync();
    return { ...received, whole: received.whole && !isTruncated(bytes) };
  } finally {
    await place.close();
  }
}

/** Far more than any type needs before its own signs. */
const headBytes = 1024 * 1024;

async function write(place: FileHandle, stream: Readable, { file, key }: SealedFile): Promise<Received> {
  const hash = createHash('sha256');
  const sealer = fileSealer(key, file);
  const heads: Buffer[] = [];
  let size = 0;
  await place.writeFile(sealer.begin);
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    if (size < headBytes) heads.push(bytes.subarray(0, headBytes - size));
    size += bytes.length;
    if (size > attachmentLimitBytes) return { sha256: '', size, head: Buffer.alloc(0), whole: false };
    hash.update(bytes);
    await place.writeFile(sealer.piece(bytes));
  }
  await place.writeFile(sealer.end());
  return { sha256: hash.digest('hex'), size, head: Buffer.concat(heads), whole: true };
}

/** A multipart upload over its parser's limit ends without an error, and only this flag shows it. */
const isTruncated = (bytes: Readable | Buffer): boolean => 'truncated' in bytes && bytes.truncated === true;

async function typeOf(head: Buffer): Promise<AttachmentType | undefined> {
  const mime = (await fileTypeFromBuffer(head))?.mime;
  return attachmentTypes.find((type) => type === mime);
}

/** The name is on the disk too, not only the bytes, before anybody relies on the file. */
async function keep(path: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  await rename(path, place);
  const directory = await open(dirname(place), 'r');
  await directory.sync().finally(() => directory.close());
}

/** Reads the file twice: nothing leaves before its end has shown that no bit has changed. */
async function openAttachment(folder: string, { file, key }: SealedFile): Promise<OpenedAttachment> {
  const path = pathOf(folder, named(file));
  const frame = await frameOf(path);
  if (!frame) return { kind: 'not-found' };
  const plain = () => ({
    from: createReadStream(path, { start: sealedFrame.start, end: frame.end - 1 }),
    opener: fileOpener(key, file, frame),
  });
  const isChanged = (fault?: unknown): never => {
    throw new Error(`Attachment ${file} has changed since it was stored`, { cause: fault });
  };
  if (frame.size <= 0) return isChanged();
  const first = plain();
  await piped(first.from, first.opener, nowhere()).catch(isChanged);
  const { from, opener } = plain();
  return { kind: 'found', stream: pipeline(from, opener, () => undefined), size: frame.size };
}

const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

interface Frame {
  iv: Buffer;
  tag: Buffer;
  /** Where the tag begins. */
  end: number;
  /** Of the plain bytes; nothing or less for a file that was cut. */
  size: number;
}

async function frameOf(path: string): Promise<Frame | undefined> {
  const place = await openIfThere(path);
  if (!place) return undefined;
  try {
    const all = (await place.stat()).size;
    const [iv, tag] = [Buffer.alloc(sealedFrame.start), Buffer.alloc(sealedFrame.end)];
    const [end, size] = [all - sealedFrame.end, all - sealedOverhead];
    if (size > 0) {
      await place.read(iv, 0, iv.length, 0);
      await place.read(tag, 0, tag.length, end);
    }
    return { iv, tag, end, size };
  } finally {
    await place.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (fieldOf(error, 'code') === 'ENOENT') return undefined;
    throw error;
  }
}

async function sealedBytes(folder: string, file: string): Promise<Readable | undefined> {
  const place = await openIfThere(pathOf(folder, named(file)));
  return place?.createReadStream();
}

/** Only such names are in the folder; any other is looked for where nothing is. */
const named = (file: string): string => (/^[0-9a-f]{64}$/.test(file) ? file : 'none');

const pathOf = (folder: string, file: string): string => join(folder, file.slice(0, 2), file);
