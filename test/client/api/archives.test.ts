import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readAnchors, writeAnchor } from '../../../client/check/anchor-files.ts';
import { archivePage } from '../../../client/cli/pages/archive-page.ts';
import { saveAttachments, sealedIn } from '../../../client/cli/archive/sealed.ts';
import { verifyArchive, type ArchiveVerification } from '../../../client/cli/archive/verification.ts';
import { noNames } from '../../../client/cli/staff-names.ts';
import { apiAt, type Api } from '../../../client/own-api/api.ts';
import { ApiFailure } from '../../../client/own-api/failure.ts';
import { folderAttachments } from '../../../providers/attachments/folder.ts';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { keepAttachment } from '../../../records/claims/attachments.ts';
import { keepNote } from '../../../records/claims/notes.ts';
import { journalOf } from '../../../records/journal/read-journal.ts';
import { signedLines } from '../../../records/journal/signed-lines.ts';
import { anchorKeyIn, anchorKeysIn, makeAnchorKey } from '../../../security/anchor-keys.ts';
import { lineOf, sha256Of } from '../../../security/archive-lines.ts';
import { keepRecords } from '../../support/records.ts';
import { asProgram, ownDatabase } from '../../support/runtime.ts';
import { rootKey } from '../../support/signed-claim.ts';
import { aLongSigningKey, personalWords, storeClaim } from '../../support/stored-claims.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { testKeyring } from '../../support/test-keyring.ts';
import { openDoor, type Door } from './door.ts';

const roots = [rootKey.publicKey];
const key = aLongSigningKey();
const dataDir = temporaryDirectory();
const pdf = Buffer.from(`%PDF-1.4\n% a repair invoice of ${personalWords.name}\n%%EOF\n`);

let owner: Database;
let program: Database;
let door: Door;
let paid: string;

beforeAll(async () => {
  const url = await ownDatabase();
  owner = connectDatabase(url);
  await keepRecords(owner);
  program = connectDatabase(asProgram(url));
  door = await openDoor({ records: { database: program, roots, signing: key }, dataDir });
  paid = await storeClaim(owner, { reference: 'paid', key, day: '2026-02-02', isPaid: true });
  const stored = await folderAttachments(join(dataDir, 'attachments')).put(pdf);
  if (stored.kind !== 'stored') throw new Error(stored.why);
  const about = { claim: paid, party: 'party-1', document: 'repair-invoice', item: 'item-1', by: 'H-101' };
  await keepAttachment(owner, testKeyring(), about, stored);
  const typed = {
    claim: paid,
    party: 'party-1',
    by: 'C-301',
    of: ['add-note'],
    text: 'Calls in the evening.',
  };
  await keepNote(owner, testKeyring(), typed);
});
afterAll(async () => {
  await door.close();
  await Promise.all([owner.$disconnect(), program.$disconnect()]);
});

/** The API in the name of a member of staff. */
async function as(code: string): Promise<Api> {
  const token = await door.token(code);
  return apiAt(() => ({ url: door.url, token }));
}

async function archived(claim: string, code = 'A-991'): Promise<string> {
  const file = join(temporaryDirectory(), `${claim}.archive`);
  writeFileSync(file, await (await as(code)).archive(claim));
  return file;
}

/** The same file with other lines. */
function withLines(file: string, change: (lines: string[]) => string[]): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const other = join(temporaryDirectory(), 'changed.archive');
  writeFileSync(other, `${change(lines).join('\n')}\n`);
  return other;
}

const partsNamed = ({ faults }: ArchiveVerification): string[] => [
  ...new Set(faults.map(({ part }) => part)),
];

const named = z.object({ part: z.string(), value: z.unknown() });
const partOf = (line: string): string => named.parse(JSON.parse(line)).part;

test('an archive is verified without any server: all of it, who made it, and that it follows', async () => {
  const file = await archived(paid);
  const verification = await verifyArchive(file, roots);
  expect(verification).toMatchObject({
    claim: paid,
    made: { by: { kind: 'staff', code: 'A-991' } },
    attachments: 1,
    rules: 'as here',
    faults: [],
    journal: { brokenAt: undefined, doubt: undefined },
  });
  expect(archivePage(verification, noNames)).toContain('Nothing was changed since it was signed');
  const [line] = await signedLines(owner, { claim: paid });
  expect(line).toMatchObject({ act: 'archive-claim', by: 'A-991' });
});

test('one changed byte is named, in whichever part it is', async () => {
  const file = await archived(paid);
  const bytes = readFileSync(file);
  let begin = 0;
  for (const line of readFileSync(file, 'utf8').trimEnd().split('\n')) {
    const length = Buffer.byteLength(line);
    for (const at of [
      begin + Math.floor(length / 2),
      ...(partOf(line) === 'proof' ? [begin + length - 4] : []),
    ]) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      const other = join(temporaryDirectory(), 'changed.archive');
      writeFileSync(other, changed);
      const found = await verifyArchive(other, roots).then(partsNamed, String);
      const isFirst = partOf(line) === 'claim' && typeof found === 'string';
      expect(found).toContain(isFirst ? 'its beginning was changed' : partOf(line));
    }
    begin += length + 1;
  }
});

test('a part that is missing, exchanged, added or written anew is named', async () => {
  const file = await archived(paid);
  const other = await archived(await storeClaim(owner, { reference: 'other', key, day: '2026-03-03' }));
  const noteLine = readFileSync(other, 'utf8')
    .split('\n')
    .find((line) => line.includes('"part":"notes"'));
  const without = withLines(file, (lines) => lines.filter((line) => partOf(line) !== 'notes'));
  expect(partsNamed(await verifyArchive(without, roots))).toContain('notes');
  const exchanged = withLines(file, (lines) =>
    lines.map((line) => (partOf(line) === 'notes' ? (noteLine ?? '') : line)),
  );
  expect(partsNamed(await verifyArchive(exchanged, roots))).toEqual(['notes']);
  const added = withLines(file, (lines) => [...lines, lineOf('notes', [])]);
  expect(partsNamed(await verifyArchive(added, roots))).toContain('file');
  // Hashes that were computed anew are not those that somebody signed.
  const anew = withLines(file, (lines) => {
    const changed = lines.map((line) => (partOf(line) === 'parties' ? lineOf('parties', []) : line));
    const contents = changed.slice(0, -2).map((line) => ({ part: partOf(line), sha256: sha256Of(line) }));
    return [...changed.slice(0, -2), lineOf('contents', contents), changed.at(-1) ?? ''];
  });
  expect(partsNamed(await verifyArchive(anew, roots))).toEqual(['contents']);
  expect(partsNamed(await verifyArchive(file, []))).toEqual(['proof', 'journal', 'signed-lines']);
  await expect(verifyArchive(join(import.meta.dirname, 'door.ts'), roots)).rejects.toThrow('is no archive');
  await expect(verifyArchive('/nowhere/at.all', roots)).rejects.toThrow('cannot be read');
});

test('an archive shows nothing of a person; the records’ keys open it, and after an erasure no more', async () => {
  const file = await archived(paid);
  const raw = readFileSync(file, 'utf8');
  for (const word of [...Object.values(personalWords), 'evening', 'repair invoice of'])
    expect(raw.includes(word)).toBe(false);
  const sealed = await sealedIn(file);
  const handlerApi = await as('C-301');
  const openAll = async () => {
    const words = await handlerApi.openPieces(sealed.claim, sealed.pieces, 'complaint');
    const keys = new Map(
      words.flatMap(({ of, id, value }) =>
        of === 'attachment' && typeof value === 'string' ? [[id, value] as const] : [],
      ),
    );
    const folder = temporaryDirectory();
    const files = await saveAttachments(file, sealed, keys, folder);
    return { text: JSON.stringify(words), files: files.map((each) => readFileSync(join(folder, each))) };
  };
  const before = await openAll();
  for (const word of [...Object.values(personalWords), 'evening']) expect(before.text).toContain(word);
  expect(before.files).toEqual([pdf]);
  expect(await owner.personalLook.count({ where: { claims: { has: paid }, what: 'archive' } })).toBe(1);
  const other = await storeClaim(owner, { reference: 'third', key, day: '2026-03-04' });
  const elsewhere = await handlerApi.openPieces(other, sealed.pieces, 'complaint');
  expect(elsewhere.filter(({ value }) => value !== undefined)).toEqual([]);
  await owner.party.updateMany({ where: { claim: paid }, data: { key: '' } });
  const after = await openAll();
  expect(after.text).not.toContain(personalWords.name);
  expect(after.files).toEqual([]);
  expect((await verifyArchive(file, roots)).faults).toEqual([]);
});

test('an archive is compared with the signed files of heads, also once its claim was deleted', async () => {
  const number = await storeClaim(owner, { reference: 'anchored', key, day: '2026-04-05' });
  const [file, journal] = [await archived(number), await journalOf(owner, number)];
  const directory = temporaryDirectory();
  const [folder, privateFile] = [join(directory, 'anchors'), join(directory, 'private', 'anchor.pem')];
  makeAnchorKey(directory, privateFile);
  const by = anchorKeyIn(privateFile);
  const [seq, hash] = [journal.length - 1, journal.at(-2)?.hash ?? ''];
  const verified = async () => verifyArchive(file, roots, await readAnchors(folder, anchorKeysIn(directory)));
  expect(partsNamed(await verified())).toEqual(['anchors']);
  const first = { now: new Date('2026-04-06'), previous: undefined, gone: [], accepted: [] };
  const previous = writeAnchor(folder, by, { ...first, heads: [{ claim: number, seq, hash }] });
  expect(await verified()).toMatchObject({ anchoredUntil: seq, faults: [] });
  const second = { ...first, now: new Date('2026-04-07'), previous, heads: [] };
  const last = writeAnchor(folder, by, { ...second, gone: [number] });
  expect(await verified()).toMatchObject({ anchoredUntil: seq, faults: [] });
  const other = [{ claim: number, seq, hash: 'a'.repeat(64) }];
  writeAnchor(folder, by, { ...first, now: new Date('2026-04-08'), previous: last, heads: other });
  expect((await verified()).faults).toEqual([
    { part: 'journal', why: `Entry ${seq} is not the one that the signed files of heads have.` },
  ]);
});

test('there is no archive of a claim without a journal', async () => {
  await expect((await as('O-951')).archive('LZZZZ-ZZZZZ')).rejects.toThrow(ApiFailure);
});
