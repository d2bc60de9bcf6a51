import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { startProgram, type Child } from '../processes/child.ts';
import { isFree } from '../processes/ports.ts';
import { endRecordedProcess } from '../processes/process-record.ts';
import {
  createCluster,
  dropStaleLock,
  passwordOf,
  requireUsable,
  storedPassword,
} from './postgres-cluster.ts';
import { asOwner, ownerOf } from './postgres-owner.ts';

export type Postgres = {
  /** Of the owner of the tables. */
  ownersUrl: string;
  /** Of the programs. Their role has no rights until `grantProgramRights` gives them. */
  programsUrl: string;
  /** Of the API that keeps people and policies, likewise. */
  booksUrl: string;
  ended: Promise<string>;
  stop(): Promise<void>;
};

/** The role of the programs, and that of the books of people and policies. */
export const programRole = 'lipei_program';
export const booksRole = 'lipei_books';

/** `durable: false` is for tests: a crash of the whole machine may then lose the data. */
export type PostgresOptions = { dataDir: string; port: number; durable?: boolean };

/**
 * Starts PostgreSQL on 127.0.0.1 with a database `lipei`, a role for the owner of its tables, one for the
 * programs and one for the books, and its files in `dataDir`/postgres, all made the first time. It first ends
 * a server that a killed stack left running there. So the caller must have claimed the data directory
 * (`data-directory.ts`), or use it alone. Throws one sentence when the port is taken or the files cannot be
 * used.
 */
export async function startPostgres({ dataDir, port, durable = true }: PostgresOptions): Promise<Postgres> {
  const files = join(dataDir, 'postgres');
  const recordFile = join(dataDir, 'run', 'postgres.json');
  mkdirSync(dataDir, { recursive: true });
  await endRecordedProcess(recordFile, 'SIGINT', 10_000);
  if (!(await isFree(port))) throw new Error(`Port ${port} is taken, so PostgreSQL cannot listen there.`);

  const password = existsSync(files) ? storedPassword(dataDir) : createCluster(dataDir, files);
  requireUsable(files);
  dropStaleLock(files);

  const run = asOwner(ownerOf(files), 'postgres', files, ['-D', files, ...serverSettings(port, durable)]);
  const server = startProgram({
    ...run,
    name: 'PostgreSQL',
    logFile: join(dataDir, 'logs', 'postgres.log'),
    recordFile,
    stopSignal: 'SIGINT',
    stopWithinMs: 3_000,
  });
  const at = (user: string, secret: string, database: string): string =>
    `postgresql://${user}:${secret}@127.0.0.1:${port}/${database}`;
  const roles = {
    [programRole]: passwordOf('program', dataDir),
    [booksRole]: passwordOf('books', dataDir),
  };
  return answering(server, {
    ownersUrl: at('lipei', password, 'lipei'),
    programsUrl: at(programRole, roles[programRole], 'lipei'),
    booksUrl: at(booksRole, roles[booksRole], 'lipei'),
    starting: () => prepare(at('lipei', password, 'postgres'), roles),
  });
}

/** Memory for a laptop. Without a socket file the port and the password are the only way in. */
function serverSettings(port: number, durable: boolean): string[] {
  return Object.entries({
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    shared_buffers: '256MB',
    max_wal_size: '256MB',
    max_connections: 100,
    io_workers: 1,
    wal_level: 'minimal',
    max_wal_senders: 0,
    jit: 'off',
    random_page_cost: 1.1, // for SSDs: otherwise large lists are sorted instead of read in order
    timezone: 'UTC',
    log_timezone: 'UTC',
    fsync: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function answering(
  server: Child,
  {
    starting,
    ...urls
  }: Pick<Postgres, 'ownersUrl' | 'programsUrl' | 'booksUrl'> & { starting: () => Promise<void> },
): Promise<Postgres> {
  const gaveUp = await Promise.race([accepted(starting), server.ended]);
  if (gaveUp === undefined) return { ...urls, ended: server.ended, stop: server.stop };
  await server.stop();
  throw new Error(gaveUp);
}

/** Resolves with a sentence if it does not answer within a minute, enough to recover from a crash. */
async function accepted(starting: () => Promise<void>): Promise<string | undefined> {
  const until = Date.now() + 60_000;
  let last = '';
  while (Date.now() < until) {
    const error = await starting().then(() => undefined, String);
    if (error === undefined) return undefined;
    last = error;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  return `PostgreSQL did not answer within a minute: ${last}.`;
}

/** Makes the database and the roles where they are missing; the passwords of the roles are as given. */
async function prepare(url: string, roles: Record<string, string>): Promise<void> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    const { rows } = await client.query<{ database: boolean; roles: string[] }>(
      `SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'lipei') AS database,
         ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname = ANY($1)) AS roles`,
      [Object.keys(roles)],
    );
    const [known] = rows;
    for (const [name, password] of Object.entries(roles)) {
      const role = escapeIdentifier(name);
      if (!known?.roles.includes(name)) await client.query(`CREATE ROLE ${role} LOGIN`);
      await client.query(`ALTER ROLE ${role} PASSWORD ${escapeLiteral(password)}`);
    }
    if (!known?.database) await client.query('CREATE DATABASE lipei');
  } finally {
    await client.end().catch(() => undefined);
  }
}
