import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FullServerPlace {
  /** The address of PostgreSQL on this machine, and its user. */
  postgres: { port: string; username: string; password: string };
  grpc: number;
  /** Seven more free ports. */
  others: number[];
  /** The folder that the files are written to. */
  directory: string;
}

/** Writes what the full server reads at its start; gives the path of the file. */
export function writeFullServerConfig(place: FullServerPlace): string {
  const file = join(place.directory, 'server.json'); // JSON is YAML, too
  writeFileSync(file, JSON.stringify(configOf(place)));
  return file;
}

/** Four shards, each service on ports of its own. */
function configOf({ postgres, grpc, others, directory }: FullServerPlace): object {
  const [a, b, c, d, e, f, g] = others;
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: 4,
      datastores: { default: store('temporal', postgres), visibility: store('visibility', postgres) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: { frontend: rpc(grpc, a), history: rpc(b, c), matching: rpc(d, e), worker: rpc(f, g) },
    clusterMetadata: clusterAt(grpc),
    publicClient: { hostPort: `127.0.0.1:${grpc}` },
    dynamicConfigClient: { filepath: dynamicConfigIn(directory), pollInterval: '60s' },
  };
}

const store = (databaseName: string, { port, username, password }: FullServerPlace['postgres']) => ({
  sql: {
    pluginName: 'postgres12',
    databaseName,
    connectAddr: `127.0.0.1:${port}`,
    connectProtocol: 'tcp',
    user: username,
    password,
    maxConns: 20,
    maxIdleConns: 20,
    maxConnLifetime: '1h',
  },
});

const rpc = (grpcPort: number | undefined, membershipPort: number | undefined) => ({
  rpc: { grpcPort, membershipPort, bindOnLocalHost: true },
});

const clusterAt = (grpc: number) => ({
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
});

/** Search attributes are known as soon as they are registered. */
function dynamicConfigIn(directory: string): string {
  const file = join(directory, 'dynamic.json');
  writeFileSync(
    file,
    JSON.stringify({ 'system.forceSearchAttributesCacheRefreshOnRead': [{ value: true }] }),
  );
  return file;
}
