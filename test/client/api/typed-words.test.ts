import { createHash } from 'node:crypto';
import { z } from 'zod';
import { actNames, acts, type ActName } from '../../../domain/claim/acts.ts';
import { checkProof } from '../../../security/signing.ts';
import { wordsMatch } from '../../../records/claims/notes.ts';
import { aNotice } from '../../support/notices.ts';
import { personalValues, placesInRecords } from '../../support/personal-data.ts';
import { testKeyring, testRoots } from '../../support/test-keyring.ts';
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

async function brings(claim: string, document: string): Promise<void> {
  const body = new FormData();
  body.append('document', document);
  body.append('file', new Blob([`%PDF-1.4 ${claim}`], { type: 'application/pdf' }), 'scan.pdf');
  const answer = await fetch(`${office.api}/claims/${claim}/acts/add-document`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${await office.token('C-301')}` },
  });
  expect(answer.status).toBe(200);
}

const entriesOf = async (claim: string, kind: string): Promise<unknown[]> =>
  (await office.database.journalEntry.findMany({ where: { claim, kind }, orderBy: { seq: 'asc' } })).map(
    ({ entry }) => JSON.parse(entry),
  );

/** A text that has people in it. */
const typed = '王伟 (+8613800138000) was there, and Li Na of Heping Road saw it.';
const sha256 = createHash('sha256').update(typed, 'utf8').digest('hex');
const kept = { note: expect.stringMatching(/^[0-9a-f]{32}$/), sha256 };

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
