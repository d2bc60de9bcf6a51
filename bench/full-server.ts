import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
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

/**
 * A full Temporal server, as its makers' `cmd/server` and `cmd/tools/sql` build it, and its folder
 * `schema/postgresql/v12`.
 */
export interface FullServer {
  server: string;
  sqlTool: string;
  schema: string;
}

/** Takes a part that has started, so that it is stopped with all others. */
export type Opened = <T extends { stop(): Promise<unknown> }>(part: T) => T;

/** From the environment; undefined when it names none. Throws a sentence when it names only a part. */
export function fullServerGiven(): FullServer | undefined {
  const {
    TEMPORAL_SERVER: server,
    TEMPORAL_SQL_TOOL: sqlTool,
    TEMPORAL_SCHEMA: schema,
  } = environmentWith({});
  if (!server && !sqlTool && !schema) return undefined;
  if (!server || !sqlTool || !schema)
    throw new Error(
      'A full server is named by TEMPORAL_SERVER, TEMPORAL_SQL_TOOL and TEMPORAL_SCHEMA (its folder schema/postgresql/v12) together.',
    );
  return { server, sqlTool, schema };
}

/** On a PostgreSQL of its own: the one that the records lie in is not the engine's. */
export async function startFullServer(
  { server, sqlTool, schema }: FullServer,
  dataDir: string,
  opened: Opened,
): Promise<{ address: string; recordFile: string }> {
  const directory = join(dataDir, 'engine');
  mkdirSync(directory, { recursive: true });
  const postgres = opened(
    await startPostgres({ dataDir: directory, port: await freePort(), durable: false }),
  );
  const { username, password, port } = new URL(postgres.url);
  const tool = (database: string, ...words: string[]) =>
    promisify(execFile)(sqlTool, [
      '--plugin',
      'postgres12',
      '--endpoint',
      '127.0.0.1',
      '--port',
      port,
      '--user',
      username,
      '--password',
      password,
      '--database',
      database,
      ...words,
    ]);
  for (const database of ['temporal', 'visibility']) {
    await tool(database, 'create-database');
    await tool(database, 'setup-schema', '--version', '0.0');
    await tool(database, 'update-schema', '--schema-dir', join(schema, database, 'versioned'));
  }
  const [grpc, ...others] = await lowPorts(8);
  const configFile = join(directory, 'server.json'); // which is YAML, too
  writeFileSync(
    configFile,
    JSON.stringify(
      configOf({
        postgres: { port, username, password },
        grpc: grpc ?? 0,
        others,
        dynamicConfig: dynamicConfigIn(directory),
      }),
    ),
  );
  const recordFile = join(dataDir, 'run', 'full-server.json');
  opened(
    startProgram({
      name: 'The full server',
      command: server,
      args: ['--config-file', configFile, 'start'],
      logFile: join(dataDir, 'logs', 'full-server.log'),
      recordFile,
      stopWithinMs: 3_000,
    }),
  );
  const address = `127.0.0.1:${grpc}`;
  await prepare(address);
  return { address, recordFile };
}

/** Free ones in a row below 32768: the server keeps its members' ports in a column of small numbers. */
async function lowPorts(count: number): Promise<number[]> {
  for (;;) {
    const base = 12_000 + Math.floor(Math.random() * 2_000) * 10;
    const ports = Array.from({ length: count }, (_, index) => base + index);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return ports;
  }
}

const rpc = (grpcPort: number | undefined, membershipPort: number | undefined) => ({
  rpc: { grpcPort, membershipPort, bindOnLocalHost: true },
});

/** Four shards, each service on ports of its own, and search attributes that are known at once. */
function configOf({
  postgres,
  grpc,
  others,
  dynamicConfig,
}: {
  postgres: { port: string; username: string; password: string };
  grpc: number;
  others: number[];
  dynamicConfig: string;
}): object {
  const store = (databaseName: string) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `127.0.0.1:${postgres.port}`,
      connectProtocol: 'tcp',
      user: postgres.username,
      password: postgres.password,
      maxConns: 20,
      maxIdleConns: 20,
      maxConnLifetime: '1h',
    },
  });
  const [a, b, c, d, e, f, g] = others;
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: 4,
      datastores: { default: store('temporal'), visibility: store('visibility') },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: { frontend: rpc(grpc, a), history: rpc(b, c), matching: rpc(d, e), worker: rpc(f, g) },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${grpc}`,
        },
      },
    },
    publicClient: { hostPort: `127.0.0.1:${grpc}` },
    dynamicConfigClient: { filepath: dynamicConfig, pollInterval: '60s' },
  };
}

function dynamicConfigIn(directory: string): string {
  const file = join(directory, 'dynamic.json');
  writeFileSync(
    file,
    JSON.stringify({ 'system.forceSearchAttributesCacheRefreshOnRead': [{ value: true }] }),
  );
  return file;
}

/** Waits until it answers, and until it knows the namespace and our search attributes, for a minute. */
async function prepare(address: string): Promise<void> {
  const namespace = 'default';
  for (const until = Date.now() + 60_000; ; await pause(500)) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      await connection.workflowService
        .registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1 day') })
        .catch((fault: unknown) =>
          String(fault).includes('already exists') ? undefined : Promise.reject(fault),
        );
      await useTemporal({ address, namespace, apiKey: undefined, tls: false });
      await connection.workflowService.countWorkflowExecutions({
        namespace,
        query: 'ClaimNeedsReview = true',
      });
      await connection.close();
      return;
    } catch (fault) {
      if (Date.now() > until)
        throw new Error(`The full server at ${address} does not get ready: ${String(fault)}`, {
          cause: fault,
        });
    }
  }
}
