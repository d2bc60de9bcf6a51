import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { environmentWith, projectRoot } from '../../config/env.ts';
import { recordProcess } from './process-record.ts';

export type Program = {
  /** For people: 'PostgreSQL', 'The worker'. */
  name: string;
  command: string;
  args: readonly string[];
  settings?: Record<string, string>;
  logFile: string;
  /** For `process-record.ts`: if this stack cannot end the program, the next start does. */
  recordFile: string;
  stopSignal?: NodeJS.Signals;
  /** How long it may take to stop before SIGKILL. */
  stopWithinMs?: number;
  owner?: { uid: number; gid: number };
};

export type NodeProgram = Omit<Program, 'command' | 'args'> & {
  script: string;
  args?: readonly string[];
  nodeFlags?: readonly string[];
};

export type Child = {
  pid: number;
  /** Resolves when the process has ended, for any reason, with a sentence that says how and names its log. */
  ended: Promise<string>;
  stop(): Promise<void>;
};

const readyWithinMs = 60_000;

/**
 * Starts a program that is not ours, such as a database. It leads its own process group, so Ctrl-C reaches
 * only the stack, which then stops everything in order. A leash ends it if the stack is killed.
 */
export function startProgram(program: Program): Child {
  const child = started(program, 'ignore').child;
  if (child.pid > 0) leash(child, program.stopSignal ?? 'SIGTERM');
  return child;
}

/**
 * Starts one of our own programs under this Node. Resolves when it has sent `{ready: true}` to its parent.
 * Rejects with a sentence if it ends before, or takes longer than a minute.
 */
export async function startNode({
  script,
  args = [],
  nodeFlags = [],
  ...program
}: NodeProgram): Promise<Child> {
  const preloaded = join(import.meta.dirname, 'leash.ts');
  const all = [
    ...nodeFlags,
    '--disable-warning=ExperimentalWarning',
    '--import',
    preloaded,
    isAbsolute(script) ? script : join(projectRoot, script),
    ...args,
  ];
  const { child, process } = started({ ...program, command: globalThis.process.execPath, args: all }, 'ipc');
  const how = await Promise.race([sentReady(process), child.ended, tooLate(program)]);
  if (how === undefined) return child;
  await child.stop();
  throw new Error(how);
}

function started(program: Program, channel: 'ignore' | 'ipc'): { child: Child; process: ChildProcess } {
  const {
    name,
    command,
    args,
    settings = {},
    logFile,
    recordFile,
    stopSignal = 'SIGTERM',
    stopWithinMs = 8_000,
    owner,
  } = program;
  const alreadyThere = existsSync(logFile) ? statSync(logFile).size : 0;
  const log = openLog(logFile);
  const process = spawn(command, args, {
    cwd: projectRoot,
    env: environmentWith(settings),
    detached: true,
    stdio: ['ignore', log, log, channel],
    ...owner,
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    process.once('error', (error) => resolve(`${name} could not be started: ${error.message}.`));
    process.once('exit', (code, signal) =>
      resolve(
        `${name} ended (${signal ?? `exit code ${code}${why(logFile, alreadyThere)}`}); see ${logFile}.`,
      ),
    );
  });
  if (process.pid !== undefined) remember(recordFile, process.pid);
  return {
    process,
    child: {
      pid: process.pid ?? 0,
      ended,
      stop: () => stop(process, ended, { recordFile, stopSignal, stopWithinMs }),
    },
  };
}

function openLog(logFile: string): number {
  mkdirSync(dirname(logFile), { recursive: true });
  return openSync(logFile, 'a', 0o600);
}

function remember(recordFile: string, pid: number): void {
  mkdirSync(dirname(recordFile), { recursive: true });
  recordProcess(recordFile, pid);
}

async function stop(
  process: ChildProcess,
  ended: Promise<string>,
  {
    recordFile,
    stopSignal,
    stopWithinMs,
  }: { recordFile: string; stopSignal: NodeJS.Signals; stopWithinMs: number },
): Promise<void> {
  process.kill(stopSignal);
  const force = setTimeout(() => process.kill('SIGKILL'), stopWithinMs);
  await ended;
  clearTimeout(force);
  rmSync(recordFile, { force: true });
}

/**
 * A shell that waits for its input to close, and then ends the program. The kernel closes the input when this
 * process ends.
 */
function leash(child: Child, signal: NodeJS.Signals): void {
  const shell = spawn('sh', ['-c', `read -r _; kill -${signal.replace('SIG', '')} ${child.pid}`], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.once('error', () => undefined);
  shell.unref();
  void child.ended.then(() => shell.kill('SIGKILL'));
}

function sentReady(process: ChildProcess): Promise<undefined> {
  return new Promise((resolve) => {
    process.on('message', (message) => {
      if (typeof message === 'object' && 'ready' in message && message.ready === true) resolve(undefined);
    });
  });
}

function tooLate({ name, logFile }: { name: string; logFile: string }): Promise<string> {
  return new Promise((resolve) => {
    setTimeout(
      () => resolve(`${name} was not ready after ${readyWithinMs / 1_000} seconds; see ${logFile}.`),
      readyWithinMs,
    ).unref();
  });
}

/** The last line that looks like a reason, in the part of the log since this start. */
function why(logFile: string, from: number): string {
  if (!existsSync(logFile)) return '';
  const lines = readFileSync(logFile)
    .subarray(from)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .filter((line) => !/^\s*at /.test(line))
    .slice(-40);
  const reason = lines.findLast((line) => /error|fatal|panic/i.test(line)) ?? lines.at(-1);
  return reason ? `, ${reason.trim().slice(0, 300)}` : '';
}
