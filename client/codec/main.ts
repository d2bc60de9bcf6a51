import { parseArgs } from 'node:util';
import pino from 'pino';
import { connectDatabase } from '../../records/database.ts';
import { watchKeys } from '../../records/keys/key-watch.ts';
import { readEnv } from '../../config/env.ts';
import { loadKeys } from '../../security/keyring.ts';
import { admitStaff } from './admission.ts';
import { startCodecServer } from './server.ts';

const usage =
  'Usage: client/codec/main.ts --ui-origin https://temporal.example.com [--ui-origin …] --public-url https://codec.example.com [--host 0.0.0.0]';

/**
 * The codec server as a program, for production: it asks for tokens of the audience `lipei-codec`, and logs
 * who decrypted how
 * much. A proxy ends TLS before it and passes the Host header on. `temporal --codec-endpoint URL --codec-auth
 * "Bearer TOKEN"`
 * sends such a token; the Web UI sends the token of its own sign-in, which the proxy has to replace by one of
 * ours.
 */
async function main(): Promise<void> {
  const { uiOrigins, publicUrl, host } = options();
  const env = readEnv();
  if (!env.databaseUrl)
    throw new Error(
      'The codec server needs DATABASE_URL, to know who still works here and which tokens are revoked.',
    );
  const { keyring, token } = loadKeys(env.keys);
  const log = pino({ name: 'codec' });
  const database = connectDatabase(env.databaseUrl);
  await watchKeys({ database, keyring, say: (sentence) => log.warn(sentence), refuse: end });
  const server = await startCodecServer({
    port: env.codecPort,
    host,
    keyring,
    uiOrigins,
    publicUrl,
    admit: admitStaff(database, token.publicKey),
    onUse: (use) => log.info(use, 'payloads'),
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
      `${usage}\nEach address is a scheme and a host, and a port where it is not the usual one, without a slash at the end.`,
    );
  return { uiOrigins, publicUrl, host };
}

function end(why: string): never {
  console.error(why);
  process.exit(1);
}

main().catch((fault: unknown) => end(fault instanceof Error ? fault.message : String(fault)));
