import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A secret of 32 bytes for AES-256. The id is no secret: it stands beside everything that the key encrypted. */
export interface Key {
  id: string;
  secret: Buffer;
}

/** Encrypts with the newest key, decrypts with any; a key is retired only when nothing is left that it encrypted. */
export interface Keyring {
  newest: Key;
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
 * Where keys are: a directory as `ensureLocalKeyring` lays it out. The keyring may be given as a text instead, `id:base64` separated
 * by commas, newest last; the pairs that sign stay in the directory.
 */
export interface KeySource {
  directory: string;
  keyring?: string;
}

const idPattern = /^[A-Za-z0-9._-]{1,64}$/;

/** Keys in the order given, the last is the newest. Throws a sentence that says what to do when there is none or one is wrong. */
export function keyringOf(keys: Key[]): Keyring {
  const newest = keys.at(-1);
  if (!newest) throw new Error('There is no encryption key. Put key files into the directory that LIPEI_KEYS names, under payload/.');
  const wrong = keys.find(({ id, secret }) => secret.length !== 32 || !idPattern.test(id));
  if (wrong) throw new Error(`Encryption key "${wrong.id}" is wrong: a key is 32 bytes in base64, and its id is letters, digits, dots and hyphens.`);
  const byId = new Map(keys.map((key) => [key.id, key]));
  return { newest, find: (id) => byId.get(id) };
}

/** All keys of a process. Throws when any is missing: production does not start without. */
export function loadKeys({ directory, keyring: text }: KeySource): Keys {
  const keyring = keyringOf(text === undefined ? keysIn(join(directory, 'payload')) : text.split(',').map(keyOfText));
  return { keyring, proof: signingKeys(directory, 'proof'), token: signingKeys(directory, 'token') };
}

/** Makes what the local stack needs, once: one payload key and the two pairs that sign. Only its owner may read them. */
export function ensureLocalKeyring(directory: string): void {
  mkdirSync(join(directory, 'payload'), { recursive: true, mode: 0o700 });
  if (keysIn(join(directory, 'payload')).length === 0) addKey(directory);
  for (const name of ['proof', 'token']) {
    if (existsSync(join(directory, `${name}.private.pem`))) continue;
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    writeFileSync(join(directory, `${name}.public.pem`), publicKey.export({ type: 'spki', format: 'pem' }));
    writeFileSync(join(directory, `${name}.private.pem`), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }
}

/** A new newest key; whoever runs takes it up at the next start. Returns its id. */
export function addKey(directory: string, now = new Date()): string {
  const id = `${now.toISOString().replace(/[:.]/g, '-')}-${randomBytes(2).toString('hex')}`;
  writeFileSync(join(directory, 'payload', `${id}.key`), `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  return id;
}

function keysIn(directory: string): Key[] {
  if (!existsSync(directory)) return [];
  // Ids begin with the time they were made at, so their order is their age.
  return readdirSync(directory).filter((file) => file.endsWith('.key')).sort().map((file) => ({ id: file.slice(0, -'.key'.length), secret: Buffer.from(readFileSync(join(directory, file), 'utf8').trim(), 'base64') }));
}

function keyOfText(text: string): Key {
  const [id = '', secret = ''] = text.trim().split(':');
  return { id, secret: Buffer.from(secret, 'base64') };
}

function signingKeys(directory: string, name: 'proof' | 'token'): SigningKeys {
  const file = (side: string): string => join(directory, `${name}.${side}.pem`);
  if (!existsSync(file('public'))) throw new Error(`${name}.public.pem is missing in the directory of keys; make the pair with "openssl genpkey -algorithm ed25519".`);
  return {
    publicKey: createPublicKey(readFileSync(file('public'))),
    privateKey: existsSync(file('private')) ? createPrivateKey(readFileSync(file('private'))) : undefined,
  };
}
