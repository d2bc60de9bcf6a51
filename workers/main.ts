import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import type { Outside } from '../activities/activities.ts';
import { connectDatabase, type Database } from '../records/database.ts';
import { mailTokens } from '../records/keys/contact-key.ts';
import { watchKeys } from '../records/keys/key-watch.ts';
import { neededKey } from '../records/keys/needed-key.ts';
import { isoBank } from '../providers/bank/iso-bank.ts';
import { smtpEmail } from '../providers/smtp/email.ts';
import { noticeOfWorkflow } from '../client/engine/notice-of-workflow.ts';
import { claimRuns } from '../client/engine/runs.ts';
import { keepNotifyingStaff } from '../client/engine/staff-mail.ts';
import { keepWatchingClaims } from '../client/engine/watch.ts';
import { staffMailRules } from '../config/staff-mail.ts';
import { watchRules } from '../config/watch.ts';
import { twilioSms } from '../providers/twilio/sms.ts';
import { createRenderer } from '../wording/renderer/renderer.ts';
import { readEnv, type Env } from '../config/env.ts';
import { coverages } from '../config/holidays/coverage.ts';
import { instantOf } from '../domain/time/time.ts';
import { houseRules } from '../config/rules/load.ts';
import { webhookPaths } from '../config/webhook-paths.ts';
import { dataConverter } from '../security/data-converter.ts';
import { loadKeys, type Keys } from '../security/key-folder.ts';
import { createClaimsWorker } from './claims-worker.ts';
import { makeCurrent } from './deployment.ts';

/** The worker as a program: settings from the environment, real providers, until a signal stops it. */
async function main(): Promise<void> {
  const env = readEnv();
  const { databaseUrl, temporal } = needed(env);
  houseRules.inForce(env.pace); // a mistake in the rules prevents the start, and blocks no claim
  for (const list of coverages(instantOf(Date.now())))
    if (list.state !== 'covered') console.error(list.sentence);
  staffMailRules(env.pace);
  watchRules(env.pace);
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
  for (const warning of env.warnings) console.error(warning);
  const keys = loadKeys(env.keys);
  const database = connectDatabase(databaseUrl);
  await watchKeys({
    database,
    keys,
    production: env.production,
    warn: (sentence) => console.error(sentence),
    fail: end,
  });
  const converter = dataConverter(keys.keyring, { roots: keys.roots, needsKey: neededKey(database) });
  const connection = await NativeConnection.connect(temporal);
  const clientConnection = await Connection.connect(temporal);
  const client = new Client({
    connection: clientConnection,
    namespace: temporal.namespace,
    dataConverter: converter,
  });
  mkdirSync(join(env.dataDirectory, 'attachments'), { recursive: true });

  const codePath = await bundled(env.dataDirectory);
  const buildId = env.release.build ?? hashOfFile(codePath);

  const worker = await createClaimsWorker(
    {
      connection,
      namespace: temporal.namespace,
      dataConverter: converter,
      workflowBundle: { codePath },
      buildId,
    },
    outsideOf(env, { database, keys, client }),
  );
  const running = untilSignal(worker);
  if (env.release.automatic)
    await Promise.race([makeCurrent(clientConnection, temporal.namespace, buildId), running]);
  process.send?.({ ready: true });
  const keeping = keepRunning(client);
  await running;
  clearInterval(keeping);
  await connection.close();
  process.exit(0);
}

const everyMs = 5 * 60_000;

/** Every worker asks for them now and again, so that they run also after somebody terminated one. */
function keepRunning(client: Client): NodeJS.Timeout {
  const ask = (): void => {
    void keepNotifyingStaff(client).catch((fault: unknown) =>
      console.error(`Staff are not notified of their work yet: ${String(fault)}`),
    );
    void keepWatchingClaims(client).catch((fault: unknown) =>
      console.error(`Claims are not watched yet: ${String(fault)}`),
    );
  };
  ask();
  return setInterval(ask, everyMs);
}

/** Ends when all work in progress is done after SIGTERM, SIGINT, or the end of the parent process. */
function untilSignal(worker: Worker): Promise<void> {
  const stop = (): void => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  process.once('disconnect', stop);
  return worker.run();
}

/** The records, the wording and the providers that activities use. */
function outsideOf(
  env: Env,
  { database, keys, client }: { database: Database; keys: Keys; client: Client },
): Outside {
  const { mail, twilio, bank } = needed(env);
  return {
    database,
    keyring: keys.keyring,
    roots: keys.roots,
    noticeOf: noticeOfWorkflow(client),
    runs: claimRuns(client),
    renderer: createRenderer(join(import.meta.dirname, '..', 'templates')),
    sms: twilioSms({ ...twilio, statusCallback: `${env.api.publicUrl}${webhookPaths.twilioStatus}` }),
    email: smtpEmail({
      ...mail,
      url: mail.smtpUrl,
      tokenOf: mailTokens(database, keys.keyring),
      unsubscribe: `${env.api.publicUrl}${webhookPaths.unsubscribe}`,
    }),
    bank: isoBank({ ...bank, callback: `${env.api.publicUrl}${webhookPaths.bank}` }),
    settings: { pace: env.pace, runEvents: env.runEvents, hasPolicySource: env.policySource !== undefined },
  };
}

/**
 * Made at each start, so that it always matches this code, and by another process, which gives its memory
 * back.
 */
async function bundled(dataDirectory: string): Promise<string> {
  const file = join(dataDirectory, `workflows-${process.pid}.js`);
  await promisify(execFile)(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    join(import.meta.dirname, 'bundle.ts'),
    file,
  ]);
  process.once('exit', () => rmSync(file, { force: true }));
  return file;
}

/** The same workflow code is the same version. */
const hashOfFile = (file: string): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);

function needed({ databaseUrl, temporal, mail, twilio, bank }: Env) {
  if (!databaseUrl || !temporal || !mail || !twilio || !bank)
    throw new Error(
      'The worker needs DATABASE_URL, TEMPORAL_ADDRESS, SMTP_URL with MAIL_FROM, TWILIO_… ' +
        'and BANK_URL with BANK_SECRET. On one machine `npm start` sets them all.',
    );
  return { databaseUrl, temporal, mail, twilio, bank };
}

function end(why: string): never {
  console.error(why);
  process.exit(1);
}

main().catch((fault: unknown) => end(fault instanceof Error ? fault.message : String(fault)));
