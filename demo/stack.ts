import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { localPeople, notRunning, runningStack, type StackFile } from '../client/cli/connection.ts';
import { projectRoot } from '../config/env.ts';
import { stopping } from '../local/processes/passing-stack.ts';
import { freePortBase } from '../local/processes/ports.ts';
import type { Narration } from './narration.ts';

export interface DemoStack {
  addresses: StackFile;
  /** Tokens by staff code. */
  tokens: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * The running stack of the given data directory; else a new stack with its own directory and free ports.
 * Throws a sentence.
 */
export async function stackFor(data: string | undefined, narration: Narration): Promise<DemoStack> {
  if (data === undefined) return ownStack(narration);
  const given = { data: resolve(data) };
  const addresses = runningStack(given);
  if (!addresses) throw new Error(notRunning(given));
  return { addresses, tokens: localPeople(given).tokens, stop: async () => undefined };
}

async function ownStack(narration: Narration): Promise<DemoStack> {
  const data = mkdtempSync(join(tmpdir(), 'lipei-demo-'));
  const port = await freePortBase();
  narration.say('', `Starting Lipei on ports from ${port} with the demo rules.`);
  const up = spawn(
    join(projectRoot, 'bin', 'lipei'),
    ['up', '--data', data, '--port-base', String(port), '--pace', 'demo', '--no-samples', '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'], detached: true },
  );
  const stop = stopping(up, data);
  const addresses = (await isReady(up)) ? runningStack({ data }) : undefined;
  if (addresses) return { addresses, tokens: localPeople({ data }).tokens, stop };
  await stop();
  throw new Error('Lipei did not start. The reason is above.');
}

/** True when the stack has printed that it is ready; false when it ended before. */
function isReady(up: ChildProcess): Promise<boolean> {
  return new Promise((answer) => {
    up.once('exit', () => answer(false));
    if (up.stdout)
      createInterface({ input: up.stdout }).once('line', (line) => answer(line.includes('"ready":true')));
  });
}
