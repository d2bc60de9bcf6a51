import { join } from 'node:path';
import { startNode } from './processes/child.ts';
import type { Setting } from './setting.ts';
import type { Stack } from './stack.ts';

/**
 * Without a limit glibc keeps memory for each of the engine's threads: half as much again with a thousand
 * open claims.
 */
const fewArenas = { MALLOC_ARENA_MAX: '2' };

export function startWorker(stack: Stack, setting: Setting) {
  const { settings, ...process } = processOf(setting, 'worker');
  return stack.add(
    'lipei',
    'Worker',
    startNode({
      ...process,
      settings: { ...settings, ...fewArenas, LIPEI_AUTO_VERSION: 'true' },
      name: 'The worker',
      script: 'workers/main.ts',
      nodeFlags: ['--max-old-space-size=512'],
    }),
  );
}

export function startApi(stack: Stack, setting: Setting) {
  return stack.add(
    'lipei',
    `API on port ${setting.ports.api}`,
    startNode({
      ...processOf(setting, 'api'),
      name: 'The API',
      script: 'client/api/main.ts',
      nodeFlags: ['--max-old-space-size=256'],
    }),
  );
}

function processOf({ dataDir, settings }: Setting, name: string) {
  return {
    settings,
    logFile: join(dataDir, 'logs', `${name}.log`),
    recordFile: join(dataDir, 'run', `${name}.json`),
    stopWithinMs: 7_000,
  };
}
