import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';

import { fileTypeFromFile } from 'file-type';

import { fieldOf } from '../fault-field.ts';

/** The types that a document of a claim may have. The bytes decide, not the file's name. */
const attachmentTypes = ['application/pdf', 'image/jpeg', 'image/png'] as const;
export type AttachmentType = (typeof attachmentTypes)[number];

export const attachmentLimitBytes = 20 * 1024 * 1024;

export type StoredAttachment = { kind: 'stored'; sha256: string; size: number; type: AttachmentType };
export type RejectedAttachment = { kind: 'rejected'; why: 'too-large' | 'wrong-type' | 'empty' };
export type OpenedAttachment =
  { kind: 'found'; stream: Readable; size: number; type: AttachmentType } | { kind: 'not-found' };

export interface AttachmentStore {
  put(bytes: Readable | Buffer): Promise<StoredAttachment | RejectedAttachment>;
  open(sha256: string): Promise<OpenedAttachment>;
  /** Deletes a file. A file that is not there is no fault. */
  remove(sha256: string): Promise<void>;
}

/**
 * Attachments in a folder, each named by the SHA-256 of its bytes. The same bytes twice are one file, and no
 * file ever changes. A file gets its name only when it is complete and on the disk. A broken stream or a full
 * disk throws, and leaves nothing.
 */
export function folderAttachments(folder: string): AttachmentStore {
  return {
    put: (bytes) => put(folder, bytes),
    open: (sha256) => openAttachment(folder, sha256),
    remove: (sha256) => rm(pathOf(folder, sha256), { force: true }),
  };
}

async function put(folder: string, bytes: Readable | Buffer): Promise<StoredAttachment | RejectedAttachment> {
  const incoming = join(folder, 'incoming');
  await mkdir(incoming, { recursive: true });
  const path = join(incoming, randomUUID());
  try {
    const { sha256, size, whole } = await receive(path, bytes);
    if (!whole) return { kind: 'rejected', why: 'too-large' };
    if (size === 0) return { kind: 'rejected', why: 'empty' };
    const type = await typeOf(path);
    if (!type) return { kind: 'rejected', why: 'wrong-type' };
    await keep(path, pathOf(folder, sha256));
    return { kind: 'stored', sha256, size, type };
  } finally {
    await rm(path, { force: true });
  }
}

async function receive(
  path: string,
  bytes: Readable | Buffer,
): Promise<{ sha256: string; size: number; whole: boolean }> {
  const file = await open(path, 'wx', 0o600);
  try {
    const received = await write(file, Buffer.isBuffer(bytes) ? Readable.from([bytes]) : bytes);
    await file.sync();
    return { ...received, whole: received.whole && !isTruncated(bytes) };
  } finally {
    await file.close();
  }
}

async function write(
  file: FileHandle,
  stream: Readable,
): Promise<{ sha256: string; size: number; whole: boolean }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > attachmentLimitBytes) return { sha256: '', size, whole: false };
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  return { sha256: hash.digest('hex'), size, whole: true };
}

/** A multipart upload over its parser's limit ends without an error, and only this flag shows it. */
const isTruncated = (bytes: Readable | Buffer): boolean => 'truncated' in bytes && bytes.truncated === true;

async function typeOf(path: string): Promise<AttachmentType | undefined> {
  const mime = (await fileTypeFromFile(path))?.mime;
  return attachmentTypes.find((type) => type === mime);
}

/** The name is on the disk too, not only the bytes, before anybody relies on the file. */
async function keep(path: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  await rename(path, place);
  const directory = await open(dirname(place), 'r');
  await directory.sync().finally(() => directory.close());
}

async function openAttachment(folder: string, sha256: string): Promise<OpenedAttachment> {
  if (!/^[0-9a-f]{64}$/.test(sha256)) return { kind: 'not-found' };
  const path = pathOf(folder, sha256);
  const size = await sizeOf(path);
  if (size === undefined) return { kind: 'not-found' };
  const type = await typeOf(path);
  if (!type) throw new Error(`Attachment ${sha256} has changed since it was stored`);
  return { kind: 'found', stream: createReadStream(path), size, type };
}

const pathOf = (folder: string, sha256: string): string => join(folder, sha256.slice(0, 2), sha256);

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (fieldOf(error, 'code') === 'ENOENT') return undefined;
    throw error;
  }
}
