import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf } from '../processes/process-record.ts';
import { asOwner, newOwner, type Owner } from './postgres-owner.ts';

const major = '18';

/**
 * Makes PostgreSQL's files and gives the password. They are made beside their place and then moved there, so
 * an interruption leaves nothing that looks like a cluster.
 */
export function createCluster(dataDir: string, files: string): string {
  const password = randomBytes(18).toString('base64url');
  const fresh = `${files}.new`;
  const passwordFile = `${files}.new-password`;
  const owner = newOwner();
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner) for (const path of [fresh, passwordFile]) chownSync(path, owner.uid, owner.gid);
  try {
    initialise(fresh, passwordFile, owner);
  } catch (error) {
    throw new Error(`PostgreSQL could not set up its files in ${dataDir}: ${outputOf(error)}.`, {
      cause: error,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  writeFileSync(join(dataDir, 'postgres-password'), password, { mode: 0o600 });
  renameSync(fresh, files);
  return password;
}

/** The password of the programs' role, made the first time. */
export function passwordOf(role: 'program' | 'books', dataDir: string): string {
  const file = join(dataDir, `postgres-${role}-password`);
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

/** The address of the tables' owner, beside that of the programs, of a stack with this data directory. */
export function ownersUrlBeside(programsUrl: string, dataDir: string): string {
  const url = new URL(programsUrl);
  [url.username, url.password] = ['lipei', storedPassword(dataDir)];
  return url.href;
}

/** PostgreSQL's own C.UTF-8 sorts and compares alike on every system, whatever its libraries. */
function initialise(files: string, passwordFile: string, owner: Owner | undefined): void {
  const initdb = asOwner(owner, 'initdb', files, [
    `--pgdata=${files}`,
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
  execFileSync(initdb.command, initdb.args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    ...initdb.owner,
  });
}

function outputOf(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
  return text.split('\n').find((line) => /error|fatal/i.test(line)) ?? text.slice(0, 300);
}

/** The password that `createCluster` stored. Throws a sentence when its file is missing. */
export function storedPassword(dataDir: string): string {
  const file = join(dataDir, 'postgres-password');
  if (!existsSync(file))
    throw new Error(
      `${file} is missing, so the records in ${dataDir} cannot be opened: ` +
        'restore it, or choose another data directory.',
    );
  return readFileSync(file, 'utf8');
}

/** Throws a sentence when another major version of PostgreSQL made the files. */
export function requireUsable(files: string): void {
  const version = readFileSync(join(files, 'PG_VERSION'), 'utf8').trim();
  if (version !== major)
    throw new Error(
      `${files} was made by PostgreSQL ${version} and this is ${major}: ` +
        'move the records over with pg_dump, or choose another data directory.',
    );
}

/**
 * The server does not start while its lock names a living process. After a crash any process may have that
 * id, and the lock is removed. Throws a sentence when it is a PostgreSQL that somebody started there by hand.
 */
export function dropStaleLock(files: string): void {
  const lock = join(files, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  if (commandOf(pid)?.split(' ')[0]?.endsWith('postgres'))
    throw new Error(`A PostgreSQL that Lipei did not start (process ${pid}) uses ${files}: end it first.`);
  rmSync(lock, { force: true });
}
