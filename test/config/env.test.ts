import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnv } from '../../config/env.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const production = {
  LIPEI_PRODUCTION: 'true',
  DATABASE_URL: 'postgresql://program:Xk29-fjw0@db.example.com/lipei?sslmode=verify-full',
  TEMPORAL_ADDRESS: 'temporal.example.com:7233',
  TEMPORAL_API_KEY: 'a key',
  PUBLIC_URL: 'https://claims.example.com/',
  LIPEI_KEYS: '/etc/lipei/keys',
};
const sms = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'token',
  TWILIO_FROM: '+15005550006',
};

test('without any setting everything is left to the local stack', () => {
  const env = readEnv({});
  expect(env).toMatchObject({
    production: false,
    pace: 'ordinary',
    api: { host: '127.0.0.1', port: 7400, publicUrl: 'http://127.0.0.1:7400' },
  });
  expect([env.databaseUrl, env.temporal, env.mail, env.twilio, env.bank]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(env.keys.directory).toBe(join(env.dataDirectory, 'keys'));
});

test('a complete group is read as one', () => {
  expect(readEnv(sms).twilio).toEqual({
    accountSid: sms.TWILIO_ACCOUNT_SID,
    authToken: 'token',
    previousAuthToken: undefined,
    from: '+15005550006',
    baseUrl: undefined,
  });
});

test('an API key to Temporal turns TLS on, and TEMPORAL_TLS turns it off again', () => {
  const temporal = { TEMPORAL_ADDRESS: 'temporal.example.com:7233', TEMPORAL_API_KEY: 'key' };
  expect(readEnv(temporal).temporal).toMatchObject({ namespace: 'default', apiKey: 'key', tls: {} });
  expect(readEnv({ ...temporal, TEMPORAL_TLS: 'false' }).temporal?.tls).toBe(false);
  expect(readEnv({ TEMPORAL_ADDRESS: '127.0.0.1:7233' }).temporal?.tls).toBe(false);
});

test('a secret may stand in a file', () => {
  expect(
    readEnv({ ...sms, TWILIO_AUTH_TOKEN: undefined, TWILIO_AUTH_TOKEN_FILE: fileWith('from a file\n') })
      .twilio?.authToken,
  ).toBe('from a file');
});

test('production starts with what it needs', () => {
  const env = readEnv(production);
  expect(env).toMatchObject({
    production: true,
    keys: { directory: '/etc/lipei/keys' },
    api: { publicUrl: 'https://claims.example.com' },
  });
});

test.each([
  [
    'a database of another kind',
    { DATABASE_URL: 'mysql://root@host/db' },
    /^DATABASE_URL is wrong: it should look like postgresql:\/\/.+\.$/,
  ],
  [
    'a Temporal address without a port',
    { TEMPORAL_ADDRESS: 'temporal.example.com' },
    /^TEMPORAL_ADDRESS \("temporal.example.com"\) is wrong: it should be host:port/,
  ],
  [
    'a port beyond the last',
    { API_PORT: '65536' },
    /^API_PORT \("65536"\) is wrong: it should be a port number from 1 to 65535\.$/,
  ],
  ['a port that is no number', { API_PORT: 'http' }, /^API_PORT \("http"\)/],
  [
    'two sender addresses',
    { SMTP_URL: 'smtp://host:25', MAIL_FROM: 'a@x.example,b@y.example' },
    /^MAIL_FROM .+ should be one address/,
  ],
  [
    'an account that is not Twilio’s',
    { ...sms, TWILIO_ACCOUNT_SID: 'XX1' },
    /^TWILIO_ACCOUNT_SID .+ AC followed by 32/,
  ],
  [
    'a provider over plain http',
    { ...sms, TWILIO_BASE_URL: 'http://sms.example.com' },
    /^TWILIO_BASE_URL .+ https:\/\//,
  ],
  [
    'a bank over plain http',
    { BANK_URL: 'http://bank.example.com', BANK_SECRET: 'sixteen-letters!' },
    /^BANK_URL .+ https:\/\//,
  ],
  [
    'a public address over plain http',
    { PUBLIC_URL: 'http://claims.example.com' },
    /^PUBLIC_URL .+ https:\/\//,
  ],
  [
    'a host that only starts like this machine',
    { PUBLIC_URL: 'http://127.0.0.1.example.com' },
    /^PUBLIC_URL/,
  ],
  [
    'a yes that is neither true nor false',
    { LIPEI_PRODUCTION: 'yes' },
    /^LIPEI_PRODUCTION \("yes"\) is wrong: it should be true or false\.$/,
  ],
  ['a pace in capitals', { LIPEI_PACE: '../Pace' }, /^LIPEI_PACE .+ name of a pace/],
  [
    'half a group',
    { TWILIO_AUTH_TOKEN: 'token' },
    /^TWILIO_ACCOUNT_SID is missing: TWILIO_AUTH_TOKEN needs it\.\nTWILIO_FROM is missing/,
  ],
  [
    'a namespace of no Temporal',
    { TEMPORAL_NAMESPACE: 'claims' },
    /^TEMPORAL_ADDRESS is missing: TEMPORAL_NAMESPACE needs it\.$/,
  ],
  [
    'a certificate without its key',
    { TEMPORAL_ADDRESS: 'host:1', TEMPORAL_TLS_CERT: '-----BEGIN CERTIFICATE-----' },
    /^TEMPORAL_TLS_KEY is missing/,
  ],
  [
    'a secret given twice',
    { BANK_SECRET: 'x', BANK_SECRET_FILE: '/tmp/x' },
    /BANK_SECRET and BANK_SECRET_FILE are both given/,
  ],
  [
    'a secret in a file that is not there',
    { BANK_URL: 'https://bank.example.com', BANK_SECRET_FILE: '/nowhere' },
    /^BANK_SECRET_FILE \("\/nowhere"\) is wrong: it should be the path of a readable file/,
  ],
  [
    'a keyring without ids',
    { LIPEI_KEYRING: 'bm90IGEga2V5' },
    /^LIPEI_KEYRING is wrong: it should be keys as id:base64/,
  ],
  [
    'production without keys',
    { ...production, LIPEI_KEYS: '' },
    /^LIPEI_KEYS is missing: production needs it\.$/,
  ],
  [
    'production without records',
    { ...production, DATABASE_URL: undefined },
    /^DATABASE_URL is missing: production needs it\.$/,
  ],
  [
    'production by Node’s own word for it',
    { NODE_ENV: 'production' },
    /^DATABASE_URL is missing: production needs it\.\nTEMPORAL_ADDRESS is missing/,
  ],
])('%s is refused with what would be right', (_, source, words) => {
  expect(() => readEnv(source)).toThrow(words);
});

test('a wrong secret is not repeated in the refusal', () => {
  expect(() => readEnv({ BANK_URL: 'https://bank.example.com', BANK_SECRET: 'too-short' })).toThrow(
    /^BANK_SECRET is wrong: it should have at least 16 characters\.$/,
  );
  expect(() => readEnv({ SMTP_URL: 'http://user:hunter2@host' })).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
  );
});

function fileWith(text: string): string {
  const file = join(temporaryDirectory(), 'secret');
  writeFileSync(file, text);
  return file;
}
