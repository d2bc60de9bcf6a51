import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import { isKeyId, isSound, keyringOf, type Key, type Keyring } from './keyring.ts';
import { privateKeyIn } from './pem.ts';
import { makeRoot, rootsIn } from './root-keys.ts';
import { certifySigningKey, endOf, ensureTokenKeys, signingKeyIn, tokenKeys } from './signing-keys.ts';
import type { TokenKeys } from './signing-keys.ts';

export interface Keys {
  keyring: Keyring;
  /** The public root keys: they say who may sign messages to claims (design §3). */
  roots: readonly KeyObject[];
  token: TokenKeys;
}

/**
 * Where the keys are: a directory laid out as by `ensureLocalKeyring`. The keyring may be given as text
 * instead: `id:base64`, separated by commas, the newest last. The other keys stay in the directory.
 */
export interface KeySource {
  directory: string;
  keyring?: string;
}

/** All keys of a process. If one is missing or wrong, throws a sentence that says what to do. */
export function loadKeys({ directory, keyring: text }: KeySource): Keys {
  const keyring =
    text === undefined ? keyringIn(join(directory, 'payload')) : keyringOf(text.split(',').map(keyOfText));
  return { keyring, roots: rootsIn(directory), token: tokenKeys(directory) };
}

/**
 * Makes the keys of the local stack, once: a payload key, a root pair, a signing key with its certificate,
 * and the pair for tokens. Renews the certificate before its end. Only the owner of the files may read them.
 * The private root key is in the folder `root`, and no program reads it; in production it stays with a
 * person.
 */
export function ensureLocalKeyring(directory: string, now = new Date()): void {
  mkdirSync(join(directory, 'payload'), { recursive: true, mode: 0o700 });
  if (keysIn(join(directory, 'payload')).length === 0) addKey(directory, now);
  ensureTokenKeys(directory);
  const root = join(directory, 'root', 'root.private.pem');
  if (!existsSync(root)) {
    if (existsSync(join(directory, 'roots'))) return; // somebody else's roots
    mkdirSync(join(directory, 'root'), { recursive: true, mode: 0o700 });
    makeRoot(directory, root);
  }
  const key = signingKeyIn(directory, rootsIn(directory));
  if (!key || endOf(key.certificate, now))
    certifySigningKey(directory, privateKeyIn(root, 'root/root.private.pem'), { days: localDays, now });
}

/** The certificate of the local stack is valid for so long, and renewed at a start when it ends soon. */
const localDays = 365;

/**
 * Adds a key and returns its id. Processes that start from now on encrypt with it. Running processes find it
 * when they need it.
 *
 * If several machines have a directory each, copy the file to all of them before anything restarts. If the
 * keyring is given as text, first give the key to all in any place but the last, so that all can read it, and
 * then to all in the last place.
 */
export function addKey(directory: string, now = new Date()): string {
  const id = `${now.toISOString().replace(/[:.]/g, '-')}-${randomBytes(2).toString('hex')}`;
  const newest = keysIn(join(directory, 'payload')).at(-1)?.id ?? '';
  if (id <= newest)
    throw new Error(
      'The new key would not be the newest: ' +
        `the clock says ${now.toISOString()}, and there is a key "${newest}".`,
    );
  const file = join(directory, 'payload', `${id}.key`);
  // Renamed only when it is complete, so that nobody reads half a key.
  writeFileSync(`${file}.new`, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(`${file}.new`, file);
  return id;
}

/** From old to new. Empty when the directory has no keys. */
export const keyIds = (directory: string): string[] => keysIn(join(directory, 'payload')).map(({ id }) => id);

/**
 * Also finds keys that were added after the start. Without them a running process would deny good messages
 * that others encrypted.
 */
function keyringIn(directory: string): Keyring {
  return keyringOf(keysIn(directory), (id) => {
    const isThere = isKeyId(id) && existsSync(join(directory, `${id}.key`));
    const key = isThere ? keyOfFile(directory, `${id}.key`) : undefined;
    return key && isSound(key) ? key : undefined;
  });
}

/** An id begins with the time when the key was made, so the order of ids is the order of age. */
function keysIn(directory: string): Key[] {
  const files = existsSync(directory) ? readdirSync(directory) : [];
  return files
    .filter((file) => file.endsWith('.key'))
    .toSorted()
    .map((file) => keyOfFile(directory, file));
}

function keyOfFile(directory: string, file: string): Key {
  return {
    id: file.slice(0, -'.key'.length),
    secret: Buffer.from(readFileSync(join(directory, file), 'utf8').trim(), 'base64'),
  };
}

function keyOfText(text: string): Key {
  const [id = '', secret = ''] = text.trim().split(':');
  return { id, secret: Buffer.from(secret, 'base64') };
}
