import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addKey, ensureLocalKeyring, loadKeys } from '../../security/key-folder.ts';
import { keyringOf } from '../../security/keyring.ts';
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
  expect(again.proof.publicKey.equals(first.proof.publicKey)).toBe(true);
  expect(again.token.publicKey.equals(again.proof.publicKey)).toBe(false);
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files.map(({ parentPath, name }) => statSync(join(parentPath, name)).mode & 0o777)).toEqual([
    0o600, 0o600, 0o600, 0o600, 0o600,
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
  rmSync(join(directory, 'proof.private.pem'));
  expect(loadKeys({ directory }).proof.privateKey).toBeUndefined();
  rmSync(join(directory, 'proof.public.pem'));
  expect(() => loadKeys({ directory })).toThrow(/^proof\.public\.pem is missing.*openssl genpkey/);
});

test('keys that are no keys, or no pair, stop the start', () => {
  const [directory, other] = [ownKeys(), ownKeys()];
  const { privateKey } = loadKeys({ directory: other }).token;
  writeFileSync(
    join(directory, 'token.private.pem'),
    privateKey?.export({ type: 'pkcs8', format: 'pem' }) ?? '',
  );
  expect(() => loadKeys({ directory })).toThrow(/token\.private\.pem and token\.public\.pem are not a pair/);
  writeFileSync(join(directory, 'proof.public.pem'), 'no key');
  expect(() => loadKeys({ directory })).toThrow(
    'proof.public.pem is wrong: it should be an Ed25519 key in PEM text.',
  );
});
