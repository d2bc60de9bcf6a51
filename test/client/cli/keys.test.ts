import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureLocalKeyring, loadKeys } from '../../../security/key-folder.ts';
import { signingKeyIn } from '../../../security/signing-keys.ts';
import { lipei, valueOf, type Ended } from '../../support/lipei.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

let home: string, keys: string;

beforeEach(() => {
  home = temporaryDirectory();
  keys = join(home, 'keys');
  ensureLocalKeyring(keys);
});

const types = (...words: string[]): Promise<Ended> =>
  lipei(['keys', ...words], { env: { LIPEI_KEYS: keys } });

test('a root key is made, and certifies the signing key of the API', async () => {
  const file = join(home, 'root.pem');
  for (const each of ['root', 'roots']) rmSync(join(keys, each), { recursive: true });
  for (const each of ['signing.private.pem', 'signing.certificate.json']) rmSync(join(keys, each));

  const made = await types('root', '--private', file);
  expect(made).toMatchObject({ exitCode: 0, out: expect.stringContaining('keep it away from all programs') });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(keys).toSorted()).not.toContain('root');

  expect(valueOf(await types('certify', '--root', file, '--days', '90', '--json'))).toEqual({
    until: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    directory: keys,
  });
  const first = signingKeyIn(keys, loadKeys({ directory: keys }).roots);
  expect(first).toBeDefined();

  expect(await types('certify', '--root', file, '--days', '30')).toMatchObject({ exitCode: 0 });
  const renewed = signingKeyIn(keys, loadKeys({ directory: keys }).roots);
  expect(renewed?.certificate.key).toBe(first?.certificate.key);
  expect(renewed?.certificate.until).not.toBe(first?.certificate.until);
  expect(await types('certify', '--root', file, '--days', '30', '--anew')).toMatchObject({ exitCode: 0 });
  const young = signingKeyIn(keys, loadKeys({ directory: keys }).roots);
  expect(young?.certificate.key).not.toBe(first?.certificate.key);
});

test.each<[string, (home: string) => string[], string]>([
  [
    'a file that exists',
    (at) => ['root', '--private', join(at, 'keys', 'token.public.pem')],
    'exists already',
  ],
  [
    'a folder that does not exist',
    (at) => ['root', '--private', join(at, 'no', 'root.pem')],
    'cannot be written',
  ],
  ['no file', (at) => ['certify', '--root', join(at, 'none.pem'), '--days', '9'], 'There is no file'],
  [
    'a key that is no root',
    (at) => ['certify', '--root', join(at, 'keys', 'token.private.pem'), '--days', '9'],
    'is not the private half of a root key',
  ],
  [
    'a file that is no key',
    (at) => ['certify', '--root', join(at, 'keys', 'signing.certificate.json'), '--days', '9'],
    'should be an Ed25519 key in PEM text',
  ],
  [
    'no whole days',
    (at) => ['certify', '--root', join(at, 'keys', 'root', 'root.private.pem'), '--days', '1.5'],
    'whole number from 1 to 400',
  ],
  [
    'ten years',
    (at) => ['certify', '--root', join(at, 'keys', 'root', 'root.private.pem'), '--days', '3650'],
    'whole number from 1 to 400',
  ],
])('%s is refused with a sentence, and nothing changes', async (_, words, sentence) => {
  const before = signingKeyIn(keys, loadKeys({ directory: keys }).roots)?.certificate;
  const { exitCode, err } = await types(...words(home));
  expect([exitCode, err]).toEqual([expect.any(Number), expect.stringContaining(sentence)]);
  expect(exitCode).not.toBe(0);
  expect(signingKeyIn(keys, loadKeys({ directory: keys }).roots)?.certificate).toEqual(before);
  expect(existsSync(join(home, 'no'))).toBe(false);
});
