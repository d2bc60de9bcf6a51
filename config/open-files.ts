import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Nobody but the owner and the owner's group reads a secret, and nobody but the owner changes it. */
const forOthers = 0o027;
const writing = 0o022;

/** A sentence for each file of a secret key in the directory, or below it, that is open to others. */
export const openKeyFiles = (directory: string): string[] =>
  existsSync(directory)
    ? [
        ...openFolder(directory),
        ...readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
          const path = join(directory, entry.name);
          if (entry.isDirectory()) return openKeyFiles(path);
          return isSecret(entry.name) ? openFile(path) : [];
        }),
      ]
    : [];

/** Public keys and certificates are no secrets. */
const isSecret = (name: string): boolean => name.endsWith('.key') || name.endsWith('.private.pem');

/** One sentence when others may read or change the file; none when it is safe, or missing. */
export const openFile = (path: string): string[] =>
  modeOf(path) & forOthers ? [`${path} is open to others on this machine: chmod 600 ${path}`] : [];

const openFolder = (path: string): string[] =>
  modeOf(path) & writing ? [`Others on this machine may change what is in ${path}: chmod 700 ${path}`] : [];

const modeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
