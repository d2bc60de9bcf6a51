import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { projectRoot } from '../../config/env.ts';
import { freePortBase } from '../../local/ports.ts';

export interface RunningStack {
  data: string;
  /** The line that `up --json` prints when all is ready. */
  ready: Record<string, unknown>;
  /** Ends it, and forgets its data. */
  stop(): Promise<void>;
}

/** `bin/lipei up` as a person or a script starts it, on ports and in a directory of its own. */
export async function runStack(...flags: string[]): Promise<RunningStack> {
  const data = mkdtempSync(join(tmpdir(), 'lipei-stack-'));
  const child = spawn(join(projectRoot, 'bin', 'lipei'), ['up', '--data', data, '--port-base', String(await freePortBase()), '--json', ...(flags.includes('--pack') ? [] : ['--pack', 'any-hour']), ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const said = text(child.stderr);
  const lines: string[] = [];
  const first = await new Promise<string | undefined>((resolve) => {
    const reader = createInterface({ input: child.stdout });
    reader.on('line', (line) => lines.push(line)).once('line', resolve).once('close', () => resolve(undefined));
  });
  if (first === undefined) throw new Error(`The stack did not start:\n${await said}`);
  return {
    data,
    ready: JSON.parse(first),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}
