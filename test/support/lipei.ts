import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { run } from '../../client/cli/run.ts';
import { environmentWith, projectRoot } from '../../config/env.ts';

export interface Ended {
  exitCode: number | null;
  out: string;
  err: string;
}

/** Runs bin/lipei as a person or a script does. */
export async function lipei(
  args: string[],
  {
    input = '',
    cwd = projectRoot,
    env = {},
  }: { input?: string; cwd?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const child = spawn(join(projectRoot, 'bin', 'lipei'), args, {
    cwd,
    env: environmentWith(env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined); // a command that is wrong ends without reading
  child.stdin.end(input);
  const [out, err, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { exitCode, out, err };
}

/**
 * The same within this process, for tables of mistakes: a process for each would be most of their time. One
 * at a time.
 */
export async function lipeiHere(args: string[]): Promise<Ended> {
  const written = { out: '', err: '' };
  const kept = { out: process.stdout.write, err: process.stderr.write };
  const into = (stream: 'out' | 'err') => (piece: string | Uint8Array) => {
    written[stream] += piece.toString();
    return true;
  };
  [process.stdout.write, process.stderr.write] = [into('out'), into('err')];
  try {
    return { exitCode: await run(args), ...written };
  } finally {
    [process.stdout.write, process.stderr.write] = [kept.out, kept.err];
  }
}

/**
 * The one value on standard output; throws if there is anything else, or if it is another one than was meant.
 */
export function valueOf(ended: Ended): unknown;
export function valueOf<T>(ended: Ended, as: z.ZodType<T>): T;
export function valueOf({ out }: Ended, as: z.ZodType = z.unknown()): unknown {
  return as.parse(JSON.parse(out));
}
