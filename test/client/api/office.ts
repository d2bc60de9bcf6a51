import { houseRules } from '../../../config/rules/load.ts';
import { present } from '../../../domain/present.ts';
import type { PolicySource } from '../../../providers/ports.ts';
import { openPolicyBook } from '../../../records/policies/policy-book.ts';
import { storedClaim } from '../../../records/claims/stored-claim.ts';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { folderAttachments } from '../../../providers/attachments/folder.ts';
import { noticeOfWorkflow } from '../../../client/engine/notice-of-workflow.ts';
import { claimRuns } from '../../../client/engine/runs.ts';
import { createRenderer } from '../../../wording/renderer/renderer.ts';
import { createApi } from '../../../client/api/server.ts';
import { openStaffCache } from '../../../client/api/staff-cache.ts';
import { connectClaims } from '../../../client/engine/claims.ts';
import { answerOf, send, type Answered as ApiAnswer, type Request } from '../../../client/own-api/http.ts';
import { neededKey } from '../../../records/keys/needed-key.ts';
import { contactKey } from '../../../records/keys/contact-key.ts';
import { readStaff } from '../../../records/staff/staff.ts';
import { projectRoot } from '../../../config/env.ts';
import { readRetention } from '../../../config/retention.ts';
import { freePort } from '../../../local/processes/ports.ts';
import { startTemporal } from '../../../local/servers/temporal.ts';
import { dataConverter } from '../../../security/data-converter.ts';
import type { SigningKey } from '../../../security/signing.ts';
import { issueToken } from '../../../security/tokens.ts';
import { createClaimsWorker } from '../../../workers/claims-worker.ts';
import { keepRecords } from '../../support/records.ts';
import { noLimits } from '../../support/no-limits.ts';
import { recordingBank, recordingEmail, recordingSms } from '../../support/recording.ts';
import { asBooks, asProgram, ownDatabase, runtime } from '../../support/runtime.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { testArchiveKey, testKeyring, testRoots, testSigning } from '../../support/test-keyring.ts';

export const publicUrl = 'https://lipei.example';
export const twilioToken = 'the token that signs callbacks';
export const bankSecret = 'a secret that the bank has too';

export interface Answered extends ApiAnswer {
  body: any; // oxlint-disable-line no-explicit-any -- tests look into it freely
}

export interface Office {
  /** The API's address. */
  api: string;
  /** The same API beside records that cannot be reached. */
  apiWithoutRecords: string;
  /** The records as their owner; API and worker have the role of the programs. */
  database: Database;
  /** One JSON line for each thing that the API has logged. */
  logs: string[];
  /** The engine's address. */
  engine: string;
  token(staff: string): Promise<string>;
  /** A request in the name of a member of staff. */
  ask(
    staff: string,
    method: 'GET' | 'POST',
    url: string,
    body?: object | string,
    headers?: Record<string, string>,
  ): Promise<Answered>;
  close(): Promise<void>;
}

/**
 * The API with everything behind it as in earnest: engine, worker, records; only providers are recording
 * fakes. `quietly` where workers are to fail.
 */
export async function openOffice({
  runEvents = 4000,
  quietly = false,
  signing = testSigning,
  policySource,
}: {
  runEvents?: number;
  quietly?: boolean;
  signing?: SigningKey;
  /** Knows policies that the book does not have; it is asked every tenth of a second while claims wait. */
  policySource?: PolicySource;
} = {}): Promise<Office> {
  Runtime.install({
    logger: quietly ? new DefaultLogger('ERROR', () => {}) : new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  const dataDir = temporaryDirectory();
  const temporal = await startTemporal({ dataDir, port: await freePort(), uiPort: 0, headless: true });
  const [ownersUrl, keyring, token] = [await ownDatabase(), testKeyring(), generateKeyPairSync('ed25519')];
  const records = connectDatabase(ownersUrl);
  const database = connectDatabase(asProgram(ownersUrl));
  const books = connectDatabase(asBooks(ownersUrl));
  await keepRecords(records);
  const converter = dataConverter(keyring, { roots: testRoots, needsKey: neededKey(database) });
  const native = await NativeConnection.connect({ address: temporal.address });
  const connection = await Connection.connect({ address: temporal.address });
  const worker = await createClaimsWorker(
    {
      connection: native,
      namespace: 'default',
      dataConverter: converter,
      workflowBundle: { codePath: runtime().bundle },
    },
    {
      database,
      keyring,
      roots: testRoots,
      noticeOf: noticeOfWorkflow(new Client({ connection, dataConverter: converter })),
      runs: claimRuns(new Client({ connection, dataConverter: converter })),
      renderer: createRenderer(join(projectRoot, 'templates')),
      sms: recordingSms(),
      email: recordingEmail(),
      bank: recordingBank(),
      settings: { pace: 'any-hour', runEvents, hasPolicySource: policySource !== undefined },
    },
  );
  const running = worker.run();

  const logs: string[] = [];
  const attachmentsFolder = join(dataDir, 'attachments');
  mkdirSync(attachmentsFolder);
  const claims = connectClaims({
    connection: { address: temporal.address },
    namespace: 'default',
    dataConverter: converter,
  });
  const parts = {
    claims,
    attachmentsFolder,
    keyring,
    publicUrl,
    bankSecret,
    places: () => ({ option: '', hasSamples: false }),
    version: '0.0.0',
    attachments: folderAttachments(attachmentsFolder),
    archivesFolder: join(dataDir, 'archives'),
    retention: readRetention(),
    roots: testRoots,
    signing,
    archiveKey: () => testArchiveKey(),
    tokenKey: token.publicKey,
    pace: 'any-hour',
    twilioTokens: [twilioToken],
    limits: noLimits,
    log: pino({ base: null }, { write: (line: string) => void logs.push(line) }),
  };
  const file = join(dataDir, 'people-cache.json');
  const reads = (from: Database) => async () => ({
    ...(await readStaff(from)),
    contactKey: await contactKey(from, keyring),
  });
  const staff = await openStaffCache(file, reads(database));
  const policies = policySource && {
    books,
    everyMs: 100,
    book: () => openPolicyBook(books, keyring, houseRules.inForce('any-hour')),
    source: policySource,
    failed: () => undefined,
  };
  const api = await createApi({ ...parts, database, books, staff, ...present({ policies }) });
  const nowhere = connectDatabase(`postgresql://lipei:none@127.0.0.1:${await freePort()}/lipei`);
  const staffFromFile = await openStaffCache(file, reads(nowhere));
  const apiWithoutRecords = await createApi({
    ...parts,
    database: nowhere,
    books: nowhere,
    staff: staffFromFile,
  });

  const [at, atWithoutRecords] = await Promise.all(
    [api, apiWithoutRecords].map((each) => each.listen({ host: '127.0.0.1', port: 0 })),
  );
  const tokenOf = (code: string): Promise<string> =>
    issueToken(token.privateKey, { staff: code, days: 1, now: new Date() });
  return {
    api: at ?? '',
    apiWithoutRecords: atWithoutRecords ?? '',
    database: records,
    logs,
    engine: temporal.address,
    token: tokenOf,
    ask: async (code, method, url, body, headers = {}) =>
      request(`${at}${url}`, {
        method,
        body,
        headers: { authorization: `Bearer ${await tokenOf(code)}`, ...headers },
      }),
    async close() {
      for (const each of [staff, staffFromFile]) each.stop();
      await Promise.all([api.close(), apiWithoutRecords.close()]);
      worker.shutdown();
      await running;
      await Promise.all([
        claims.close(),
        native.close(),
        connection.close(),
        records.$disconnect(),
        database.$disconnect(),
        books.$disconnect(),
        nowhere.$disconnect(),
      ]);
      await temporal.stop();
    },
  };
}

/** Any request to the API, and whatever it answers. */
export const request = async (url: string, asked: Omit<Request, 'path'>): Promise<Answered> =>
  answerOf(await send({ url: '' }, { ...asked, path: url }));

/** What it sees once it is so; within twenty seconds. */
export async function until<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  for (const limit = Date.now() + 20_000; ; await pause(50)) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > limit) throw new Error(`It never is so: ${JSON.stringify(seen)}`);
  }
}

/** What was planned goes out after the decision; the read model shows it at once, the journal later. */
export async function everythingSent({ database }: Office, claim: string): Promise<void> {
  await until(
    async () => (await storedClaim(database, claim))?.outbox.length,
    (open) => open === 0,
  );
}
