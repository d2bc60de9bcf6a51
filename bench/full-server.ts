import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { environmentWith } from '../config/env.ts';
import { startProgram } from '../local/processes/child.ts';
import { freePort, isFree } from '../local/processes/ports.ts';
import { startPostgres } from '../local/servers/postgres.ts';
import { useTemporal } from '../local/servers/temporal.ts';
import { writeFullServerConfig, type FullServerPlace } from './full-server-config.ts';

/**
 * A full Temporal server: the programs that its `cmd/server` and `cmd/tools/sql` build, and its folder
 * `schema/postgresql/v12`.
 */
export interface FullServer {
  server: string;
  sqlTool: string;
  schema: string;
}

/** Takes a part that has started, to stop it with all others. */
export type Opened = <T extends { stop(): Promise<unknown> }>(part: T) => T;

/**
 * The full server that the environment names, if any. Throws a sentence when one of its three variables is
 * missing.
 */
export function fullServerGiven(): FullServer | undefined {
  const {
    TEMPORAL_SERVER: server,
    TEMPORAL_SQL_TOOL: sqlTool,
    TEMPORAL_SCHEMA: schema,
  } = environmentWith({});
  if (!server && !sqlTool && !schema) return undefined;
  if (!server || !sqlTool || !schema)
    throw new Error(
      'A full server needs TEMPORAL_SERVER, TEMPORAL_SQL_TOOL and TEMPORAL_SCHEMA together; ' +
        'TEMPORAL_SCHEMA is its folder schema/postgresql/v12.',
    );
  return { server, sqlTool, schema };
}

/** Starts it on a PostgreSQL of its own, apart from the records. */
export async function startFullServer(
  given: FullServer,
  dataDir: string,
  opened: Opened,
): Promise<{ address: string; recordFile: string }> {
  const directory = join(dataDir, 'engine');
  mkdirSync(directory, { recursive: true });
  const postgres = opened(
    await startPostgres({ dataDir: directory, port: await freePort(), durable: false }),
  );
  const { username, password, port } = new URL(postgres.ownersUrl);
  await makeSchemas(given, { username, password, port });
  const [grpc = 0, ...others] = await lowPorts(8);
  const config = writeFullServerConfig({ postgres: { username, password, port }, grpc, others, directory });
  const recordFile = join(dataDir, 'run', 'full-server.json');
  opened(
    startProgram({
      name: 'The full server',
      command: given.server,
      args: ['--config-file', config, 'start'],
      logFile: join(dataDir, 'logs', 'full-server.log'),
      recordFile,
      stopWithinMs: 3_000,
    }),
  );
  const address = `127.0.0.1:${grpc}`;
  await prepare(address);
  return { address, recordFile };
}

async function makeSchemas(
  { sqlTool, schema }: FullServer,
  { username, password, port }: FullServerPlace['postgres'],
): Promise<void> {
  const place = ['--plugin', 'postgres12', '--endpoint', '127.0.0.1', '--port', port];
  const login = ['--user', username, '--password', password];
  const tool = (database: string, ...words: string[]) =>
    promisify(execFile)(sqlTool, [...place, ...login, '--database', database, ...words]);
  for (const database of ['temporal', 'visibility']) {
    await tool(database, 'create-database');
    await tool(database, 'setup-schema', '--version', '0.0');
    await tool(database, 'update-schema', '--schema-dir', join(schema, database, 'versioned'));
  }
}

/** Free ports in a row below 32768: the server stores its members' ports in a column of small numbers. */
async function lowPorts(count: number): Promise<number[]> {
  for (;;) {
    const base = 12_000 + Math.floor(Math.random() * 2_000) * 10;
    const ports = Array.from({ length: count }, (_, index) => base + index);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return ports;
  }
}

/** Waits for a minute until it answers and knows the namespace and our search attributes. */
async function prepare(address: string): Promise<void> {
  for (const until = Date.now() + 60_000; ; await pause(500)) {
    try {
      await useNamespace(address, 'default');
      return;
    } catch (fault) {
      if (Date.now() > until)
        throw new Error(`The full server at ${address} does not get ready: ${String(fault)}`, {
          cause: fault,
        });
    }
  }
}

async function useNamespace(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 1_000 });
  await connection.workflowService
    .registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1 day') })
    .catch((fault: unknown) =>
      String(fault).includes('already exists') ? undefined : Promise.reject(fault),
    );
  await useTemporal({ address, namespace, apiKey: undefined, tls: false });
  await connection.workflowService.countWorkflowExecutions({ namespace, query: 'ClaimNeedsReview = true' });
  await connection.close();
}
