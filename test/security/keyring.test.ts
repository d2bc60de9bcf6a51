import { randomBytes } from 'node:crypto';
import { copyFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addKey, ensureLocalKeyring, loadKeys } from '../../security/key-folder.ts';
import type { Statement } from '../../domain/signed-payload.ts';
import { keyringOf } from '../../security/keyring.ts';
import { makeRoot, rootIdOf, rootIn } from '../../security/root-keys.ts';
import { certifySigningKey, endOf, signingKeyIn } from '../../security/signing-keys.ts';
import { checkProof, signStatement } from '../../security/signing.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { present } from '../../domain/present.ts';

const base64 = (): string => randomBytes(32).toString('base64');

function ownKeys(): string {
  const directory = join(temporaryDirectory(), 'keys');
  ensureLocalKeyring(directory);
  return directory;
}

test('the local stack makes its keys once, and only their owner may read them', () => {
  const directory = ownKeys();
  const first = loadKeys({ directory });

  ensureLocalKeyring(directory);

  const again = loadKeys({ directory });
  expect(again.keyring.newest).toEqual(first.keyring.newest);
  expect(again.roots.map(rootIdOf)).toEqual(first.roots.map(rootIdOf));
  expect(again.token.publicKey.equals(first.token.publicKey)).toBe(true);
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files.map(({ parentPath, name }) => statSync(join(parentPath, name)).mode & 0o777)).toEqual([
    0o600, 0o600, 0o600, 0o600, 0o600, 0o600, 0o600,
  ]);
});

test('a key that is added encrypts from the next start on, and is found at once by who runs already', () => {
  const directory = ownKeys();
  const running = loadKeys({ directory }).keyring;

  const id = addKey(directory);

  const restarted = loadKeys({ directory }).keyring;
  expect(restarted.newest.id).toBe(id);
  expect(restarted.find(running.newest.id)).toEqual(running.newest);
  expect(running.newest.id).not.toBe(id);
  expect(running.find(id)).toEqual(restarted.newest);
});

test('a key that would not be the newest is not added', () => {
  expect(() => addKey(ownKeys(), new Date('2020-01-01T00:00:00Z'))).toThrow(
    /^The new key would not be the newest/,
  );
});

test('an id that somebody made up finds no file', () => {
  const directory = ownKeys();
  const { keyring } = loadKeys({ directory });
  writeFileSync(join(directory, 'outside.key'), base64());
  writeFileSync(join(directory, 'payload', 'half.key'), 'aGFsZg==');
  for (const id of ['../outside', '', '.', 'half', 'a/b', '\0', 'x'.repeat(5000)])
    expect(keyring.find(id)).toBeUndefined();
});

test('keys may be given as a text, the newest last', () => {
  const [old, young] = [base64(), base64()];
  const { keyring } = loadKeys({ directory: ownKeys(), keyring: `old:${old},young:${young}` });
  expect(keyring.newest).toEqual({ id: 'young', secret: Buffer.from(young, 'base64') });
  expect(keyring.find('old')?.secret).toEqual(Buffer.from(old, 'base64'));
  expect(keyring.find('other')).toBeUndefined();
});

test.each([
  ['no key at all', '', /There is no encryption key.*openssl rand/],
  ['a key that is too short', `a:${randomBytes(16).toString('base64')}`, /"a" is wrong: a key is 32 bytes/],
  ['a key in hexadecimal', `a:${randomBytes(32).toString('hex')}`, /"a" is wrong: a key is 32 bytes/],
  ['an id that is a path', `../a:${base64()}`, /"\.\.\/a" is wrong/],
  ['the same id twice', `a:${base64()},a:${base64()}`, /same id/],
])('%s stops the start with a sentence', (_, text, sentence) => {
  const directory = ownKeys();
  if (text === '') rmSync(join(directory, 'payload'), { recursive: true });
  expect(() => loadKeys({ directory, ...present({ keyring: text !== '' ? text : undefined }) })).toThrow(
    sentence,
  );
});

test('an empty keyring encrypts nothing', () => {
  expect(() => keyringOf([])).toThrow(/There is no encryption key/);
});

test('a worker does without the private keys, but not without the public ones', () => {
  const directory = ownKeys();
  rmSync(join(directory, 'root'), { recursive: true });
  for (const file of ['signing.private.pem', 'signing.certificate.json', 'token.private.pem'])
    rmSync(join(directory, file));
  const { roots, token } = loadKeys({ directory });
  expect(roots).toHaveLength(1);
  expect(token.privateKey).toBeUndefined();
  expect(signingKeyIn(directory, roots)).toBeUndefined();
  rmSync(join(directory, 'token.public.pem'));
  expect(() => loadKeys({ directory })).toThrow(/^token\.public\.pem is missing.*openssl genpkey/);
  rmSync(join(directory, 'roots'), { recursive: true });
  expect(() => loadKeys({ directory })).toThrow(/^There is no public root key .*bin\/lipei keys root/);
});

test('keys that are no keys, or no pair, stop the start', () => {
  const [directory, other] = [ownKeys(), ownKeys()];
  const { privateKey } = loadKeys({ directory: other }).token;
  writeFileSync(
    join(directory, 'token.private.pem'),
    privateKey?.export({ type: 'pkcs8', format: 'pem' }) ?? '',
  );
  expect(() => loadKeys({ directory })).toThrow(/token\.private\.pem and token\.public\.pem are not a pair/);
  writeFileSync(join(directory, 'roots', 'a.pem'), 'no key');
  expect(() => loadKeys({ directory })).toThrow(
    'roots/a.pem is wrong: it should be an Ed25519 key in PEM text.',
  );
});

describe('the signing key', () => {
  const statement: Statement = {
    claim: 'L7K3M-9Q2X4',
    act: 'withdraw',
    id: 'm-1',
    at: new Date().toISOString(),
    by: { kind: 'system' },
    fields: {},
  };

  test.each<[string, (directory: string) => void]>([
    ['without its certificate', (directory) => rmSync(join(directory, 'signing.certificate.json'))],
    [
      'with half a certificate',
      (directory) => writeFileSync(join(directory, 'signing.certificate.json'), '{"key":"'),
    ],
    [
      "with another key's certificate",
      (directory) =>
        copyFileSync(join(ownKeys(), 'signing.private.pem'), join(directory, 'signing.private.pem')),
    ],
    [
      'with a certificate of a root that is not trusted here',
      (directory) => {
        const other = ownKeys();
        for (const file of ['signing.private.pem', 'signing.certificate.json'])
          copyFileSync(join(other, file), join(directory, file));
      },
    ],
  ])('%s it stops the start of the API with a sentence', (_, spoil) => {
    const directory = ownKeys();
    spoil(directory);
    expect(() => signingKeyIn(directory, loadKeys({ directory }).roots)).toThrow(
      /signing\.certificate\.json is missing, or does not certify .*bin\/lipei keys certify/,
    );
  });

  test('the local stack renews its certificate before it ends, and keeps the key', () => {
    const directory = join(temporaryDirectory(), 'keys');
    const then = new Date(Date.now() - 340 * 86_400_000);
    ensureLocalKeyring(directory, then);
    const { roots } = loadKeys({ directory });
    const [before] = [signingKeyIn(directory, roots)?.certificate];
    expect(before && endOf(before, new Date())).toBe('soon');
    ensureLocalKeyring(directory);
    const after = signingKeyIn(directory, roots)?.certificate;
    expect(after?.key).toBe(before?.key);
    expect(after && endOf(after, new Date())).toBeUndefined();
  });

  test('a new key is certified by a second root, and what the first one proves stays proved', () => {
    const directory = ownKeys();
    const old = signingKeyIn(directory, loadKeys({ directory }).roots);
    const file = join(directory, 'second.private.pem');
    const id = makeRoot(directory, file);
    const certificate = certifySigningKey(directory, rootIn(directory, file), { days: 30, anew: true });
    const { roots } = loadKeys({ directory });
    expect(roots.map(rootIdOf)).toContain(id);
    const young = signingKeyIn(directory, roots);
    expect(young?.certificate).toEqual(certificate);
    for (const key of [old, young])
      expect(key && checkProof(roots, signStatement(key, statement)).kind).toBe('genuine');
    expect(young?.certificate.key).not.toBe(old?.certificate.key);
  });

  test('a root key that no program here trusts certifies nothing', () => {
    const [directory, other] = [ownKeys(), ownKeys()];
    expect(() => rootIn(directory, join(other, 'root', 'root.private.pem'))).toThrow(
      /is not the private half of a root key in/,
    );
  });
});
