import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';

/** The stack itself stops within fifteen seconds. */
const stopWithinMs = 20_000;

/**
 * Stops a stack that was started for a demonstration or a measurement, and deletes its data; also when that
 * is interrupted. The stack has its own process group, so Ctrl-C does not reach it.
 */
export function stopping(up: ChildProcess, data: string): () => Promise<void> {
  const ended = new Promise<void>((done) => up.once('exit', () => done()));
  const stop = async (): Promise<void> => {
    up.kill('SIGTERM');
    const force = setTimeout(() => up.kill('SIGKILL'), stopWithinMs);
    await ended;
    clearTimeout(force);
    rmSync(data, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stop().then(() => process.exit(130)));
  return stop;
}
