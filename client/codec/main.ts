import { parseArgs } from 'node:util';
import pino from 'pino';
import { connectDatabase } from '../../records/database.ts';
import { watchKeys } from '../../records/keys/key-watch.ts';
import { readRequestLimits } from '../../config/request-limits.ts';
import { readEnv } from '../../config/env.ts';
import { loadKeys } from '../../security/key-folder.ts';
import { admitStaff } from './admission.ts';
import { startCodecServer } from './server.ts';
import { recordUse } from './use.ts';

const usage =
  'Usage: client/codec/main.ts --ui-origin https://temporal.example.com [--ui-origin …] ' +
  '--public-url https://codec.example.com [--host 0.0.0.0]';

/**
 * The codec server as a program, for production. It requires tokens of the audience `lipei-codec`, and
 * records who decrypts what of which claims. A proxy in front of it ends TLS and passes the Host header on.
 * `bin/lipei tokens codec CODE` makes a token; `temporal --codec-endpoint URL --codec-auth "Bearer TOKEN"`
 * sends it. The Web UI sends the token of its own sign-in; the proxy has to replace it by one of ours.
 */
async function main(): Promise<void> {
  const { uiOrigins, publicUrl, host } = options();
  const env = readEnv();
  const plain = [...uiOrigins, publicUrl].filter((address) => !address.startsWith('https:'));
  if (env.production && plain.length > 0)
    throw new Error(`Production needs https:// in ${plain.join(' and ')}: tokens and payloads cross it.`);
  if (!env.databaseUrl)
    throw new Error(
      'The codec server needs DATABASE_URL: the records know who works here and which tokens are revoked.',
    );
  const keys = loadKeys(env.keys);
  const log = pino({ name: 'codec' });
  const database = connectDatabase(env.databaseUrl);
  await watchKeys({
    database,
    keys,
    production: env.production,
    warn: (sentence) => log.warn(sentence),
    fail: end,
  });
  const server = await startCodecServer({
    port: env.codecPort,
    host,
    keyring: keys.keyring,
    roots: keys.roots,
    uiOrigins,
    publicUrl,
    admit: admitStaff(database, keys.token.publicKey),
    record: async ({ by, act, claims, payloads }) => {
      const why = await recordUse(database, by, act, claims);
      log.info({ staff: by.code, act, claims, payloads, why }, 'payloads');
      return why;
    },
    limits: readRequestLimits(env.api.requestLimits),
  });
  log.info({ endpoint: server.endpoint }, 'listening');
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void server.stop().then(() => database.$disconnect()));
}

function options() {
  const { values } = parseArgs({
    options: {
      'ui-origin': { type: 'string', multiple: true },
      'public-url': { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
    },
  });
  const { 'ui-origin': uiOrigins = [], 'public-url': publicUrl, host } = values;
  const wrong = [...uiOrigins, publicUrl ?? ''].find(
    (address) => !URL.canParse(address) || new URL(address).origin !== address,
  );
  if (publicUrl === undefined || uiOrigins.length === 0 || wrong !== undefined)
    throw new Error(
      `${usage}\nEach address is a scheme and a host, with a port if it is not the usual one, ` +
        'and no slash at the end.',
    );
  return { uiOrigins, publicUrl, host };
}

function end(why: string): never {
  console.error(why);
  process.exit(1);
}

main().catch((fault: unknown) => end(fault instanceof Error ? fault.message : String(fault)));
