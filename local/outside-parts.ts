import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { secretPath } from '../client/codec/path.ts';
import { startCodecServer } from '../client/codec/server.ts';
import { projectRoot } from '../config/env.ts';
import { migrate, migrateFor } from '../prisma/migrate.ts';
import { loadKeys } from '../security/key-folder.ts';
import { startMailbox } from './servers/mailbox.ts';
import { booksRole, programRole, startPostgres } from './servers/postgres.ts';
import { standInBank, standInPolicySource, standInSms } from './servers/stand-ins.ts';
import { startTemporal, useTemporal } from './servers/temporal.ts';
import type { Setting } from './setting.ts';
import type { Stack } from './stack.ts';

/** PostgreSQL, Temporal, mail, SMS and bank: each is the one of the environment, or else our own. */
export async function startRecords(stack: Stack, { env, ports, dataDir }: Setting) {
  if (env.databaseUrl !== undefined)
    return useRecords(env.databaseUrl, { ownersUrl: env.ownersUrl, booksUrl: env.booksUrl });
  const { programsUrl, booksUrl, ownersUrl } = await stack.add(
    'records',
    `PostgreSQL on port ${ports.postgres}`,
    startPostgres({ dataDir, port: ports.postgres }),
  );
  await migrateFor(ownersUrl, programRole, booksRole);
  return { databaseUrl: programsUrl, booksUrl, ownersUrl, settings: { DATABASE_URL: programsUrl } };
}

/**
 * Without the owner's address the role of DATABASE_URL makes the tables, too. Without the address of the
 * books the owner keeps them.
 */
async function useRecords(
  databaseUrl: string,
  { ownersUrl = databaseUrl, booksUrl }: { ownersUrl: string | undefined; booksUrl: string | undefined },
) {
  const [role, books] = [databaseUrl, booksUrl].map(
    (url) => url && decodeURIComponent(new URL(url).username),
  );
  const ready = ownersUrl === databaseUrl ? migrate(databaseUrl) : migrateFor(ownersUrl, role ?? '', books);
  await ready.catch((fault: unknown) => {
    throw unusable(fault);
  });
  return {
    databaseUrl,
    booksUrl: booksUrl ?? ownersUrl,
    ownersUrl,
    settings: { DATABASE_URL: databaseUrl, DATABASE_OWNER_URL: '' },
  };
}

/** The first line of Prisma's message names the fault. */
function unusable(fault: unknown): Error {
  const [why = ''] = (fault instanceof Error ? fault.message : String(fault)).split('\n');
  return new Error(`The database that DATABASE_URL names cannot be used: ${why.replace(/\.$/, '')}.`, {
    cause: fault,
  });
}

/** The codec server serves only the Web UI that we start. */
export async function startEngine(stack: Stack, { env, ports, dataDir }: Setting) {
  if (env.temporal) {
    await useTemporal(env.temporal);
    return { address: env.temporal.address, uiUrl: null, settings: {} };
  }
  const uiOrigins = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${ports.temporalUi}`);
  const keys = loadKeys(env.keys);
  const starting = startCodecServer({
    port: ports.codec,
    keyring: keys.keyring,
    roots: keys.roots,
    uiOrigins,
    path: secretPath(dataDir),
  });
  const codec = await stack.add('around', `Codec server on port ${ports.codec}`, starting);
  const engine = startTemporal({
    dataDir,
    port: ports.temporal,
    uiPort: ports.temporalUi,
    codecEndpoint: codec.endpoint,
  });
  const { address, uiUrl } = await stack.add(
    'around',
    `Temporal on port ${ports.temporal}, its Web UI on ${ports.temporalUi}`,
    engine,
  );
  return { address, uiUrl, settings: { TEMPORAL_ADDRESS: address } };
}

export async function startMail(stack: Stack, { env, ports, dataDir }: Setting) {
  if (env.mail) return { webUrl: null, settings: {} };
  const starting = startMailbox({ smtpPort: ports.smtp, webPort: ports.mailbox, dataDir });
  const { smtpUrl, webUrl } = await stack.add('around', `Mailbox on port ${ports.mailbox}`, starting);
  return {
    webUrl,
    settings: {
      SMTP_URL: smtpUrl,
      MAIL_FROM: 'Claims department <claims@lipei.example>',
      MAIL_BOUNCES: 'bounces@lipei.example',
      MAIL_INBOUND_PORT: String(ports.inboundMail),
    },
  };
}

export async function startSms(stack: Stack, { env, ports, dataDir }: Setting) {
  if (env.twilio) return { webUrl: null, settings: {} };
  const sms = await stack.add(
    'around',
    `SMS stand-in on port ${ports.sms}`,
    standInSms({ port: ports.sms, dataDir: outsideOf(dataDir), publicUrl: env.api.publicUrl }),
  );
  return { webUrl: sms.url, settings: sms.settings };
}

export async function startBank(stack: Stack, { env, ports, dataDir }: Setting) {
  if (env.bank) return { webUrl: null, settings: {} };
  const bank = await stack.add(
    'around',
    `Bank stand-in on port ${ports.bank}`,
    standInBank({ port: ports.bank, dataDir: outsideOf(dataDir), publicUrl: env.api.publicUrl }),
  );
  return { webUrl: bank.url, settings: bank.settings };
}

/** It has the policies of `samples/policy-source.jsonl`. */
export async function startPolicySource(stack: Stack, { env, ports }: Setting) {
  if (env.policySource) return { settings: {} };
  return stack.add(
    'around',
    `Policy system stand-in on port ${ports.policySource}`,
    standInPolicySource({
      port: ports.policySource,
      file: join(projectRoot, 'samples', 'policy-source.jsonl'),
    }),
  );
}

/** The data that providers hold in production are apart from ours. */
function outsideOf(dataDir: string): string {
  const directory = join(dataDir, 'outside');
  mkdirSync(directory, { recursive: true });
  return directory;
}
