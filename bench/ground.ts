import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { localKeys } from '../config/env.ts';
import { startBankStandIn } from '../local/servers/bank-stand-in.ts';
import { startNode, type Child } from '../local/processes/child.ts';
import { freePort } from '../local/processes/ports.ts';
import { programRole, startPostgres } from '../local/servers/postgres.ts';
import { recordedProcess } from '../local/processes/process-record.ts';
import { copyPolicy } from '../local/policy-copies.ts';
import { prepareSamples, sampleNotice } from '../local/samples.ts';
import { startSmsStandIn } from '../local/servers/sms-stand-in.ts';
import { startTemporal } from '../local/servers/temporal.ts';
import { migrateFor } from '../prisma/migrate.ts';
import { dataConverter } from '../security/data-converter.ts';
import { ensureLocalKeyring, loadKeys, type Keys } from '../security/key-folder.ts';
import type { Marking } from '../domain/people/marks.ts';
import { connectDatabase } from '../records/database.ts';
import { marking } from '../records/keys/contact-key.ts';
import { signingKeyIn } from '../security/signing-keys.ts';
import type { SigningKey } from '../security/signing.ts';
import { startFullServer, type FullServer, type Opened } from './full-server.ts';
import { startMailServer } from './mail-server.ts';
import type { Side } from './sides.ts';

/**
 * An empty engine, one worker, and the parts that the worker's effects need. Nothing is left of an earlier
 * run.
 */
export interface Ground {
  client: Client;
  keys: Keys;
  /** Signs what people and the bank send. */
  signing: SigningKey;
  /** Makes the marks that the records would make. */
  mark: Marking;
  /**
   * CPU time so far, in milliseconds, of the process with its threads and the children that it has waited
   * for.
   */
  cpuMs(): Record<'server' | 'worker', number>;
  /** Resident memory of the worker, in bytes. */
  workerBytes(): number;
  stop(): Promise<void>;
}

/** The workflow code of each kind, and the engine if it is not the development server. */
export interface Setup {
  real: string;
  bare: string;
  yardstick: string;
  fullServer?: FullServer | undefined;
}

/**
 * `heapMegabytes` limits the worker's heap, as `npm start` does; the worker sizes its cache of claims by it.
 */
export async function openGround(side: Side, setup: Setup, heapMegabytes = 512): Promise<Ground> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lipei-bench-'));
  const stops: (() => Promise<unknown>)[] = [];
  const opened: Opened = (part) => {
    stops.push(() => part.stop());
    return part;
  };
  try {
    ensureLocalKeyring(localKeys(dataDir));
    const keys = loadKeys({ directory: localKeys(dataDir) });
    const { address, recordFile } = setup.fullServer
      ? await startFullServer(setup.fullServer, dataDir, opened)
      : await startDevServer(dataDir, opened);
    const settings = {
      LIPEI_DATA: dataDir,
      TEMPORAL_ADDRESS: address,
      LIPEI_PACE: 'any-hour',
      LIPEI_RUN_EVENTS: '99999',
      LIPEI_AUTO_VERSION: 'true',
      MALLOC_ARENA_MAX: '2',
    };
    const outside: Record<string, string> =
      side === 'real effects' ? await startOutside(dataDir, opened) : {};
    const worker = opened(
      await startWorker(side, setup, { ...settings, ...outside }, dataDir, heapMegabytes),
    );
    const connection = await Connection.connect({ address });
    stops.push(() => connection.close());
    return {
      client: new Client({ connection, dataConverter: dataConverter(keys.keyring, keys) }),
      keys,
      signing: signingOf(localKeys(dataDir), keys),
      mark: await markingOf(outside['DATABASE_URL'], keys),
      cpuMs: () => ({ server: cpuMsOf(recordedProcess(recordFile) ?? 0), worker: cpuMsOf(worker.pid) }),
      workerBytes: () => residentBytesOf(worker.pid),
      stop: () => close(stops, dataDir),
    };
  } catch (fault) {
    await close(stops, dataDir);
    throw fault;
  }
}

/** Without records nobody compares marks. */
async function markingOf(databaseUrl: string | undefined, { keyring }: Keys): Promise<Marking> {
  if (databaseUrl === undefined) return (kind, written) => `${kind}:${written}`;
  const database = connectDatabase(databaseUrl);
  const mark = await marking(database, keyring);
  await database.$disconnect();
  return mark;
}

function signingOf(directory: string, { roots }: Keys): SigningKey {
  const key = signingKeyIn(directory, roots);
  if (!key) throw new Error('There is no key that signs messages.');
  return key;
}

async function close(stops: (() => Promise<unknown>)[], dataDir: string): Promise<void> {
  for (const stop of stops.toReversed()) await stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** The engine of `npm start`. */
async function startDevServer(
  dataDir: string,
  opened: Opened,
): Promise<{ address: string; recordFile: string }> {
  const { address } = opened(
    await startTemporal({ dataDir, port: await freePort(), uiPort: 0, headless: true }),
  );
  return { address, recordFile: join(dataDir, 'run', 'temporal.json') };
}

/** With effects it is the worker of `npm start`. */
function startWorker(
  side: Side,
  setup: Setup,
  settings: Record<string, string>,
  dataDir: string,
  heapMegabytes: number,
): Promise<Child> {
  const program = {
    name: 'The worker',
    settings,
    logFile: join(dataDir, 'logs', 'worker.log'),
    recordFile: join(dataDir, 'run', 'worker.json'),
    stopWithinMs: 7_000,
    nodeFlags: [`--max-old-space-size=${heapMegabytes}`],
  };
  if (side === 'real effects') return startNode({ ...program, script: 'workers/main.ts' });
  const kind = side === 'no effects' ? 'real' : side;
  return startNode({ ...program, script: 'bench/worker.ts', args: [kind, bundleFile(dataDir, setup[kind])] });
}

function bundleFile(dataDir: string, code: string): string {
  const file = join(dataDir, 'bundle.js');
  writeFileSync(file, code);
  return file;
}

/** Customers take turns with their policies; more than a run has claims. */
export const policyCopies = 2_500;

/** PostgreSQL, and stand-ins of the providers that send no reports. The load itself confirms the payments. */
async function startOutside(dataDir: string, opened: Opened): Promise<Record<string, string>> {
  mkdirSync(dataDir, { recursive: true });
  const never = 2 ** 31 - 1;
  const [accountSid, authToken, secret] = [
    `AC${'b'.repeat(32)}`,
    'a token of the benchmark',
    'a secret of the benchmark',
  ];
  const records = opened(await startPostgres({ dataDir, port: await freePort() }));
  await migrateFor(records.ownersUrl, programRole);
  await prepareSamples({ booksUrl: records.ownersUrl, dataDir });
  await copyPolicy(records.ownersUrl, sampleNotice('large-loss', new Date()).policy, policyCopies);
  const mail = opened(await startMailServer());
  const sms = opened(
    await startSmsStandIn({
      port: await freePort(),
      accountSid,
      authToken,
      delays: { sentMs: never, deliveredMs: never },
    }),
  );
  const bank = opened(await startBankStandIn({ port: await freePort(), secret, settleAfterMs: never }));
  return {
    DATABASE_URL: records.programsUrl,
    SMTP_URL: mail.url,
    MAIL_FROM: 'Claims department <claims@lipei.example>',
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_FROM: '+15005550006',
    TWILIO_BASE_URL: sms.url,
    BANK_URL: bank.url,
    BANK_SECRET: secret,
  };
}

/** From `/proc`, in hundredths of a second: fields 14 to 17, after the name in parentheses. */
function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
}

const residentBytesOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
