import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { neededKey } from '../../../records/keys/needed-key.ts';
import { registerKeys } from '../../../records/keys/register-keys.ts';
import { connectClaims, type Claims } from '../../../client/engine/claims.ts';
import { workflowIdOf } from '../../../domain/ids.ts';
import { dataConverter } from '../../../security/data-converter.ts';
import { KeyMissing } from '../../../security/key-missing.ts';
import { keyringOf, type Keyring } from '../../../security/keyring.ts';
import { lipei } from '../../support/lipei.ts';
import { eventually } from '../../support/local-stack.ts';
import { aNotice } from '../../support/notices.ts';
import { testKeyring, testRoots } from '../../support/test-keyring.ts';
import { openOffice, type Office } from './office.ts';

let office: Office;
const opened: Claims[] = [];

beforeAll(async () => {
  office = await openOffice({ quietly: true });
  // Another program encrypts with a key that the worker lacks.
  for (const keys of [testKeyring().keys, [...testKeyring().keys, young]])
    await registerKeys(office.database, { keyring: keyringOf(keys), roots: testRoots });
});
afterAll(async () => {
  await Promise.all(opened.map((claims) => claims.close()));
  await office.close();
});

/** What an API with other keys than the worker's does with the engine. */
function claimsUnder(keyring: Keyring): Claims {
  const claims = connectClaims({
    connection: { address: office.engine },
    namespace: 'default',
    dataConverter: dataConverter(keyring, { roots: testRoots, needsKey: neededKey(office.database) }),
  });
  opened.push(claims);
  return claims;
}

const [known] = testKeyring().keys;
const young = { id: 'young', secret: randomBytes(32) };
const problems = async (): Promise<{ claim: string; problem: string; parts: string[] }[]> =>
  (await office.ask('O-951', 'GET', '/problems')).body;

async function statusOf(claim: string): Promise<string> {
  const connection = await Connection.connect({ address: office.engine });
  const { status } = await new Client({ connection }).workflow.getHandle(workflowIdOf(claim)).describe();
  await connection.close();
  return status.name;
}

test('a claim that was filed under a key that the worker lacks does not end: it is blocked, the list has the reason, others continue', async () => {
  const sentence = 'The encryption key "young" is missing here. Put young.key back';
  const filed = await claimsUnder(keyringOf([...testKeyring().keys, young])).file(aNotice());
  const claim = 'claim' in filed ? filed.claim : '';
  const listed = await eventually('it is listed', problems, (found) =>
    found.some((each) => each.claim === claim),
  );
  expect(listed.find((each) => each.claim === claim)).toEqual({
    claim,
    problem: expect.stringContaining(`its history cannot be read: ${sentence}`),
    parts: [],
  });
  expect(await statusOf(claim)).toBe('RUNNING');
  const { out } = await lipei(['claims', 'problems', '--api', office.api], {
    env: { LIPEI_TOKEN: await office.token('O-951') },
  });
  expect(out).toContain(sentence);

  const other = (await office.ask('H-101', 'POST', '/claims', aNotice())).body.claim;
  await eventually(
    'another is opened',
    async () => office.ask('C-301', 'GET', `/claims/${other}`),
    ({ status }) => status === 200,
  );
});

test.each([
  ['a key that nobody registered', { id: 'nope', secret: randomBytes(32) }],
  ['other bytes under the right name', { id: known?.id ?? '', secret: randomBytes(32) }],
])('a message under %s is denied, and the claim continues', async (_, invented) => {
  const { claim } = (await office.ask('H-101', 'POST', '/claims', aNotice())).body;
  const connection = await Connection.connect({ address: office.engine });
  const { workflow } = new Client({
    connection,
    dataConverter: dataConverter(keyringOf([invented]), { roots: [] }),
  });
  await workflow.getHandle(workflowIdOf(claim)).signal('document-arrived', { id: 'm-1' });
  await connection.close();
  await eventually(
    'it is denied',
    async () => office.database.journalEntry.count({ where: { claim, kind: 'message-denied' } }),
    (count) => count === 1,
  );
  expect((await problems()).filter((each) => each.claim === claim)).toEqual([]);
  expect(await office.ask('C-301', 'GET', `/claims/${claim}`)).toMatchObject({ status: 200 });
});

test('an API that lacks the key of an answer names the key, and does not report a fault of its own', async () => {
  const { body } = await office.ask('H-101', 'POST', '/claims', aNotice());
  await eventually(
    'opened',
    async () => office.ask('C-301', 'GET', `/claims/${body.claim}`),
    ({ status }) => status === 200,
  );
  await expect(claimsUnder(keyringOf([young])).state(body.claim)).rejects.toThrow(new KeyMissing('test'));
});

test('a party whose key is missing: 503 with the key and the remedy, and health has the same sentence', async () => {
  const claim = (await office.ask('H-101', 'POST', '/claims', aNotice())).body.claim;
  await eventually(
    'kept',
    async () => office.ask('C-301', 'GET', `/claims/${claim}/parties/party-1/contact`),
    ({ status }) => status === 200,
  );
  await office.database.encryptionKey.create({ data: { id: 'gone', fingerprint: 'of another' } });
  await office.database
    .$executeRaw`UPDATE party SET key = replace(key, 'test:', 'gone:') WHERE claim = ${claim}`;

  expect(await office.ask('C-301', 'GET', `/claims/${claim}/parties/party-1/contact`)).toMatchObject({
    status: 503,
    body: {
      detail: expect.stringMatching(
        /^The encryption key "gone" is missing here\. Put gone\.key back .*LIPEI_KEYS/,
      ),
    },
  });
  const { body } = await office.ask('O-951', 'GET', '/health');
  expect(body).toMatchObject({
    status: 'degraded',
    parts: expect.arrayContaining([
      {
        name: 'keys',
        ok: false,
        detail: expect.stringContaining('"gone" is missing here: claims whose parties it wraps are blocked'),
      },
    ]),
  });
});

test('operations see the use of each key and rewrap with the newest; other roles do not', async () => {
  const types = async (who: string, ...words: string[]) =>
    lipei(['keys', ...words, '--api', office.api], { env: { LIPEI_TOKEN: await office.token(who) } });
  await office.database.encryptionKey.update({ where: { id: 'young' }, data: { encryptedFrom: null } });
  const registered = await registerKeys(office.database, { keyring: testKeyring(), roots: testRoots });
  expect(registered.filter(({ serious }) => serious)).toEqual([]);
  expect(await types('O-951', 'list', '--needed')).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/test\s+encrypts\s+everything new/),
  });
  await office.database.encryptionKey.update({ where: { id: 'gone' }, data: { encryptedAt: new Date() } });
  expect(await types('O-951', 'list', '--needed')).toMatchObject({
    out: expect.stringMatching(
      /gone\s+missing\s+2 party keys, what programs wrapped lately \(put it back, then keys rewrap\); histories of \d+ runs of claims/,
    ),
  });
  expect(await types('O-951', 'rewrap')).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('0 party keys and 0 policy keys wrapped with the newest key'),
  });
  expect(await types('C-301', 'rewrap')).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('operations, manager'),
  });
  expect(await office.ask('O-951', 'POST', '/keys/rewrap', { next: 'x' })).toMatchObject({
    status: 400,
    body: { field: 'next' },
  });
});
