import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { contactHashing } from '../../../records/keys/contact-key.ts';
import { watchKeys } from '../../../records/keys/key-watch.ts';
import { keyFaults, registerKeys } from '../../../records/keys/register-keys.ts';
import { startNode } from '../../../local/processes/child.ts';
import { freePort } from '../../../local/processes/ports.ts';
import { ensureLocalKeyring, loadKeys } from '../../../security/key-folder.ts';
import { keyringOf, type Key } from '../../../security/keyring.ts';
import { newPartyKey } from '../../../security/sealing.ts';
import { eventually } from '../../support/local-stack.ts';
import { throughProxy } from '../../support/proxy.ts';
import { ownDatabase } from '../../support/runtime.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { testRoots } from '../../support/test-keyring.ts';

const key = (id: string): Key => ({ id, secret: randomBytes(32) });
const [first, second] = [key('first'), key('second')];
const keysOf = (keys: Key[]) => ({ keyring: keyringOf(keys), roots: testRoots });
const phone = '+8613800000001';
let url: string, database: Database;
const others: Database[] = [];

beforeEach(async () => {
  url = await ownDatabase();
  database = connectDatabase(url);
});
afterEach(() => Promise.all([database, ...others.splice(0)].map((each) => each.$disconnect())));

/** A process of its own: it remembers nothing of another's. */
const elsewhere = (): Database => {
  const connected = connectDatabase(url);
  others.push(connected);
  return connected;
};
const hashUnder = async (...keys: Key[]): Promise<string> =>
  (await contactHashing(elsewhere(), keyringOf(keys)))(phone);
const partyUnder = (...keys: Key[]) =>
  database.party.create({
    data: {
      claim: 'LKEYS-00001',
      id: `party-${keys.at(-1)?.id}`,
      role: 'policyholder',
      locale: 'en',
      timeZone: 'Asia/Shanghai',
      key: newPartyKey(keyringOf(keys)),
      sealed: '',
    },
  });
const faults = async (...keys: Key[]) =>
  (await registerKeys(database, keysOf(keys))).map(({ serious, sentence }) => [
    serious,
    sentence.split('.')[0],
  ]);

test.each([
  ['before the old one, as a keyring in a text is rotated', [second, first]],
  ['after it', [first, second]],
])('an opt-out stays valid when a key is added %s', async (_, rotated) => {
  const before = await hashUnder(first);
  expect(await hashUnder(...rotated)).toBe(before);
  expect(await registerKeys(database, keysOf(rotated))).toEqual([]);
});

test('many that begin at once agree on what contacts are hashed under', async () => {
  const hashes = await Promise.all(
    [
      [first, second],
      [second, first],
      [first, second],
      [second, first],
    ].map((keys) => hashUnder(...keys)),
  );
  const kept = await database.contactKey.findMany();
  expect(kept).toHaveLength(1);
  expect(new Set([...hashes, await hashUnder(first, second)]).size).toBe(1);
});

test('a key that differs from the registered one is rejected, and changes nothing', async () => {
  expect(await faults(first)).toEqual([]);
  expect(await faults({ ...second, id: 'first' })).toEqual([
    [
      true,
      'The encryption key "first" here differs from the one that the records know by that name: it could not decrypt their data',
    ],
  ]);
  expect(await faults(first)).toEqual([]);
});

test('of two that bring different keys of one name at once, one is refused', async () => {
  const both = await Promise.all(
    [first, { ...second, id: 'first' }].map((each) => registerKeys(elsewhere(), keysOf([each]))),
  );
  expect(both.map((each) => each.length).toSorted()).toEqual([0, 1]);
});

test('without the key of the contacts’ secret no program starts; without one of parties claims are blocked', async () => {
  expect(await faults(first)).toEqual([]);
  await partyUnder(first, second);
  expect(await faults(first, second)).toEqual([]);
  expect(await faults(second)).toEqual([
    [true, 'The encryption key "first" is missing here, and opt-outs are unreadable without it'],
  ]);
  expect(await faults(first)).toEqual([
    [
      false,
      'The encryption key "second" is missing here: claims whose parties it wraps are blocked, the others continue',
    ],
  ]);
});

test('a key that others encrypted with lately is missed, one that nobody needs any more is not', async () => {
  await faults(first);
  await faults(first, second);
  expect(await faults(first)).toEqual([
    [false, expect.stringContaining('"second" is missing here, and others encrypted with it lately')],
  ]);
  await database.encryptionKey.update({
    where: { id: 'second' },
    data: { rewrappedAt: new Date(Date.now() + 60_000) },
  });
  expect(await faults(first)).toEqual([]);
  await database.encryptionKey.update({
    where: { id: 'second' },
    data: { encryptedAt: new Date('2020-01-01'), rewrappedAt: null },
  });
  expect(await faults(first)).toEqual([]);
});

test('looking changes nothing', async () => {
  expect(await keyFaults(database, keysOf([first]))).toEqual([]);
  expect([await database.encryptionKey.count(), await database.contactKey.count()]).toEqual([0, 0]);
});

function watched(over: Database, ...keys: Key[]): { messages: string[]; begun: Promise<() => void> } {
  const messages: string[] = [];
  const listen = (sentence: string): void => void messages.push(sentence);
  return {
    messages,
    begun: watchKeys({ database: over, keys: keysOf(keys), warn: listen, fail: listen }),
  };
}

describe('at the start of a program', () => {
  test('a wrong key ends it with a sentence', async () => {
    await faults(first);
    await expect(watched(database, { ...second, id: 'first' }).begun).rejects.toThrow(
      /^The encryption key "first" here differs.*Put the right first\.key into .* then start again\.$/,
    );
  });

  test('one that only some claims need is said, and it begins', async () => {
    await faults(first);
    await partyUnder(first, second);
    await faults(first, second);
    const { messages, begun } = watched(database, first);
    (await begun)();
    expect(messages).toEqual([expect.stringContaining('"second" is missing here')]);
  });

  test('it begins while the records are away, and a wrong key ends it once they are back', async () => {
    await faults(first);
    const { url: through, proxy } = await throughProxy(url);
    await proxy.cut();
    const away = connectDatabase(through);
    others.push(away);
    const { messages, begun } = watched(away, { ...second, id: 'first' });
    const stop = await begun;
    expect(messages).toEqual([]);
    await proxy.repair();
    await eventually(
      'it is refused',
      async () => messages,
      ([sentence = '']) => sentence.startsWith('The encryption key "first" here differs'),
    );
    stop();
    await proxy.close();
  });

  test.each(['workers/main.ts', 'client/api/main.ts'])(
    '%s does not start with a key that differs from the one that the records know',
    async (script) => {
      const home = temporaryDirectory();
      ensureLocalKeyring(home);
      const keys = loadKeys({ directory: home });
      const { keyring } = keys;
      await registerKeys(database, keys);
      writeFileSync(join(home, 'payload', `${keyring.newest.id}.key`), randomBytes(32).toString('base64'));
      const settings = {
        DATABASE_URL: url,
        TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`,
        LIPEI_KEYS: home,
        LIPEI_DATA: home,
        API_PORT: String(await freePort()),
        SMTP_URL: 'smtp://127.0.0.1:9',
        MAIL_FROM: 'claims@lipei.example',
        TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
        TWILIO_AUTH_TOKEN: 'token',
        TWILIO_FROM: '+15005550006',
        BANK_URL: 'http://127.0.0.1:9',
        BANK_SECRET: 'a secret of the bank',
      };
      const starting = startNode({
        name: 'The program',
        script,
        settings,
        logFile: join(home, 'log'),
        recordFile: join(home, 'run'),
      });
      await expect(starting).rejects.toThrow(
        new RegExp(
          `exit code 1, The encryption key "${keyring.newest.id}" here differs from the one that the records know .* then start again\\.\\); see`,
        ),
      );
    },
  );
});
