import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../config/env.ts';
import type { LocalStack } from '../support/local-stack.ts';

/** The workers' releases, as whoever runs the department's machines sees them. */
export function releases(stack: () => LocalStack): void {
  const release = (...words: string[]) =>
    promisify(execFile)(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(projectRoot, 'workers', 'release.ts'), ...words],
      { env: { ...process.env, TEMPORAL_ADDRESS: stack().addresses.temporalAddress } },
    );

  test('the local worker is a release, and the current one; it can be named again, and what nobody runs is refused', async () => {
    const { stdout } = await release();
    const [, name = ''] = /^current (\w{12}) {2}first seen /.exec(stdout) ?? [];
    expect(name).not.toBe('');
    expect((await release(name)).stdout).toBe(stdout);
    await expect(release('never-built')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No worker of version never-built asks for tasks'),
    });
  }, 90_000);
}
