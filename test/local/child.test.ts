import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../config/env.ts';
import { startNode, startProgram } from '../../local/processes/child.ts';
import { recordedProcess } from '../../local/processes/process-record.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('a program that ends by itself says how, why and where to read on', async () => {
  const program = programIn(temporaryDirectory());
  const child = startProgram({
    ...program,
    command: 'sh',
    args: ['-c', 'echo "FATAL: no space left"; echo "    at somewhere"; exit 3'],
  });
  expect(await child.ended).toBe(
    `The program ended (exit code 3, FATAL: no space left); see ${program.logFile}.`,
  );
});

test('a program that is not there is said so', async () => {
  const child = startProgram({ ...programIn(temporaryDirectory()), command: '/nowhere/program', args: [] });
  expect(await child.ended).toBe('The program could not be started: spawn /nowhere/program ENOENT.');
});

test('what does not stop in time is killed, and is remembered no more', async () => {
  const program = programIn(temporaryDirectory());
  const child = startProgram({
    ...program,
    command: 'sh',
    args: ['-c', 'trap "" TERM; echo ready; while :; do sleep 0.1; done'],
    stopWithinMs: 200,
  });
  await until(() => existsSync(program.logFile) && readFileSync(program.logFile, 'utf8').includes('ready'));
  expect(recordedProcess(program.recordFile)).toBe(child.pid);
  await child.stop();
  expect(await child.ended).toMatch(/^The program ended \(SIGKILL\)/);
  expect(existsSync(program.recordFile)).toBe(false);
});

test('one of our own programs counts as started when it says that it is ready', async () => {
  const script = scriptIn(
    temporaryDirectory(),
    'process.send({ ready: true }); setInterval(() => {}, 1000);',
  );
  const child = await startNode({ ...programIn(temporaryDirectory()), script });
  await child.stop();
  expect(await child.ended).toMatch(/^The program ended \(SIGTERM\)/);
});

test('one of our own programs that ends before it is ready fails the start with its reason', async () => {
  const script = scriptIn(
    temporaryDirectory(),
    'console.error("Error: LIPEI_PACE names no pace"); process.exit(1);',
  );
  await expect(startNode({ ...programIn(temporaryDirectory()), script })).rejects.toThrow(
    /^The program ended \(exit code 1, Error: LIPEI_PACE names no pace\); see .+\.log\.$/,
  );
});

test('nothing outlives the process that started it, even one that is killed', async () => {
  const home = temporaryDirectory();
  const modulePath = join(projectRoot, 'local/processes/child.ts');
  const native = {
    ...programIn(home),
    recordFile: join(home, 'native'),
    command: 'sleep',
    args: ['60'],
  };
  const node = {
    ...programIn(home),
    recordFile: join(home, 'node'),
    script: scriptIn(home, 'process.send({ ready: true }); setInterval(() => {}, 1000);'),
  };
  const code = `
    const { startNode, startProgram } = await import(${JSON.stringify(modulePath)});
    startProgram(${JSON.stringify(native)});
    await startNode(${JSON.stringify(node)});
    process.send('started');
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await new Promise((started) => parent.once('message', started));
  expect([recordedProcess(join(home, 'native')), recordedProcess(join(home, 'node'))]).toEqual([
    expect.any(Number),
    expect.any(Number),
  ]);
  parent.kill('SIGKILL');
  await until(
    () =>
      recordedProcess(join(home, 'native')) === undefined &&
      recordedProcess(join(home, 'node')) === undefined,
  );
});

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error('It did not come to be so within 5 seconds.');
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

function programIn(home: string) {
  return { name: 'The program', logFile: join(home, 'program.log'), recordFile: join(home, 'program.json') };
}

function scriptIn(home: string, text: string): string {
  const file = join(home, 'script.mjs');
  writeFileSync(file, text);
  return file;
}
