import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnv } from '../../config/env.ts';
import { ensureLocalKeyring } from '../../security/key-folder.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const random = 'b7d1f3a9c5e86420b7d1f3a9c5e86421';
const keys = join(temporaryDirectory(), 'keys');
ensureLocalKeyring(keys);

/** All that production needs, and strong. */
const strong = {
  LIPEI_PRODUCTION: 'true',
  DATABASE_URL: 'postgresql://program:Xk29-fjw0@db.example.com/lipei?sslmode=verify-full',
  TEMPORAL_ADDRESS: 'temporal.example.com:7233',
  TEMPORAL_API_KEY: random,
  PUBLIC_URL: 'https://claims.example.com',
  LIPEI_KEYS: keys,
  SMTP_URL: 'smtp://user:secret@mail.example.com:587',
  MAIL_FROM: 'claims@example.com',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: random,
  TWILIO_FROM: '+15005550006',
  BANK_URL: 'https://bank.example.com',
  BANK_SECRET: random,
};

function complaintsOf(change: Record<string, string | undefined>): string[] {
  try {
    readEnv({ ...strong, ...change });
    return [];
  } catch (fault) {
    return fault instanceof Error ? fault.message.split('\n') : [];
  }
}

test('strong settings start', () => {
  expect(complaintsOf({})).toEqual([]);
});

test.each<[string, Record<string, string | undefined>, RegExp]>([
  [
    'a remote database in plain text',
    { DATABASE_URL: 'postgresql://program:Xk29-fjw0@db.example.com/lipei' },
    /^DATABASE_URL is too weak for production: another machine is reached with sslmode=verify-full\.$/,
  ],
  [
    'a remote database whose certificate nobody checks',
    { DATABASE_URL: 'postgresql://program:Xk29-fjw0@db.example.com/lipei?sslmode=no-verify' },
    /^DATABASE_URL is too weak/,
  ],
  [
    'a remote database by a parameter',
    { DATABASE_URL: 'postgresql:///lipei?host=db.example.com' },
    /^DATABASE_URL is too weak/,
  ],
  [
    'a password that everybody tries',
    { DATABASE_URL: 'postgresql://lipei:lipei@127.0.0.1/lipei' },
    /^DATABASE_URL is too weak for production: its password is one that everybody tries\.$/,
  ],
  [
    'a password that is its user’s name',
    { DATABASE_URL: 'postgresql://claims:Claims@127.0.0.1/lipei' },
    /^DATABASE_URL is too weak/,
  ],
  ['Temporal in plain text', { TEMPORAL_TLS: 'false' }, /^TEMPORAL_ADDRESS is too weak.*TEMPORAL_TLS=true/],
  [
    'Temporal without any credential',
    { TEMPORAL_API_KEY: undefined },
    /^TEMPORAL_ADDRESS is too weak.*TEMPORAL_TLS=true/,
  ],
  [
    'Temporal with TLS that takes everybody',
    { TEMPORAL_API_KEY: undefined, TEMPORAL_TLS: 'true' },
    /^TEMPORAL_ADDRESS is too weak.*TEMPORAL_API_KEY or TEMPORAL_TLS_CERT should prove/,
  ],
  [
    'mail without TLS',
    { SMTP_URL: 'smtp://mail.example.com?ignoreTLS=true' },
    /^SMTP_URL is too weak for production: its parameters turn TLS off/,
  ],
  [
    'mail to anybody with a certificate',
    { SMTP_URL: 'smtps://mail.example.com?tls.rejectUnauthorized=false' },
    /^SMTP_URL is too weak/,
  ],
  [
    'a short Twilio token',
    { TWILIO_AUTH_TOKEN: 'token' },
    /^TWILIO_AUTH_TOKEN is too weak.*32 characters\.$/,
  ],
  [
    'a short previous Twilio token',
    { TWILIO_AUTH_TOKEN_PREVIOUS: 'token' },
    /^TWILIO_AUTH_TOKEN_PREVIOUS is too weak/,
  ],
  ['a bank secret of one letter', { BANK_SECRET: 'a'.repeat(40) }, /^BANK_SECRET is too weak.*random\.$/],
  ['a short bank secret', { BANK_SECRET: 'sixteen-letters!' }, /^BANK_SECRET is too weak.*32 characters\.$/],
  [
    'a stand-in for Twilio',
    { TWILIO_BASE_URL: 'http://127.0.0.1:7405' },
    /^TWILIO_BASE_URL is too weak.*a stand-in, and no provider\.$/,
  ],
  ['a stand-in for the bank', { BANK_URL: 'http://localhost:7406' }, /^BANK_URL is too weak.*a stand-in/],
  ['an address in plain text', { PUBLIC_URL: 'http://127.0.0.1:7400' }, /^PUBLIC_URL is too weak.*https:/],
  ['the pace of the demo', { LIPEI_PACE: 'demo' }, /^LIPEI_PACE is too weak.*the pace ordinary\.$/],
  ['the pace of tests', { LIPEI_PACE: 'any-hour' }, /^LIPEI_PACE is too weak/],
  [
    'certificates that nobody checks',
    { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    /^NODE_TLS_REJECT_UNAUTHORIZED is too weak/,
  ],
])('production refuses %s, and names it (R16)', (_, change, sentence) => {
  expect(complaintsOf(change)).toEqual([expect.stringMatching(sentence)]);
  expect(() => readEnv({ ...strong, ...change, LIPEI_PRODUCTION: 'false' })).not.toThrow();
});

test('all that is weak is said in one pass, without a secret', () => {
  const complaints = complaintsOf({
    DATABASE_URL: 'postgresql://lipei:lipei@db.example.com/lipei',
    TEMPORAL_API_KEY: undefined,
    TWILIO_AUTH_TOKEN: 'abc-abc',
    BANK_SECRET: 'sixteen-letters!',
    LIPEI_PACE: 'demo',
  });
  expect(complaints.map((line) => line.split(' ')[0])).toEqual([
    'DATABASE_URL',
    'DATABASE_URL',
    'TEMPORAL_ADDRESS',
    'TWILIO_AUTH_TOKEN',
    'BANK_SECRET',
    'LIPEI_PACE',
  ]);
  expect(complaints.join()).not.toMatch(/abc-abc|sixteen-letters|lipei:lipei/);
});

test.each([
  'postgresql://program:Xk29-fjw0@127.0.0.1/lipei',
  'postgresql://program:Xk29-fjw0@[::1]/lipei',
  'postgresql:///lipei?host=/var/run/postgresql',
  'postgresql://program:100%25%@127.0.0.1/lipei',
  'postgresql://program@%2Fvar%2Frun%2Fpostgresql/lipei',
])('a database on this machine needs no TLS: %s', (url) => {
  expect(complaintsOf({ DATABASE_URL: url })).toEqual([]);
});

test('a Temporal on this machine needs no TLS', () => {
  expect(complaintsOf({ TEMPORAL_ADDRESS: '127.0.0.1:7233', TEMPORAL_API_KEY: undefined })).toEqual([]);
});

test('files of keys and secrets that others may read are named, public ones are not', () => {
  const directory = join(temporaryDirectory(), 'keys');
  ensureLocalKeyring(directory);
  const [secret, readable] = [join(directory, 'bank-secret'), join(directory, 'token.private.pem')];
  writeFileSync(secret, random, { mode: 0o644 });
  chmodSync(readable, 0o644);
  chmodSync(join(directory, 'token.public.pem'), 0o644);
  const open = join(directory, 'payload');
  chmodSync(open, 0o777);
  expect(
    complaintsOf({ LIPEI_KEYS: directory, BANK_SECRET: undefined, BANK_SECRET_FILE: secret }).toSorted(),
  ).toEqual(
    [
      `Others on this machine may change what is in ${open}: chmod 700 ${open}`,
      `${readable} is open to others on this machine: chmod 600 ${readable}`,
      `${secret} is open to others on this machine: chmod 600 ${secret}`,
    ].toSorted(),
  );
});

test('a file of keys that its group may read is good: containers give secrets so', () => {
  const directory = join(temporaryDirectory(), 'keys');
  mkdirSync(directory, { mode: 0o750 });
  ensureLocalKeyring(directory);
  chmodSync(join(directory, 'token.private.pem'), 0o440);
  expect(complaintsOf({ LIPEI_KEYS: directory })).toEqual([]);
});
