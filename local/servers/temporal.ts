import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import type { Env } from '../../config/env.ts';
import { searchAttributes } from '../../config/search-attributes.ts';
import { startProgram, type Child } from '../processes/child.ts';
import { isFree } from '../processes/ports.ts';
import { endRecordedProcess } from '../processes/process-record.ts';
import { temporalCli } from '../tools.ts';

export type TemporalOptions = {
  dataDir: string;
  port: number;
  uiPort: number;
  /** The codec server with which the Web UI decrypts payloads. */
  codecEndpoint?: string;
  namespace?: string;
  /** Without the Web UI, for tests. */
  headless?: boolean;
};

export type LocalTemporal = { address: string; uiUrl: string; ended: Promise<string>; stop(): Promise<void> };

/** The server's default is one day: a claim's history would be gone before anybody looks at it. */
const retention = '30 days';

/**
 * Starts Temporal's development server on 127.0.0.1 with its files in `dataDir`. It is ready when a list by
 * our search attributes answers. As for `startPostgres`, the caller must have claimed the data directory.
 */
export async function startTemporal({
  namespace = 'default',
  ...options
}: TemporalOptions): Promise<LocalTemporal> {
  const { dataDir, port, uiPort, headless = false } = options;
  const recordFile = join(dataDir, 'run', 'temporal.json');
  mkdirSync(dataDir, { recursive: true });
  const command = await temporalCli();
  await endRecordedProcess(recordFile, 'SIGTERM', 5_000);
  for (const needed of headless ? [port] : [port, uiPort]) {
    if (!(await isFree(needed))) throw new Error(`Port ${needed} is taken, so Temporal cannot listen there.`);
  }
  const args = ['server', 'start-dev', ...serverFlags({ ...options, namespace })];
  const server = startProgram({
    name: 'Temporal',
    command,
    args,
    logFile: join(dataDir, 'logs', 'temporal.log'),
    recordFile,
    stopWithinMs: 3_000,
  });
  const address = `127.0.0.1:${port}`;
  await answering(server, address, namespace);
  return { address, uiUrl: `http://127.0.0.1:${uiPort}`, ended: server.ended, stop: server.stop };
}

/** Makes a Temporal ready for claims that we did not start. Throws a sentence if it cannot be reached. */
export async function useTemporal({ namespace, ...at }: NonNullable<Env['temporal']>): Promise<void> {
  const connection = await Connection.connect({ ...at, connectTimeout: 5_000 }).catch((error: unknown) => {
    throw new Error(`Temporal does not answer at ${at.address}: see TEMPORAL_ADDRESS.`, { cause: error });
  });
  try {
    await registerSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
}

/** Registers those of our search attributes that are missing. */
async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(searchAttributes).filter(([name]) => !(name in customAttributes));
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(([name, type]) => [name, indexedTypes[type]])),
  });
}

const { IndexedValueType } = proto.temporal.api.enums.v1;

const indexedTypes = {
  Keyword: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  KeywordList: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
  Datetime: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
  Int: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  Bool: IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
} as const;

/**
 * Without write-ahead logging the server is too slow to use. A claim whose tasks fail is marked after two
 * failures instead of five.
 */
function serverFlags({
  dataDir,
  port,
  uiPort,
  codecEndpoint,
  namespace,
  headless,
}: TemporalOptions & { namespace: string }): string[] {
  return [
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--namespace',
    namespace,
    '--db-filename',
    join(dataDir, 'temporal.sqlite'),
    '--sqlite-pragma',
    'journal_mode=WAL',
    '--sqlite-pragma',
    'synchronous=OFF',
    '--dynamic-config-value',
    'system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=2',
    '--dynamic-config-value',
    'frontend.enableServerVersionCheck=false',
    '--log-level',
    'warn',
    '--ui-disable-news-fetch',
    ...(headless ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(codecEndpoint ? ['--ui-codec-endpoint', codecEndpoint] : []),
    ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
  ];
}

async function answering(server: Child, address: string, namespace: string): Promise<void> {
  const gaveUp = await Promise.race([prepared(address, namespace), server.ended]);
  if (gaveUp === undefined) return;
  await server.stop();
  throw new Error(gaveUp);
}

/** Resolves with a sentence if the server cannot be used within half a minute. */
async function prepared(address: string, namespace: string): Promise<string | undefined> {
  const until = Date.now() + 30_000;
  let last = '';
  while (Date.now() < until) {
    const error = await prepare(address, namespace).then(() => undefined, String);
    if (error === undefined) return undefined;
    last = error;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  return `Temporal did not answer within half a minute: ${last}.`;
}

async function prepare(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 500 });
  try {
    await connection.workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: msToTs(retention) },
    });
    await registerSearchAttributes(connection, namespace);
    await connection.workflowService.countWorkflowExecutions({ namespace, query: 'ClaimNeedsReview = true' });
  } finally {
    await connection.close();
  }
}
