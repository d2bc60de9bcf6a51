import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { neededKey } from '../../../records/keys/needed-key.ts';
import { registerKeys } from '../../../records/keys/register-keys.ts';
import { fingerprintOf, keyringOf, type Key } from '../../../security/keyring.ts';
import { rootIdOf } from '../../../security/root-keys.ts';
import { ownDatabase } from '../../support/runtime.ts';
import { testRoots } from '../../support/test-keyring.ts';

const key = (id: string): Key => ({ id, secret: randomBytes(32) });
const used = key('used');
const day = (n: number): Date => new Date(Date.UTC(2026, 9, n));
let database: Database;

beforeEach(async () => {
  database = connectDatabase(await ownDatabase());
  // It encrypted from the tenth to the twentieth.
  await database.encryptionKey.createMany({
    data: [
      { id: 'used', fingerprint: fingerprintOf(used), encryptedFrom: day(10), encryptedAt: day(20) },
      { id: 'idle', fingerprint: fingerprintOf(used) },
    ],
  });
});
afterEach(() => database.$disconnect());

const needs = (
  id = 'used',
  workflowId = 'claim-LKEYS-00001',
  check = fingerprintOf(used),
): Promise<boolean> => neededKey(database)(workflowId, { id, check });

async function aClaim(openedAt: Date, closedAt?: Date): Promise<void> {
  const claim = 'LKEYS-00001';
  await database.claim.create({
    data: {
      number: claim,
      line: 'motor',
      jurisdiction: 'CN',
      branch: 'longkou',
      stage: 'survey',
      stageSince: openedAt,
      handler: 'C-301',
      surveyor: 'S-201',
      urgency: 'normal',
      claimedMinor: 1,
      currency: 'CNY',
      openedAt,
      lastContactAt: openedAt,
      seq: 1,
      state: {},
      outcome: closedAt ? 'paid' : null,
    },
  });
  if (closedAt)
    await database.journalEntry.create({
      data: {
        claim,
        seq: 1,
        at: closedAt,
        by: 'lipei',
        kind: 'claim-closed',
        entry: '{}',
        previousHash: '',
        hash: '',
      },
    });
}

test.each<[string, Date, Date | undefined, boolean]>([
  ['opened before it came into use, still open', day(1), undefined, true],
  ['opened while it was in use', day(15), undefined, true],
  ['opened minutes after it was last registered', new Date(day(20).getTime() + 10 * 60_000), undefined, true],
  ['opened after its use', day(21), undefined, false],
  ['closed before it came into use', day(1), day(9), false],
  ['closed while it was in use', day(1), day(11), true],
])('of a claim that was %s', async (_, openedAt, closedAt, needed) => {
  await aClaim(openedAt, closedAt);
  expect(await needs()).toBe(needed);
});

test('a claim that is not stored yet may need each key that ever encrypted, under its own fingerprint', async () => {
  expect(await needs()).toBe(true);
  expect(await needs('used', 'started by hand')).toBe(true);
  expect(await needs('idle')).toBe(false);
  expect(await needs('nope')).toBe(false);
  expect(await needs('used', 'claim-LKEYS-00001', fingerprintOf(key('used')))).toBe(false);
});

test('while the records are away it says so, for another attempt', async () => {
  const nowhere = connectDatabase('postgresql://lipei:none@127.0.0.1:9/lipei');
  await expect(neededKey(nowhere)('claim-LKEYS-00001', { id: 'used', check: 'c' })).rejects.toThrow(
    /The records do not answer/,
  );
  await nowhere.$disconnect();
});

test('a root that others have registered is missed by name, and a program without it does not start', async () => {
  const keyring = keyringOf([used]);
  const young = generateKeyPairSync('ed25519').publicKey;
  expect(await registerKeys(database, { keyring, roots: [...testRoots, young] })).toEqual([]);
  expect(await registerKeys(database, { keyring, roots: testRoots })).toEqual([
    {
      keyId: rootIdOf(young),
      serious: true,
      sentence: expect.stringContaining(`Copy roots/${rootIdOf(young)}.pem from another machine`),
    },
  ]);
});
