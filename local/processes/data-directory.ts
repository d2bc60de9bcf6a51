import { chmodSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endRecordedProcess, recordedProcess, recordProcess } from './process-record.ts';

/** `dataDir`/stack.json, which a running stack writes for the command line. */
export type StackFile = {
  pid: number;
  api: string;
  temporalUi: string | null;
  temporalAddress: string;
  mail: string | null;
  sms: string | null;
  bank: string | null;
  databaseUrl: string;
};

/**
 * Claims the data directory until the returned function is called. It has keys and personal data, so other
 * users get no access. Programs that a killed stack left running in it are ended. Throws a sentence if a
 * stack runs there.
 */
export async function claimDataDirectory(dataDir: string): Promise<() => void> {
  makeOurs(dataDir);
  const lock = join(dataDir, 'run', 'stack.lock');
  claim(lock, dataDir);
  await Promise.all(leftBehind(dataDir).map((file) => endRecordedProcess(file, signalFor(file), 10_000)));
  return () => {
    for (const file of [stackFile(dataDir), lock]) rmSync(file, { force: true });
  };
}

function makeOurs(dataDir: string): void {
  try {
    mkdirSync(join(dataDir, 'run'), { recursive: true });
    chmodSync(dataDir, 0o700);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${dataDir} cannot be the data directory (${reason}): choose one that you may write to with --data.`,
      { cause: error },
    );
  }
}

export function writeStackFile(dataDir: string, stack: StackFile): void {
  writeFileSync(stackFile(dataDir), `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });
}

export function stackFile(dataDir: string): string {
  return join(dataDir, 'stack.json');
}

/**
 * A hard link appears in one step with its content, and only if there is none. So of two starts at once one
 * wins.
 */
function claim(lock: string, dataDir: string): void {
  const holder = recordedProcess(lock);
  if (holder !== undefined)
    throw new Error(
      `Lipei already runs on ${dataDir} (process ${holder}): ` +
        'stop it first, or choose another directory with --data.',
    );
  const own = `${lock}.${process.pid}`;
  recordProcess(own, process.pid);
  rmSync(lock, { force: true });
  try {
    linkSync(own, lock);
  } catch (error) {
    throw new Error(`Lipei is being started on ${dataDir} by somebody else at this moment.`, {
      cause: error,
    });
  } finally {
    rmSync(own, { force: true });
  }
}

function leftBehind(dataDir: string): string[] {
  const run = join(dataDir, 'run');
  return existsSync(run)
    ? readdirSync(run)
        .filter((name) => name.endsWith('.json'))
        .map((name) => join(run, name))
    : [];
}

/** On SIGTERM PostgreSQL waits for its clients; on SIGINT it disconnects them. */
function signalFor(recordFile: string): NodeJS.Signals {
  return recordFile.endsWith('postgres.json') ? 'SIGINT' : 'SIGTERM';
}
