import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { deflateSync } from 'node:zlib';

import {
  attachmentLimitBytes,
  type AttachmentStore,
  folderAttachments,
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
const files = async (): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

test.each([
  ['a PDF', pdf, 'application/pdf'],
  ['a photo', jpeg, 'image/jpeg'],
  ['a screenshot', png, 'image/png'],
])('%s is stored under its hash and comes back as it was', async (_, bytes, type) => {
  expect(await store.put(bytes)).toEqual({ kind: 'stored', sha256: sha256(bytes), size: bytes.length, type });
  const opened = await store.open(sha256(bytes));
  expect(opened).toMatchObject({ kind: 'found', size: bytes.length, type });
  expect(opened.kind === 'found' && (await buffer(opened.stream))).toEqual(bytes);
});

test('an attachment that comes in pieces is the same as one that comes at once', async () => {
  const pieces = Readable.from([pdf.subarray(0, 3), pdf.subarray(3, 20), pdf.subarray(20)]);
  expect(await store.put(pieces)).toEqual(await store.put(pdf));
});

test('the same bytes twice, even at the same time, are one file', async () => {
  const answers = await Promise.all([store.put(pdf), store.put(pdf), store.put(Readable.from([pdf]))]);
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await files()).toEqual([sha256(pdf)]);
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
  expect(await store.put(bytes)).toEqual({ kind: 'refused', why: 'wrong-type' });
  expect(await files()).toEqual([]);
});

test('an empty upload is rejected', async () => {
  expect(await store.put(Buffer.alloc(0))).toEqual({ kind: 'refused', why: 'empty' });
});

test('an attachment at the limit is stored; one byte more is rejected and leaves nothing', async () => {
  const largest = Buffer.concat([pdf, randomBytes(attachmentLimitBytes - pdf.length)]);
  expect(await store.put(Buffer.concat([largest, Buffer.alloc(1)]))).toEqual({
    kind: 'refused',
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
  expect(await store.put(endless)).toEqual({ kind: 'refused', why: 'too-large' });
  expect(given).toBeLessThan(attachmentLimitBytes * 1.1);
});

test('an upload that its parser cut off at its own limit is rejected, though it ended well', async () => {
  expect(await store.put(Object.assign(Readable.from([pdf]), { truncated: true }))).toEqual({
    kind: 'refused',
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
    expect(await store.open(name)).toEqual({ kind: 'not-found' });
  },
);
