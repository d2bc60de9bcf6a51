import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { environmentWith, projectRoot } from '../../config/env.ts';

export interface Ended {
  exitCode: number | null;
  out: string;
  err: string;
}

/** Runs bin/lipei as a person or a script does. */
export async function lipei(args: string[], { input = '', cwd = projectRoot, env = {} }: { input?: string; cwd?: string; env?: Record<string, string> } = {}): Promise<Ended> {
  const child = spawn(join(projectRoot, 'bin', 'lipei'), args, { cwd, env: environmentWith(env), stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const [out, err, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), new Promise<number | null>((resolve) => child.once('close', resolve))]);
  return { exitCode, out, err };
}

/** The one value on standard output; throws if there is anything else. */
export const valueOf = ({ out }: Ended): unknown => JSON.parse(out);
