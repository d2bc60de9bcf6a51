import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { connectDatabase, ofManyRows, type Database } from '../../records/database.ts';
import { contactKey } from '../../records/keys/contact-key.ts';
import { archiveKeyIn } from '../../security/archive-key.ts';
import { watchKeys } from '../../records/keys/key-watch.ts';
import { neededKey } from '../../records/keys/needed-key.ts';
import { folderAttachments } from '../../providers/attachments/folder.ts';
import { houseRules } from '../../config/rules/load.ts';
import { projectRoot, readEnv, type Env } from '../../config/env.ts';
import { readRetention } from '../../config/retention.ts';
import { readRequestLimits } from '../../config/request-limits.ts';
import { policySourceSettings } from '../../config/policy-source.ts';
import { httpPolicySource } from '../../providers/policy-source/http.ts';
import { openPolicyBook } from '../../records/policies/policy-book.ts';
import type { Keyring } from '../../security/keyring.ts';
import { dataConverter } from '../../security/data-converter.ts';
import { loadKeys } from '../../security/key-folder.ts';
import { signingKeyIn } from '../../security/signing-keys.ts';
import { connectClaims } from '../engine/claims.ts';
import { readStaff } from '../../records/staff/staff.ts';
import { localPlaces } from './front-page.ts';
import type { AskedSource } from '../../records/policies/from-source.ts';
import { createApi } from './server.ts';
import { signingFault } from './signing.ts';
import { openStaffCache } from './staff-cache.ts';
import { present } from '../../domain/present.ts';

/** The API as a program: reads the settings, connects all parts, and runs until a signal stops it. */
async function main(): Promise<void> {
  const env = readEnv();
  const { databaseUrl, temporal } = needed(env);
  houseRules.inForce(env.pace); // a mistake in the rules stops the start, not a request
  const limits = readRequestLimits(env.api.requestLimits);
  const keys = loadKeys(env.keys);
  const attachmentsFolder = join(env.dataDirectory, 'attachments');
  mkdirSync(attachmentsFolder, { recursive: true });
  const signing = signingKeyIn(env.keys.directory, keys.roots);
  const database = connectDatabase(databaseUrl);
  const books = env.booksUrl === undefined ? undefined : connectDatabase(env.booksUrl, ofManyRows);
  const log = pino({ redact: ['req.headers.authorization', 'headers.authorization'] });
  for (const warning of [...env.warnings, signingFault(signing, new Date())]) if (warning) log.warn(warning);
  const stopWatching = await watchKeys({
    database,
    keys,
    production: env.production,
    warn: (sentence) => log.warn(sentence),
    fail: end,
  });
  const { namespace, ...connection } = temporal;
  const claims = connectClaims({
    connection,
    namespace,
    dataConverter: dataConverter(keys.keyring, { roots: keys.roots, needsKey: neededKey(database) }),
  });
  const staff = await openStaffCache(join(env.dataDirectory, 'people-cache.json'), async () => ({
    ...(await readStaff(database)),
    contactKey: await contactKey(database, keys.keyring),
  }));

  const api = await createApi({
    claims,
    database,
    books,
    staff,
    attachmentsFolder,
    attachments: folderAttachments(attachmentsFolder),
    archivesFolder: env.archives,
    retention: readRetention(),
    keyring: keys.keyring,
    roots: keys.roots,
    signing,
    archiveKey: () => archiveKeyIn(env.keys.directory),
    tokenKey: keys.token.publicKey,
    pace: env.pace,
    publicUrl: env.api.publicUrl,
    places: () => localPlaces(env.dataDirectory, readEnv({}).dataDirectory),
    version: ownVersion(),
    twilioTokens: [env.twilio?.authToken, env.twilio?.previousAuthToken].filter(
      (token) => token !== undefined,
    ),
    bankSecret: env.bank?.secret,
    limits,
    ...present({
      inboundMail: env.inboundMail,
      trustedProxies: env.api.trustedProxies,
      policies: policiesFrom(env, { books, keyring: keys.keyring, log }),
    }),
    log,
  });
  stopOnSignal(async () => {
    await api.close();
    staff.stop();
    stopWatching();
    await Promise.all([claims.close(), database.$disconnect(), books?.$disconnect()]);
  });
  await api
    .listen({ host: env.api.host, port: env.api.port })
    .catch((fault: unknown) => Promise.reject(cannotListen(env.api, fault)));
  process.send?.({ ready: true });
}

/** The source of policies, where there is one, and where they can be kept. */
function policiesFrom(
  { policySource, pace }: Env,
  { books, keyring, log }: { books: Database | undefined; keyring: Keyring; log: Logger },
): AskedSource | undefined {
  if (!policySource) return undefined;
  if (!books) {
    log.warn('POLICY_SOURCE_URL needs BOOKS_DATABASE_URL: without it no policy is taken from the source.');
    return undefined;
  }
  const timeoutMs = policySourceSettings.timeoutSeconds * 1_000;
  return {
    books,
    everyMs: policySourceSettings.askEverySeconds * 1_000,
    book: () => openPolicyBook(books, keyring, houseRules.inForce(pace)),
    source: httpPolicySource({ ...policySource, timeoutMs }),
    failed: (of) => log.warn(of, 'the source of policies did not answer, or not with a policy'),
  };
}

function ownVersion(): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(projectRoot, 'package.json'), 'utf8'),
  );
  return version;
}

function needed({ databaseUrl, temporal }: Env) {
  if (!databaseUrl || !temporal)
    throw new Error('The API needs DATABASE_URL and TEMPORAL_ADDRESS. On one machine `npm start` sets them.');
  return { databaseUrl, temporal };
}

function cannotListen({ host, port }: Env['api'], fault: unknown): Error {
  const taken = fault instanceof Error && 'code' in fault && fault.code === 'EADDRINUSE';
  return new Error(
    taken
      ? `Port ${port} on ${host} is taken, so the API cannot listen there: end what uses it, or set API_PORT.`
      : `The API cannot listen on ${host}, port ${port}: ${String(fault)}.`,
    { cause: fault },
  );
}

/** Running requests get a few seconds to finish. */
function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  const ended = (): void => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(0), 5_000).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, ended);
  process.once('disconnect', ended);
}

function end(why: string): never {
  console.error(why);
  process.exit(1);
}

main().catch((fault: unknown) => end(fault instanceof Error ? fault.message : String(fault)));
