import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A secret of 32 bytes for AES-256. The id is no secret: it stands beside everything that the key encrypted.
 */
export interface Key {
  id: string;
  secret: Buffer;
}

/**
 * Encrypts with the newest key, decrypts with any. A key is retired only when nothing is left that it
 * encrypted: after the
 * retention of Temporal's histories, and never while it wraps a party's key. No key matters by its place but
 * the last.
 */
export interface Keyring {
  newest: Key;
  /** Those that were here at the start, the newest last. */
  keys: readonly Key[];
  find(id: string): Key | undefined;
}

export interface SigningKeys {
  /** Absent where nothing is signed: a worker only checks. */
  privateKey: KeyObject | undefined;
  publicKey: KeyObject;
}

export interface Keys {
  keyring: Keyring;
  /** Signs decisions (design §3). */
  proof: SigningKeys;
  /** Signs the bearer tokens of people. */
  token: SigningKeys;
}

/**
 * Where keys are: a directory as `ensureLocalKeyring` lays it out. The keyring may be given as a text
 * instead, `id:base64`
 * separated by commas, newest last; the pairs that sign stay in the directory.
 */
export interface KeySource {
  directory: string;
  keyring?: string;
}

/** Ids name files and come back from whoever sends us a payload. */
const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** All keys of a process. Throws a sentence that says what to do when one is missing or wrong. */
export function loadKeys({ directory, keyring: text }: KeySource): Keys {
  const keyring =
    text === undefined ? keyringIn(join(directory, 'payload')) : keyringOf(text.split(',').map(keyOfText));
  return { keyring, proof: signingKeys(directory, 'proof'), token: signingKeys(directory, 'token') };
}

/** Keys in the order given, the last is the newest. `later` is asked for a key that isn't among them. */
export function keyringOf(
  keys: readonly Key[],
  later: (id: string) => Key | undefined = () => undefined,
): Keyring {
  const newest = keys.at(-1);
  if (!newest)
    throw new Error(
      'There is no encryption key. Put one into the directory that LIPEI_KEYS names: openssl rand -base64 32 > payload/<today, such as 2026-11-23>.key',
    );
  const wrong = keys.find((key) => !isSound(key));
  if (wrong)
    throw new Error(
      `The encryption key "${wrong.id}" is wrong: a key is 32 bytes in base64, and its id is up to 64 letters, digits, dots and hyphens.`,
    );
  const byId = new Map(keys.map((key) => [key.id, key]));
  if (byId.size < keys.length)
    throw new Error('Two encryption keys have the same id: give each an id of its own.');
  return { newest, keys: [...keys], find: (id) => byId.get(id) ?? later(id) };
}

/**
 * Tells keys of one name apart without telling anything of them: eight bytes are enough for mistakes. Stands
 * beside what a key encrypted, and in the records.
 */
export function fingerprintOf(key: Key): string {
  const known =
    fingerprints.get(key.secret) ??
    createHmac('sha256', key.secret).update('lipei-key').digest().subarray(0, 8).toString('base64url');
  fingerprints.set(key.secret, known);
  return known;
}

const fingerprints = new WeakMap<Buffer, string>();

/**
 * Makes what the local stack needs, once: one payload key and the two pairs that sign. Only its owner may
 * read them.
 */
export function ensureLocalKeyring(directory: string): void {
  mkdirSync(join(directory, 'payload'), { recursive: true, mode: 0o700 });
  if (keysIn(join(directory, 'payload')).length === 0) addKey(directory);
  for (const name of ['proof', 'token']) {
    if (existsSync(join(directory, `${name}.private.pem`))) continue;
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    writeFileSync(join(directory, `${name}.public.pem`), publicKey.export({ type: 'spki', format: 'pem' }), {
      mode: 0o600,
    });
    writeFileSync(
      join(directory, `${name}.private.pem`),
      privateKey.export({ type: 'pkcs8', format: 'pem' }),
      { mode: 0o600 },
    );
  }
}

/**
 * Adds a key and returns its id. Whoever starts from now on encrypts with it, and whoever runs already finds
 * it when it is
 * needed. Where several machines have a directory each, copy the file to all of them before anything is
 * started again; with
 * a keyring in a text, give the key to all in any place but the last, so that all can read it, then to all in
 * the last.
 */
export function addKey(directory: string, now = new Date()): string {
  const id = `${now.toISOString().replace(/[:.]/g, '-')}-${randomBytes(2).toString('hex')}`;
  const newest = keysIn(join(directory, 'payload')).at(-1)?.id ?? '';
  if (id <= newest)
    throw new Error(
      `The new key would not be the newest: the clock says ${now.toISOString()}, and there is a key "${newest}".`,
    );
  const file = join(directory, 'payload', `${id}.key`);
  // Renamed when it is whole, so that nobody reads half a key.
  writeFileSync(`${file}.new`, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(`${file}.new`, file);
  return id;
}

/** From old to new; none where the directory is not one of keys. */
export const keyIds = (directory: string): string[] => keysIn(join(directory, 'payload')).map(({ id }) => id);

/**
 * A process that was started before a key was added must read what others encrypt with it, or it would refuse
 * good messages.
 */
function keyringIn(directory: string): Keyring {
  return keyringOf(keysIn(directory), (id) => {
    const isThere = idPattern.test(id) && existsSync(join(directory, `${id}.key`));
    const key = isThere ? keyOfFile(directory, `${id}.key`) : undefined;
    return key && isSound(key) ? key : undefined;
  });
}

/** Ids begin with the time they were made at, so their order is their age. */
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

function isSound({ id, secret }: Key): boolean {
  return secret.length === 32 && idPattern.test(id);
}

function signingKeys(directory: string, name: 'proof' | 'token'): SigningKeys {
  const file = (side: string): string => join(directory, `${name}.${side}.pem`);
  if (!existsSync(file('public')))
    throw new Error(
      `${name}.public.pem is missing in the directory that LIPEI_KEYS names; make the pair there: openssl genpkey -algorithm ed25519 -out ${name}.private.pem && openssl pkey -in ${name}.private.pem -pubout -out ${name}.public.pem`,
    );
  const publicKey = ed25519(`${name}.public.pem`, () => createPublicKey(readFileSync(file('public'))));
  if (!existsSync(file('private'))) return { publicKey, privateKey: undefined };
  const privateKey = ed25519(`${name}.private.pem`, () => createPrivateKey(readFileSync(file('private'))));
  if (!createPublicKey(privateKey).equals(publicKey))
    throw new Error(
      `${name}.private.pem and ${name}.public.pem are not a pair: nothing that is signed would be believed. Make them anew, together.`,
    );
  return { publicKey, privateKey };
}

function ed25519(file: string, read: () => KeyObject): KeyObject {
  try {
    const key = read();
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below: what OpenSSL says of it helps nobody.
  }
  throw new Error(`${file} is wrong: it should be an Ed25519 key in PEM text.`);
}
