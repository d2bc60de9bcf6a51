import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { actNames, acts, type ActName } from '../../../domain/claim/acts.ts';
import { checkProof } from '../../../security/signing.ts';
import { wordsMatch } from '../../../records/claims/notes.ts';
import { signedLines } from '../../../records/journal/signed-lines.ts';
import { newPair } from '../../../security/pem.ts';
import { takenBack } from '../../../security/archive-key.ts';
import { unsealWith } from '../../../security/sealing.ts';
import type { NoticeParty } from '../../../domain/claim/notice.ts';
import { lipei } from '../../support/lipei.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { aNotice, li, wang } from '../../support/notices.ts';
import { personalValues, placesInRecords } from '../../support/personal-data.ts';
import { testArchivePem, testKeyring, testRoots } from '../../support/test-keyring.ts';
import { openOffice, until, type Answered, type Office } from './office.ts';

let office: Office;

beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

async function filed(): Promise<string> {
  const { claim } = (await office.ask('H-101', 'POST', '/claims', aNotice())).body;
  await until(
    () => office.ask('C-301', 'GET', `/claims/${claim}`),
    ({ status, body }) => status === 200 && body.stage === 'survey',
  );
  return claim;
}

const does = (
  who: string,
  claim: string,
  act: ActName,
  fields: object,
  headers: Record<string, string> = {},
): Promise<Answered> => office.ask(who, 'POST', `/claims/${claim}/acts/${act}`, fields, headers);

const notes = async (claim: string): Promise<{ id: string; text: string; by: string }[]> =>
  (await office.ask('C-301', 'GET', `/claims/${claim}/notes`)).body;

async function bringsLate(claim: string, document: string, item?: string): Promise<Response> {
  const body = new FormData();
  body.append('document', document);
  if (item !== undefined) body.append('item', item);
  body.append('file', new Blob([`%PDF-1.4 ${claim} ${document}`], { type: 'application/pdf' }), 'scan.pdf');
  return fetch(`${office.api}/claims/${claim}/acts/add-document`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${await office.token('C-301')}` },
  });
}

async function brings(claim: string, document: string, item?: string): Promise<void> {
  expect((await bringsLate(claim, document, item)).status).toBe(200);
}

const entriesOf = async (claim: string, kind: string): Promise<unknown[]> =>
  (await office.database.journalEntry.findMany({ where: { claim, kind }, orderBy: { seq: 'asc' } })).map(
    ({ entry }) => JSON.parse(entry),
  );

/** A text that has people in it. */
const typed = '王伟 (+8613800138000) was there, and Li Na of Heping Road saw it.';
const kept = {
  note: expect.stringMatching(/^[0-9a-f]{32}$/),
  sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
};
/** What anybody could make of the words, to compare it with the journal. */
const plainHash = createHash('sha256').update(typed, 'utf8').digest('hex');

const noteAdded = z.object({ note: z.object({ sha256: z.string() }) });
const received = z.object({ received: z.object({ proof: z.unknown() }) });

test.each<{ who: string; act: ActName; fields: object; field: string; entry: string; before?: string }>([
  {
    who: 'S-201',
    act: 'report-survey',
    fields: { onScene: true },
    field: 'findings',
    entry: 'survey-reported',
  },
  { who: 'C-301', act: 'add-note', fields: {}, field: 'note', entry: 'note-added' },
  {
    who: 'C-301',
    act: 'reject-document',
    fields: { document: 'driving-licence', reason: 'other' },
    field: 'note',
    entry: 'document-rejected',
    before: 'driving-licence',
  },
])('$act: the records keep the words, journal and proof their id and hash', async (row) => {
  const { who, act, fields, field, entry, before } = row;
  const claim = await filed();
  if (before) await brings(claim, before);
  expect(await does(who, claim, act, { ...fields, [field]: typed })).toMatchObject({ status: 200 });
  const [journalled] = await entriesOf(claim, entry);
  expect(journalled).toMatchObject({ [field]: kept });
  expect(checkProof(testRoots, received.parse(journalled).received.proof)).toMatchObject({
    kind: 'genuine',
    statement: { act, fields: { ...fields, [field]: kept } },
  });
  const [note] = await notes(claim);
  expect(note).toMatchObject({ by: who, text: typed });
  expect(await office.database.note.findMany({ where: { sealed: { contains: 'Li Na' } } })).toEqual([]);
  expect(journalled).toMatchObject({ [field]: { note: note?.id } });
});

test.each<[string, ActName, object, string]>([
  ['C-301', 'report-survey', { onScene: true }, 'findings'],
  ['C-301', 'reject-document', { document: 'driving-licence', reason: 'other' }, 'note'],
  ['R-501', 'refuse', { item: 'item-1', clause: 'fraud', reasons: ['loss-staged'] }, 'note'],
])('%s: of a denied %s no word is kept', async (who, act, fields, field) => {
  const claim = await filed();
  const { status, body } = await does(who, claim, act, { ...fields, [field]: typed });
  expect([status, body.reason]).toEqual([expect.any(Number), expect.stringMatching(/^(role|not-now)$/)]);
  expect(await office.database.note.count({ where: { claim } })).toBe(0);
});

test('a repeated request keeps one note; another text under its key is a 422, and only the first stays', async () => {
  const claim = await filed();
  const key = { 'idempotency-key': 'note-1' };
  const answers = await Promise.all(
    [typed, typed].map((note) => does('C-301', claim, 'add-note', { note }, key)),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(await does('C-301', claim, 'add-note', { note: 'Something else.' }, key)).toMatchObject({
    status: 422,
    body: { reason: 'id-used' },
  });
  expect(await does('C-301', claim, 'add-note', { note: typed }, key)).toMatchObject({ status: 200 });
  expect((await notes(claim)).map(({ text }) => text)).toEqual([typed]);
  expect(await entriesOf(claim, 'note-added')).toHaveLength(1);
  expect(await does('H-101', claim, 'add-note', { note: typed }, key)).toMatchObject({ status: 200 });
  expect((await notes(claim)).map(({ by }) => by)).toEqual(['C-301', 'H-101']);
});

test('kept words match the signed hash; changed or erased ones do not', async () => {
  const claim = await filed();
  await does('C-301', claim, 'add-note', { note: typed });
  const [note] = await notes(claim);
  const [{ note: { sha256 = '' } = {} } = {}] = (await entriesOf(claim, 'note-added')).map((entry) =>
    noteAdded.parse(entry),
  );
  expect(sha256).not.toBe(plainHash);
  const { database } = office;
  const compared = (hash: string) =>
    wordsMatch(database, testKeyring(), claim, { note: note?.id ?? '', sha256: hash });
  expect(await compared(sha256)).toBe('match');
  expect(await compared('0'.repeat(64))).toBe('differ');
  await database.party.updateMany({ where: { claim, id: 'party-1' }, data: { key: '' } });
  expect(await compared(sha256)).toBe('gone');
  expect(await does('C-301', claim, 'add-note', { note: typed })).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('erased') },
  });
});

test('a clerk who types a name into any field of any act leaves it nowhere but in sealed notes', async () => {
  const claim = await filed();
  const [values, answers] = [['王伟', typed], new Set<number>()];
  for (const act of actNames.filter((name) => name !== 'add-document'))
    for (const field of [...Object.keys(acts[act].fields), 'colour'])
      for (const value of values)
        answers.add((await does('C-301', claim, act, { ...filledIn[act], [field]: value })).status);
  expect([...answers].filter((status) => status >= 500)).toEqual([]);
  expect(answers).toContain(400);
  expect(await placesInRecords(personalValues, office.database)).toEqual([]);
});

/** The other fields of the acts that take words, so that only one is wrong. */
const filledIn: Partial<Record<ActName, object>> = {
  'report-survey': { onScene: true },
  'reject-document': { document: 'driving-licence', reason: 'other' },
  refuse: { item: 'item-1', clause: 'fraud', reasons: ['loss-staged'] },
  'record-call': { party: 'party-1', outcome: 'reached' },
  'return-for-rework': { item: 'item-1', to: 'assess', reason: 'price-too-high' },
  'hand-over': { to: 'C-302', role: 'handler' },
  'set-payee': { item: 'item-1', account: '6222020050001111' },
  'record-appeal': { item: 'item-1' },
  reopen: { reason: 'appeal' },
};

test('the words of a note are no longer than 5000 characters', async () => {
  const claim = await filed();
  expect(await does('C-301', claim, 'add-note', { note: 'x'.repeat(5001) })).toMatchObject({
    status: 400,
    body: { field: 'note' },
  });
});

const erase = (who: string, claim: string, party: string, more: object = {}): Promise<Answered> =>
  office.ask(who, 'POST', `/claims/${claim}/parties/${party}/erase`, { reason: 'asked-for', ...more });

const person = (name: string, phone: string): NoticeParty => ({
  ...wang,
  name,
  phone,
  email: `${phone.slice(1)}@example.com`,
});

/** A claim of this claimant and of a third party, with a paper of each and a note about each. */
async function withPapers(claimant: NoticeParty, third: NoticeParty = li): Promise<string> {
  const notice = aNotice({
    parties: [claimant, third],
    items: [
      { object: 'insured-vehicle', party: claimant.id ?? '', claimed: '9000.00', plate: '鲁F12345' },
      { object: 'third-party-vehicle', party: third.id ?? '', claimed: '9000.00', plate: '鲁F67890' },
    ],
  });
  const { claim } = (await office.ask('H-101', 'POST', '/claims', notice)).body;
  await until(
    () => office.ask('C-301', 'GET', `/claims/${claim}`),
    ({ status, body }) => status === 200 && body.stage === 'survey',
  );
  await brings(claim, 'driving-licence');
  await brings(claim, 'repair-invoice', 'item-2');
  await does('C-301', claim, 'add-note', { note: `${claimant.name} is in hospital.` });
  await does('C-301', claim, 'reject-document', {
    document: 'repair-invoice',
    item: 'item-2',
    reason: 'other',
    note: `${third.name} sent another one.`,
  });
  return claim;
}

const closes = async (claim: string): Promise<void> => {
  expect(await does('C-301', claim, 'withdraw', {})).toMatchObject({ status: 200 });
  await until(
    () => office.ask('C-301', 'GET', `/claims/${claim}`),
    ({ body }) => body.outcome !== null && body.unsent.length === 0,
  );
};

const papers = async (claim: string): Promise<{ document: string; sha256: string; erased?: true }[]> =>
  (await office.ask('C-301', 'GET', `/claims/${claim}/attachments`)).body;

const readable = async (claim: string, party: string, document: string): Promise<number[]> => {
  const paper = (await papers(claim)).find((each) => each.document === document);
  const messages = (await office.ask('C-301', 'GET', `/claims/${claim}`)).body.notifications;
  const sent = messages.filter(({ to }: { to: string }) => to === party);
  const answers = await Promise.all(
    [
      `parties/${party}/contact`,
      `attachments/${paper?.sha256}`,
      ...sent.map(({ id }: { id: string }) => `notifications/${id}`),
    ].map((path) => office.ask('C-301', 'GET', `/claims/${claim}/${path}`)),
  );
  expect(sent.length).toBeGreaterThan(0);
  return [...new Set(answers.map(({ status }) => status))];
};

const texts = async (claim: string): Promise<string> => (await notes(claim)).map(({ text }) => text).join();

describe('erasing a party', () => {
  test('of an open claim is refused, with the law and when to ask again; a dry run as well', async () => {
    const claim = await filed();
    for (const more of [{}, { dryRun: true }])
      expect(await erase('M-601', claim, 'party-1', more)).toMatchObject({
        status: 409,
        body: { detail: expect.stringMatching(/is open and needs .*PIPL art\. 47.* when it has closed/) },
      });
    expect(await readable(claim, 'party-1', 'none')).toEqual([200, 404]);
  });

  test('leaves nothing of them to read, sets aside what the law wants, and touches nobody else', async () => {
    const [zhao, qian] = [person('Zhao Yi', '+8613700000001'), person('Qian Er', '+8613700000002')];
    const claim = await withPapers(zhao, { ...qian, id: 'qian', role: 'third-party' });
    await closes(claim);
    expect(await readable(claim, 'party-2', 'repair-invoice')).toEqual([200]);
    const dry = await erase('M-601', claim, 'party-2', { dryRun: true });
    expect(dry).toMatchObject({ status: 200, body: { kind: 'would-erase' } });
    expect(await readable(claim, 'party-2', 'repair-invoice')).toEqual([200]);

    expect(await erase('M-601', claim, 'party-2')).toMatchObject({
      status: 200,
      body: {
        kind: 'erased',
        by: 'M-601',
        kept: [{ law: 'Insurance Law of the PRC, art. 87', until: '2100-01-01T00:00:00.000Z' }],
        historyUntil: expect.any(String),
      },
    });
    expect(await readable(claim, 'party-2', 'repair-invoice')).toEqual([404]);
    expect(await readable(claim, 'party-1', 'driving-licence')).toEqual([200]);
    expect(await texts(claim)).toContain('Zhao Yi');
    expect(await texts(claim)).not.toContain('Qian Er');
    const { plates } = (await office.ask('C-301', 'GET', `/claims/${claim}/notice`)).body;
    expect(plates).toEqual({ 'item-1': '鲁F12345' });
    expect((await papers(claim)).map(({ document, erased }) => [document, erased])).toEqual([
      ['driving-licence', undefined],
      ['repair-invoice', true],
    ]);
    expect((await office.ask('C-301', 'GET', `/claims/${claim}`)).body.parties).toMatchObject([
      { id: 'party-1' },
      { id: 'party-2', erased: true },
    ]);
    const { sealed, key } = await office.database.party.findUniqueOrThrow({
      where: { claim_id: { claim, id: 'party-2' } },
    });
    const { wrapped } = await office.database.setAsideKey.findFirstOrThrow({ where: { claim } });
    expect(key).toBe('');
    expect(unsealWith(takenBack(wrapped, testArchivePem()), sealed, `${claim}/party-2`)).toMatchObject({
      name: 'Qian Er',
    });

    expect(await erase('M-601', claim, 'party-1')).toMatchObject({ body: { kind: 'erased' } });
    expect(await readable(claim, 'party-1', 'driving-licence')).toEqual([404]);
    expect((await office.ask('C-301', 'GET', `/claims/${claim}/notice`)).status).toBe(404);
    expect(await texts(claim)).toBe('');
    expect((await office.ask('C-301', 'GET', `/claims/${claim}/journal`)).status).toBe(200);
    for (const who of ['C-301', 'M-601'])
      expect((await office.ask(who, 'GET', '/work?contacts=true&limit=1000')).status).toBe(200);
    const late = await bringsLate(claim, 'driving-licence');
    expect([late.status, await late.text()]).toEqual([409, expect.stringContaining('have been erased')]);
  });

  test('twice says so, changes nothing, and leaves one signed line that names no person', async () => {
    const claim = await filed();
    await closes(claim);
    await erase('E-701', claim, 'party-1');
    expect(await erase('M-601', claim, 'party-1')).toMatchObject({
      status: 200,
      body: { kind: 'already-erased', by: 'E-701', kept: [{ until: '2100-01-01T00:00:00.000Z' }] },
    });
    const lines = await signedLines(office.database, { claim });
    expect(lines.map(({ act, by }) => [act, by])).toEqual([['erase-party', 'E-701']]);
    expect(checkProof(testRoots, lines[0]?.proof)).toMatchObject({
      kind: 'genuine',
      statement: { claim, act: 'erase-party', fields: { party: 'party-1', reason: 'asked-for' } },
    });
    expect((await office.ask('M-601', 'GET', '/erasures')).body).toContainEqual(
      expect.objectContaining({ claim, party: 'party-1', by: 'E-701', reason: 'asked-for' }),
    );
  });

  test('of two claims: the other is named, and with everywhere erased where it has closed', async () => {
    const sun = person('Sun San', '+8613700000003');
    const [closed, open, first] = [await withPapers(sun), await withPapers(sun), await withPapers(sun)];
    const [namesake] = [await withPapers({ ...sun, name: 'Somebody Else' })];
    for (const claim of [closed, first, namesake]) await closes(claim);
    const { body } = await erase('M-601', first, 'party-1', { everywhere: true });
    const found = new Map(body.elsewhere.map((each: { claim: string }) => [each.claim, each]));
    expect(found.get(closed)).toMatchObject({ kind: 'erased', isSame: true });
    expect(found.get(open)).toMatchObject({
      kind: 'not-yet',
      isSame: true,
      sentence: expect.stringContaining('is open'),
    });
    expect(found.get(namesake)).toMatchObject({ kind: 'not-asked', isSame: false });
    expect(await readable(closed, 'party-1', 'driving-licence')).toEqual([404]);
    expect(await readable(open, 'party-1', 'driving-licence')).toEqual([200]);
  });

  test.each([
    ['of no such party', 'M-601', 'party-9', {}, 404, 'no party "party-9"'],
    ['for a reason that nobody knows', 'M-601', 'party-1', { reason: 'because' }, 400, 'asked-for'],
    ['by a handler', 'C-301', 'party-1', {}, 403, 'manager, executive'],
    ['by an auditor', 'A-991', 'party-1', {}, 403, 'manager, executive'],
  ])('%s is a problem that says what to do', async (_, who, party, more, status, words) => {
    const claim = await filed();
    await closes(claim);
    expect(await erase(who, claim, party, more)).toMatchObject({
      status,
      body: { detail: expect.stringContaining(words) },
    });
    expect((await office.ask('C-301', 'GET', `/claims/${claim}/parties/party-1/contact`)).status).toBe(200);
  });

  test('leaves an archive that opens for a court alone, with the private archive key', async () => {
    const types = async (...words: string[]) =>
      lipei(['claims', 'archive', ...words, '--api', office.api], {
        env: { LIPEI_TOKEN: await office.token('M-601') },
      });
    const claim = await withPapers(person('Wu Wu', '+8613700000005'));
    await closes(claim);
    await erase('M-601', claim, 'party-1');
    const [archive, pem, other] = ['archive', 'private.pem', 'other.pem'].map((name) =>
      join(temporaryDirectory(), name),
    );
    writeFileSync(pem ?? '', testArchivePem());
    writeFileSync(other ?? '', newPair().privatePem);
    expect(await types(claim, archive ?? '')).toMatchObject({ exitCode: 0 });
    const { out } = await types('open', archive ?? '', '--purpose', 'supervision');
    expect(out).toContain('does not open: the person was erased');
    expect(out).not.toContain('Wu Wu');
    const forCourt = await types(
      'open',
      archive ?? '',
      '--purpose',
      'legal',
      '--private',
      pem ?? '',
      '--save-to',
      `${archive}.files`,
    );
    expect(forCourt.out).toContain('"name": "Wu Wu"');
    expect(forCourt.out).toContain('Wu Wu is in hospital.');
    expect(forCourt.out).toMatch(/attachment .*driving-licence/);
    expect(await types('open', archive ?? '', '--purpose', 'legal', '--private', other ?? '')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('does not open what was set aside'),
    });
    expect((await office.ask('C-301', 'GET', `/claims/${claim}/set-aside`)).status).toBe(403);
  });

  test('by command says what is erased, kept and elsewhere, and a restored backup is erased again', async () => {
    const types = async (...words: string[]) =>
      lipei(['parties', ...words, '--api', office.api], {
        env: { LIPEI_TOKEN: await office.token('M-601') },
      });
    const zhou = person('Zhou Si', '+8613700000004');
    const [claim, other] = [await withPapers(zhou), await withPapers(zhou)];
    const reason = ['--reason', 'asked-for'];
    expect(await types('erase', claim, 'policyholder', ...reason)).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('ask again when it has closed'),
    });
    await closes(claim);
    expect(await types('erase', claim, 'policyholder', ...reason, '--dry-run')).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(
        new RegExp(
          [
            `party-1 of ${claim} may be erased\\. Nothing is changed\\.`,
            'Set aside until 2100-01-01, .* Insurance Law of the PRC, art\\. 87',
            'Temporal keeps the notice of loss, encrypted, until 20',
            `The same person: party-1 of ${other}: not erased\\. .* is open`,
          ].join('[^]*'),
        ),
      ),
    });
    const { key } = await office.database.party.findUniqueOrThrow({
      where: { claim_id: { claim, id: 'party-1' } },
    });
    expect(await types('erase', claim, 'policyholder', ...reason)).toMatchObject({
      out: expect.stringContaining(`party-1 of ${claim} is erased: contact, notes, texts`),
    });
    expect(await types('erase', claim, 'party-1', ...reason)).toMatchObject({
      out: expect.stringMatching(/is erased already, at .* by M-601/),
    });

    const list = join(temporaryDirectory(), 'erased.json');
    writeFileSync(list, (await types('erased', '--json')).out);
    await office.database.party.update({ where: { claim_id: { claim, id: 'party-1' } }, data: { key } });
    expect(await types('erase-again', list)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/party-1 of \S+: erased again[^]*1 erased again, \d+ erased already, 0 not/),
    });
    expect(await readable(claim, 'party-1', 'driving-licence')).toEqual([404]);
    expect(await types('erase-again', join(temporaryDirectory(), 'none.json'))).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('cannot be read'),
    });
  });
});
