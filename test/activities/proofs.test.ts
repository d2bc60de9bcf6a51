import { generateKeyPairSync } from 'node:crypto';
import { connectDatabase, type Database } from '../../records/database.ts';
import { proofActivities, type ActToVerify } from '../../activities/proofs.ts';
import { signProof } from '../../security/proof.ts';
import { yuan } from '../support/builders.ts';
import { keepRecords } from '../support/records.ts';
import { ownDatabase } from '../support/runtime.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const now = '2026-11-23T08:15:00.000Z';
let database: Database;
beforeAll(async () => {
  database = connectDatabase(await ownDatabase());
  await keepRecords(database);
  await database.person.create({
    data: {
      code: 'G-001',
      name: 'Gone',
      email: 'g@staff.example',
      roles: ['reviewer'],
      branch: 'longkou',
      limits: {},
      conflicts: [],
      active: false,
    },
  });
  await database.person.create({
    data: {
      code: 'B-001',
      name: 'Both',
      email: 'b@staff.example',
      roles: ['reviewer', 'janitor'],
      branch: 'longkou',
      limits: { motor: 500, home: 900 },
      conflicts: ['P-1'],
    },
  });
});
afterAll(() => database.$disconnect());

const signed = {
  claim: 'L0000-00000',
  action: 'approve',
  by: 'R-501',
  id: 'm-1',
  content: { item: 'item-1' },
  issuedAt: '2026-11-23T08:10:00.000Z',
};
const sign = (change: Partial<typeof signed> = {}, key = privateKey) =>
  signProof(key, { ...signed, ...change });
const verify = (change: Partial<ActToVerify> = {}) =>
  proofActivities(database, publicKey).verifyAct({
    claim: signed.claim,
    line: 'motor',
    action: signed.action,
    id: signed.id,
    proof: sign(),
    content: signed.content,
    now,
    validFor: 'PT15M',
    ...change,
  });

test("a genuine proof gives the person with today's authority for the claim's line", async () => {
  expect(await verify()).toEqual({
    kind: 'verified',
    issuedAt: signed.issuedAt,
    person: {
      code: 'R-501',
      roles: ['reviewer'],
      branch: 'longkou',
      conflicts: [],
      limitMinor: yuan(50_000),
    },
  });
  expect(await verify({ line: 'home' })).toMatchObject({
    person: expect.not.objectContaining({ limitMinor: expect.anything() }),
  });
  expect(await verify({ proof: sign({ by: 'B-001' }) })).toMatchObject({
    person: { roles: ['reviewer'], limitMinor: 500, conflicts: ['P-1'] },
  });
});

test('authority is what it is at the moment of the decision', async () => {
  await database.person.update({ where: { code: 'R-502' }, data: { limits: { motor: 7 } } });
  expect(await verify({ proof: sign({ by: 'R-502' }) })).toMatchObject({ person: { limitMinor: 7 } });
});

test.each<[string, Partial<ActToVerify>, string]>([
  ['there is none', { proof: undefined }, 'no-proof'],
  ['it is null', { proof: null }, 'no-proof'],
  ['it is a text', { proof: 'M-601 said so' }, 'forged-proof'],
  ['it lacks its signature', { proof: { ...signed, contentHash: 'x' } }, 'forged-proof'],
  ['it has a field too many', { proof: { ...sign(), role: 'manager' } }, 'forged-proof'],
  [
    "somebody else's key signed it",
    { proof: sign({}, generateKeyPairSync('ed25519').privateKey) },
    'forged-proof',
  ],
  ['its author was changed', { proof: { ...sign(), by: 'M-601' } }, 'forged-proof'],
  ['its date was changed', { proof: { ...sign(), issuedAt: now } }, 'forged-proof'],
  ['it is for another claim', { proof: sign({ claim: 'L0000-00001' }) }, 'forged-proof'],
  ['it is for another act', { proof: sign({ action: 'refuse' }) }, 'forged-proof'],
  ['it is for another message', { proof: sign({ id: 'm-2' }) }, 'forged-proof'],
  ['it is for another content', { content: { item: 'item-2' } }, 'forged-proof'],
  ['something was added to the content', { content: { item: 'item-1', of: 'x' } }, 'forged-proof'],
  ['nobody of that code works here', { proof: sign({ by: 'X-999' }) }, 'unknown-person'],
  ['its author has left', { proof: sign({ by: 'G-001' }) }, 'unknown-person'],
])('refused when %s', async (_, change, reason) => {
  expect(await verify(change)).toMatchObject({
    kind: 'denied',
    reason,
    sentence: expect.stringMatching(/^[^\n]+\.$/),
  });
});

test.each([
  ['just valid at its last moment', '2026-11-23T08:00:00.000Z', 'verified'],
  ['too old a millisecond later', '2026-11-23T07:59:59.999Z', 'denied'],
  ['two minutes ahead: clocks of two machines differ', '2026-11-23T08:17:00.000Z', 'verified'],
  ['further ahead', '2026-11-23T08:17:00.001Z', 'denied'],
  ['of no time at all', 'yesterday', 'denied'],
])('issued at a time that is %s', async (_, issuedAt, kind) => {
  expect(await verify({ proof: sign({ issuedAt }) })).toMatchObject(
    kind === 'denied' ? { kind, reason: 'stale-proof' } : { kind },
  );
});
