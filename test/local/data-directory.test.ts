import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimDataDirectory, stackFile, writeStackFile } from '../../local/processes/data-directory.ts';
import { recordProcess } from '../../local/processes/process-record.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const stack = {
  pid: 1,
  api: '',
  temporalUi: null,
  temporalAddress: '',
  mail: null,
  sms: null,
  bank: null,
  databaseUrl: '',
};

test('a second stack on the same data directory is refused until the first has ended', async () => {
  const dataDir = temporaryDirectory();
  const release = await claimDataDirectory(dataDir);
  writeStackFile(dataDir, stack);
  await expect(claimDataDirectory(dataDir)).rejects.toThrow(
    `Lipei already runs on ${dataDir} (process ${process.pid}): ` +
      'stop it first, or choose another directory with --data.',
  );
  release();
  expect(existsSync(stackFile(dataDir))).toBe(false);
  (await claimDataDirectory(dataDir))();
});

test('nobody else may look into the data directory', async () => {
  const dataDir = temporaryDirectory();
  (await claimDataDirectory(dataDir))();
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
});

test('a lock whose process id now belongs to somebody else does not hold', async () => {
  const dataDir = temporaryDirectory();
  writeFileSync(
    join(inRun(dataDir), 'stack.lock'),
    JSON.stringify({ pid: process.pid, startedAt: 'another time' }),
  );
  (await claimDataDirectory(dataDir))();
});

test('what a killed stack left running is ended, and what only has its process id is not', async () => {
  const dataDir = temporaryDirectory();
  const [left, stranger] = [spawn('sleep', ['60']), spawn('sleep', ['60'])];
  recordProcess(join(inRun(dataDir), 'worker.json'), left.pid ?? 0);
  writeFileSync(
    join(inRun(dataDir), 'api.json'),
    JSON.stringify({ pid: stranger.pid, startedAt: 'another time' }),
  );
  const ended = new Promise((resolve) => left.once('exit', (_, signal) => resolve(signal)));

  (await claimDataDirectory(dataDir))();
  expect(await ended).toBe('SIGTERM');
  expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
  stranger.kill();
});

function inRun(dataDir: string): string {
  mkdirSync(join(dataDir, 'run'), { recursive: true });
  return join(dataDir, 'run');
}
