import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { secretPath } from '../client/codec/path.ts';
import { startCodecServer } from '../client/codec/server.ts';
import { environmentWith, localKeys, readEnv, type Env } from '../config/env.ts';
import { houseRules } from '../config/rules/load.ts';
import { migrate } from '../prisma/migrate.ts';
import { ensureLocalKeyring, loadKeys } from '../security/key-folder.ts';
import { announce, sayOnTheWay } from './announcement.ts';
import { startNode } from './processes/child.ts';
import { claimDataDirectory, writeStackFile, type StackFile } from './processes/data-directory.ts';
import { startMailbox } from './servers/mailbox.ts';
import {
  portNames,
  portsFrom,
  requireFreePorts,
  usualPortBase,
  type PortName,
  type Ports,
} from './processes/ports.ts';
import { startPostgres } from './servers/postgres.ts';
import { actOnSamples } from './sample-acts.ts';
import { fileSampleClaims, prepareSamples } from './samples.ts';
import { emptyStack, type Stack } from './stack.ts';
import { standInBank, standInSms } from './servers/stand-ins.ts';
import { startTemporal, useTemporal } from './servers/temporal.ts';

export type UpOptions = {
  dataDir?: string;
  portBase?: number;
  pace?: string;
  samples?: boolean;
  json?: boolean;
};

/**
 * What the parts are started with. `settings` is what the worker and the API are told beyond the environment.
 */
type Setting = { env: Env; ports: Ports; dataDir: string; settings: Record<string, string> };

/**
 * Runs Lipei on this machine with everything it needs that the environment doesn't name, until it is
 * interrupted or
 * terminated; then it stops everything and resolves. Progress goes to standard error, the addresses to
 * standard output.
 * Throws one sentence, after stopping everything, when something can't be started or ends by itself.
 */
export async function up(options: UpOptions = {}): Promise<void> {
  const ending = untilEnded();
  const setting = settingFor(options);
  const release = await claimDataDirectory(setting.dataDir);
  const stack = emptyStack(sayOnTheWay);
  try {
    await requireFreePorts(setting.ports, portsNeeded(setting.env));
    const starting = start(stack, setting, options.samples ?? true).then(({ running, claims }) => {
      writeStackFile(setting.dataDir, running);
      announce(running, options.json ?? false);
      // Beside the work: whoever waits for the line that says it is ready need not wait for the samples.
      void bringSamplesOn(setting.dataDir, running, claims);
    });
    await Promise.race([starting.then(() => ending.asked), ending.asked, loss(stack)]);
    sayOnTheWay('Stopping…');
  } finally {
    await stack.stop();
    release();
    ending.forget();
  }
}

function settingFor({ dataDir: asked, portBase = usualPortBase, pace }: UpOptions): Setting {
  const ports = portsFrom(portBase);
  const settings: Record<string, string> = { API_PORT: String(ports.api), CODEC_PORT: String(ports.codec) };
  if (asked) settings.LIPEI_DATA = asked;
  if (pace) settings.LIPEI_PACE = pace;
  const env = readEnv(environmentWith(settings));
  houseRules.inForce(env.pace); // a mistake in the rules shows before anything runs
  settings.LIPEI_DATA = env.dataDirectory;
  settings.PUBLIC_URL = env.api.publicUrl;
  return { env, ports, dataDir: env.dataDirectory, settings };
}

/** What the environment names is used, and needs no port of ours. */
function portsNeeded({ databaseUrl, temporal, mail, twilio, bank }: Env): PortName[] {
  const elsewhere: Partial<Record<PortName, unknown>> = {
    temporal,
    temporalUi: temporal,
    codec: temporal,
    postgres: databaseUrl,
    smtp: mail,
    mailbox: mail,
    inboundMail: mail,
    sms: twilio,
    bank,
  };
  return portNames.filter((name) => elsewhere[name] === undefined);
}

/** A claim that does not come to its place is no reason to stop: people can work with the others. */
async function bringSamplesOn(dataDir: string, { api, sms }: StackFile, claims: Record<string, string>) {
  const since = Date.now();
  const sentences = await actOnSamples({ dataDir, api, sms }, claims).catch((fault: unknown) => [
    `The sample claims stay where they are: ${fault instanceof Error ? fault.message : String(fault)}`,
  ]);
  const count = Object.keys(claims).length;
  for (const sentence of sentences) sayOnTheWay(sentence);
  if (count > 0 && sentences.length === 0)
    sayOnTheWay(`✓ ${count} sample claims stand at their steps (${seconds(since)})`);
}

const seconds = (since: number): string => `${((Date.now() - since) / 1_000).toFixed(1)} s`;

interface Started {
  running: StackFile;
  /** The sample claims' numbers by notice. */
  claims: Record<string, string>;
}

async function start(stack: Stack, setting: Setting, withClaims: boolean): Promise<Started> {
  const { env, ports, dataDir, settings } = setting;
  makeKeys(setting);
  const [records, engine, mail, sms, bank] = await Promise.all([
    startRecords(stack, setting),
    startEngine(stack, setting),
    startMail(stack, setting),
    startSms(stack, setting),
    startBank(stack, setting),
  ]);
  Object.assign(settings, records.settings, engine.settings, mail.settings, sms.settings, bank.settings);

  const { databaseUrl } = records;
  const api = `http://${env.api.host}:${ports.api}`;
  await prepareSamples({ databaseUrl, dataDir, keysDirectory: env.keys.directory });
  await Promise.all([startWorker(stack, setting), startApi(stack, setting)]);
  const claims = withClaims ? await fileSampleClaims({ dataDir, api }) : {};
  const running = {
    pid: process.pid,
    api,
    temporalUi: engine.uiUrl,
    temporalAddress: engine.address,
    mail: mail.webUrl,
    sms: sms.webUrl,
    bank: bank.webUrl,
    databaseUrl,
  };
  return { running, claims };
}

/** Only keys of our own are made; a directory that somebody named is theirs to fill. */
function makeKeys({ env, dataDir }: Setting): void {
  if (env.keys.directory === localKeys(dataDir)) ensureLocalKeyring(env.keys.directory);
}

async function startRecords(stack: Stack, { env, ports, dataDir }: Setting) {
  const databaseUrl =
    env.databaseUrl ??
    (
      await stack.add(
        'records',
        `PostgreSQL on port ${ports.postgres}`,
        startPostgres({ dataDir, port: ports.postgres }),
      )
    ).url;
  await migrate(databaseUrl).catch((fault: unknown) => {
    throw env.databaseUrl === undefined ? fault : unusable(fault);
  });
  return { databaseUrl, settings: { DATABASE_URL: databaseUrl } };
}

/** Prisma speaks in paragraphs; the first one says what is wrong. */
function unusable(fault: unknown): Error {
  const [why = ''] = (fault instanceof Error ? fault.message : String(fault)).split('\n');
  return new Error(`The database that DATABASE_URL names cannot be used: ${why.replace(/\.$/, '')}.`, {
    cause: fault,
  });
}

/** The codec server goes with the Web UI that we start: it answers only that one. */
async function startEngine(stack: Stack, { env, ports, dataDir }: Setting) {
  if (env.temporal) {
    await useTemporal(env.temporal);
    return { address: env.temporal.address, uiUrl: null, settings: {} };
  }
  const uiOrigins = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${ports.temporalUi}`);
  const starting = startCodecServer({
    port: ports.codec,
    keyring: loadKeys(env.keys).keyring,
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

async function startMail(stack: Stack, { env, ports, dataDir }: Setting) {
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

async function startSms(stack: Stack, { env, ports, dataDir }: Setting) {
  if (env.twilio) return { webUrl: null, settings: {} };
  const sms = await stack.add(
    'around',
    `SMS stand-in on port ${ports.sms}`,
    standInSms({ port: ports.sms, dataDir: outsideOf(dataDir), publicUrl: env.api.publicUrl }),
  );
  return { webUrl: sms.url, settings: sms.settings };
}

async function startBank(stack: Stack, { env, ports, dataDir }: Setting) {
  if (env.bank) return { webUrl: null, settings: {} };
  const bank = await stack.add(
    'around',
    `Bank stand-in on port ${ports.bank}`,
    standInBank({ port: ports.bank, dataDir: outsideOf(dataDir), publicUrl: env.api.publicUrl }),
  );
  return { webUrl: bank.url, settings: bank.settings };
}

/**
 * Without a bound glibc keeps memory for each of the engine's threads: half as much again with a thousand
 * open claims.
 */
const fewArenas = { MALLOC_ARENA_MAX: '2' };

function startWorker(stack: Stack, setting: Setting) {
  const { settings, ...process } = processOf(setting, 'worker');
  return stack.add(
    'lipei',
    'Worker',
    startNode({
      ...process,
      settings: { ...settings, ...fewArenas, LIPEI_AUTO_RELEASE: 'true' },
      name: 'The worker',
      script: 'workers/main.ts',
      nodeFlags: ['--max-old-space-size=512'],
    }),
  );
}

function startApi(stack: Stack, setting: Setting) {
  return stack.add(
    'lipei',
    `API on port ${setting.ports.api}`,
    startNode({
      ...processOf(setting, 'api'),
      name: 'The API',
      script: 'client/api/main.ts',
      nodeFlags: ['--max-old-space-size=256'],
    }),
  );
}

function processOf({ dataDir, settings }: Setting, name: string) {
  return {
    settings,
    logFile: join(dataDir, 'logs', `${name}.log`),
    recordFile: join(dataDir, 'run', `${name}.json`),
    stopWithinMs: 7_000,
  };
}

/** What lies with providers in earnest lies apart from what is ours. */
function outsideOf(dataDir: string): string {
  const directory = join(dataDir, 'outside');
  mkdirSync(directory, { recursive: true });
  return directory;
}

/** Handlers stay in place while everything is stopped, so that a second Ctrl-C doesn't cut that short. */
function untilEnded(): { asked: Promise<void>; forget(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const asked = () => resolve();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, asked);
  return { asked: promise, forget: () => signals.forEach((signal) => process.off(signal, asked)) };
}

async function loss({ lost }: Stack): Promise<never> {
  throw new Error(await lost);
}
