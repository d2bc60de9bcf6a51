import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { deflateSync } from 'node:zlib';

import {
  attachmentLimitBytes,
  type AttachmentStore,
  folderAttachments,
  type StoredAttachment,
} from '../../providers/attachments/folder.ts';

let folder: string;
let store: AttachmentStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lipei-attachments-'));
  store = folderAttachments(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');
const png = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'),
  chunk('IHDR', Buffer.from('00000001000000010802000000', 'hex')),
  chunk('IDAT', deflateSync(Buffer.alloc(4))),
  chunk('IEND', Buffer.alloc(0)),
]);

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
async function kept(bytes: Buffer | Readable): Promise<StoredAttachment> {
  const answer = await store.put(bytes);
  if (answer.kind !== 'stored') throw new Error(`It was ${answer.why}`);
  return answer;
}

const placeOf = (file: string): string => join(folder, file.slice(0, 2), file);

const files = async (): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

test.each([
  ['a PDF', pdf, 'application/pdf'],
  ['a photo', jpeg, 'image/jpeg'],
  ['a screenshot', png, 'image/png'],
])('%s is stored sealed, and comes back as it was', async (_, bytes, type) => {
  const stored = await kept(bytes);
  expect(stored).toMatchObject({ sha256: sha256(bytes), size: bytes.length, type });
  const opened = await store.open(stored);
  expect(opened).toMatchObject({ kind: 'found', size: bytes.length });
  expect(opened.kind === 'found' && (await buffer(opened.stream))).toEqual(bytes);
  const onDisk = await readFile(placeOf(stored.file));
  expect(onDisk.includes(bytes.subarray(0, 8))).toBe(false);
  expect(await files()).not.toContain(sha256(bytes));
});

test('an attachment that comes in pieces is the same as one that comes at once', async () => {
  const pieces = Readable.from([pdf.subarray(0, 3), pdf.subarray(3, 20), pdf.subarray(20)]);
  const [one, other] = [await kept(pieces), await kept(pdf)];
  expect(one.sha256).toBe(other.sha256);
});

test('the same bytes twice are two files, each under a key of its own', async () => {
  const [one, other] = await Promise.all([kept(pdf), kept(pdf)]);
  expect((await files()).toSorted()).toEqual([one.file, other.file].toSorted());
  await expect(store.open({ ...one, key: other.key })).rejects.toThrow('has changed');
});

test.each([
  [
    'whose last byte changed',
    (sealed: Buffer) => Buffer.concat([sealed.subarray(0, -1), Buffer.from([(sealed.at(-1) ?? 0) ^ 1])]),
  ],
  ['that was cut', (sealed: Buffer) => sealed.subarray(0, 60)],
  ['of which nothing is left', () => Buffer.alloc(0)],
])('a file %s is not given out', async (_, change) => {
  const stored = await kept(pdf);
  const path = placeOf(stored.file);
  await writeFile(path, change(await readFile(path)));
  await expect(store.open(stored)).rejects.toThrow(`Attachment ${stored.file} has changed`);
});

test('a file that was removed is gone, and to remove it again is no fault', async () => {
  const stored = await kept(pdf);
  await store.remove(stored.file);
  await store.remove(stored.file);
  expect(await store.open(stored)).toEqual({ kind: 'not-found' });
  expect(await store.sealed(stored.file)).toBeUndefined();
});

test.each([
  ['a page of HTML', Buffer.from('<!doctype html><script>alert(1)</script>')],
  [
    'a drawing with a script',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
  ],
  ['a moving picture', Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;', 'latin1')],
  ['an archive', Buffer.from('504b0506000000000000000000000000000000000000', 'hex')],
  ['a program', Buffer.concat([Buffer.from('7f454c46020101', 'hex'), Buffer.alloc(60)])],
  ['a PDF behind something else', Buffer.concat([Buffer.from('<html>'), pdf])],
  ['text', Buffer.from('a plain letter')],
])('%s is rejected, and leaves nothing', async (_, bytes) => {
  expect(await store.put(bytes)).toEqual({ kind: 'rejected', why: 'wrong-type' });
  expect(await files()).toEqual([]);
});

test('an empty upload is rejected', async () => {
  expect(await store.put(Buffer.alloc(0))).toEqual({ kind: 'rejected', why: 'empty' });
});

test('an attachment at the limit is stored; one byte more is rejected and leaves nothing', async () => {
  const largest = Buffer.concat([pdf, randomBytes(attachmentLimitBytes - pdf.length)]);
  expect(await store.put(Buffer.concat([largest, Buffer.alloc(1)]))).toEqual({
    kind: 'rejected',
    why: 'too-large',
  });
  expect(await files()).toEqual([]);
  expect(await store.put(largest)).toMatchObject({ kind: 'stored', size: attachmentLimitBytes });
});

test('an endless upload is cut off', async () => {
  let given = 0;
  const endless = new Readable({
    read() {
      given += 65_536;
      this.push(Buffer.alloc(65_536));
    },
  });
  expect(await store.put(endless)).toEqual({ kind: 'rejected', why: 'too-large' });
  expect(given).toBeLessThan(attachmentLimitBytes * 1.1);
});

test('an upload that its parser cut off at its own limit is rejected, though it ended well', async () => {
  expect(await store.put(Object.assign(Readable.from([pdf]), { truncated: true }))).toEqual({
    kind: 'rejected',
    why: 'too-large',
  });
});

test('an upload that breaks off leaves nothing', async () => {
  const broken = Readable.from(
    (async function* () {
      yield pdf;
      throw new Error('the customer went away');
    })(),
  );
  await expect(store.put(broken)).rejects.toThrow('the customer went away');
  expect(await files()).toEqual([]);
});

test.each([['a'.repeat(64)], ['../../etc/passwd'], [''], ['A'.repeat(64)]])(
  'there is no attachment %j',
  async (name) => {
    expect(await store.open({ file: name, key: Buffer.alloc(32) })).toEqual({ kind: 'not-found' });
  },
);
